package ferret_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"antiraid/shared/bundle"
	"antiraid/shared/ferret"
	"antiraid/shared/store"
	"antiraid/shared/tenant"
)

// works writes a tenant's first version twice: once it is stored, once it is refused.
func works(ctx context.Context, dir, owner string) error {
	log := slog.New(slog.DiscardHandler)
	server, err := ferret.Start(dir, "127.0.0.1:0", log)
	if err != nil {
		return err
	}
	defer server.Close()
	s, err := store.Open(ctx, store.Config{URI: server.URI()}, log)
	if err != nil {
		return err
	}
	defer s.Close()
	g, err := tenant.Parse(owner)
	if err != nil {
		return err
	}
	v := store.Version{Bundle: bundle.Bundle{Schema: bundle.Schema, Tenant: g, Version: 1, Status: bundle.Active}, Change: store.Change{ID: "a", Kind: store.Deploy}}
	if err := errors.Join(s.Register(ctx, g), s.AddPending(ctx, g, 1), s.Commit(ctx, v)); err != nil {
		return err
	}
	v.Change.ID = "b"
	if err := s.Commit(ctx, v); !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("a second version 1 gave %v", err)
	}
	return nil
}

func TestWhatWasNeverFinishedIsMadeAgain(t *testing.T) {
	whole := t.TempDir()
	if err := works(t.Context(), whole, "g-1"); err != nil {
		t.Fatal(err)
	}
	for name, statements := range map[string][]string{
		"an empty file":              nil,
		"a catalog":                  {"catalog"},
		"a table":                    {"catalog", "table"},
		"a table that is named":      {"catalog", "table", "row"},
		"an index that is not noted": {"catalog", "table", "row", "index"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			broken(t, filepath.Join(whole, "antiraid.sqlite"), filepath.Join(dir, "antiraid.sqlite"), statements)
			for _, owner := range []string{"g-7", "g-8"} { // again, after a second start
				if err := works(t.Context(), dir, owner); err != nil {
					t.Errorf("%s: %v", owner, err)
				}
			}
		})
	}
	if err := works(t.Context(), whole, "g-2"); err != nil {
		t.Errorf("what was whole: %v", err)
	}
}

// broken makes a database as far as some statements of a whole one lead.
func broken(t *testing.T, whole, file string, statements []string) {
	t.Helper()
	from, to := open(t, whole), open(t, file)
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := to.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	text := func(query string) (s string) {
		t.Helper()
		if err := from.QueryRow(query).Scan(&s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	exec("PRAGMA journal_mode = wal")
	for _, s := range statements {
		switch s {
		case "catalog":
			exec(text(`SELECT sql FROM sqlite_master WHERE name = '_ferretdb_collections'`))
		case "table":
			exec(text(`SELECT sql FROM sqlite_master WHERE type = 'table' AND name LIKE 'versions%'`))
		case "row":
			exec(`INSERT INTO _ferretdb_collections (name, table_name, settings) VALUES ('versions', ?, '{}')`, text(`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'versions%'`))
		case "index":
			exec(text(`SELECT sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'versions%'`))
		}
	}
}

func open(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestAStrangersDatabaseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "theirs.sqlite"))
	if _, err := db.Exec("CREATE TABLE precious (x)"); err != nil {
		t.Fatal(err)
	}
	if _, err := ferret.Start(dir, "127.0.0.1:0", slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "theirs.sqlite: it is not a database of FerretDB") {
		t.Errorf("got %v", err)
	}
	if _, err := db.Exec("INSERT INTO precious VALUES (1)"); err != nil {
		t.Error(err)
	}
}

const victimVariable = "FERRET_TEST_VICTIM"

// TestMain lets the test program be a process that is killed as well.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimVariable); dir != "" {
		fmt.Println("begins")
		if err := works(context.Background(), dir, "g-1"); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		select {} // until it is killed
	}
	os.Exit(m.Run())
}

func TestAKillAtAnyMomentLeavesAFolderThatWorks(t *testing.T) {
	for after := time.Duration(0); after < 60*time.Millisecond; after += 5 * time.Millisecond {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimVariable+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 16)); err != nil {
			t.Fatal(err)
		}
		<-time.After(after)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if err := works(t.Context(), dir, "g-2"); err != nil {
			t.Errorf("killed after %s: %v", after, err)
		}
	}
}
