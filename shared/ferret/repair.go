package ferret

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // FerretDB's own driver
)

// catalog is where FerretDB keeps which table is which collection (FerretDB 1.24, internal/backends/sqlite/metadata).
const catalog = "_ferretdb_collections"

// repair finishes what a process that died while it made a database or a collection left behind. FerretDB makes them in several steps
// without a transaction, and does not find its way back: it would refuse the collection for ever, or use it without its unique index.
// A collection that is not complete has never been written to; what has rows is left alone.
func repair(dir string, log *slog.Logger) error {
	files, err := filepath.Glob(filepath.Join(escape(dir), "*.sqlite"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := repairFile(file, log); err != nil {
			return fmt.Errorf("repair %s: %w", file, err)
		}
	}
	return nil
}

// escape keeps a folder's name from being a pattern.
func escape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `[`, `\[`).Replace(dir)
}

func repairFile(file string, log *slog.Logger) (err error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tables, err := names(db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		return err
	}
	if !slices.Contains(tables, catalog) {
		if len(tables) > 0 {
			return errors.New("it is not a database of FerretDB; choose another data folder")
		}
		return remove(file, log)
	}
	complete, err := names(db, `SELECT table_name FROM `+catalog+` WHERE settings LIKE '%"unique":true%'`)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if table == catalog || slices.Contains(complete, table) {
			continue
		}
		if err := drop(db, table, log); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a file that holds nothing, with SQLite's files beside it.
func remove(file string, log *slog.Logger) error {
	log.Info("database was never finished and is made again", "file", file)
	for _, name := range []string{file + "-wal", file + "-shm", file + "-journal", file} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// drop removes a collection that was never finished.
func drop(db *sql.DB, table string, log *slog.Logger) error {
	quoted := `"` + strings.ReplaceAll(table, `"`, `""`) + `"`
	var rows int
	if err := db.QueryRow(`SELECT count(*) FROM ` + quoted).Scan(&rows); err != nil {
		return err
	}
	if rows > 0 {
		return fmt.Errorf("table %s has %d rows and no unique index; restore the folder from a backup", table, rows)
	}
	log.Info("collection was never finished and is made again", "table", table)
	if _, err := db.Exec(`DELETE FROM `+catalog+` WHERE table_name = ?`, table); err != nil {
		return err
	}
	_, err := db.Exec(`DROP TABLE ` + quoted)
	return err
}

func names(db *sql.DB, query string) (list []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
