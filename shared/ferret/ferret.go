// Package ferret is a MongoDB-compatible server inside this process: FerretDB on SQLite files in a folder, for laptops and for tests.
//
// It speaks MongoDB's wire protocol on a socket, so the real driver serves laptop and production. What it lacks next to MongoDB is
// listed in package store, the only user of it. It sends no telemetry and writes to no log but the one it is given.
package ferret

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// Server is a server that listens. The zero Server is none.
type Server struct {
	uri  string
	stop context.CancelFunc
	done chan struct{}
}

// starting guards what FerretDB keeps in variables of its own packages while a server is made.
var starting sync.Mutex

// Start listens on addr (port 0: a free one) and keeps its files in dir, which is made if it is missing.
// Only warnings and errors reach the log. The caller must Close the server.
func Start(dir, addr string, log *slog.Logger) (*Server, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("start FerretDB: %w", err)
	}
	if strings.ContainsAny(dir, "?#%") { // FerretDB would cut the name there and write elsewhere
		return nil, fmt.Errorf("start FerretDB: data folder %s: choose one without ?, # and %% in its name", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("start FerretDB: make its data folder: %w; choose a folder that you may write to", err)
	}
	if err := writable(dir); err != nil {
		return nil, err
	}
	if err := free(addr); err != nil {
		return nil, fmt.Errorf("start FerretDB on %s: %w", addr, err)
	}
	if err := repair(dir, log); err != nil {
		return nil, fmt.Errorf("start FerretDB: %w", err)
	}
	f, err := open(dir, addr, log)
	if err != nil {
		return nil, fmt.Errorf("start FerretDB on %s with data in %s: %w", addr, dir, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{uri: f.MongoDBURI(), stop: stop, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		if err := f.Run(ctx); err != nil {
			log.Error("ferretdb ended", "err", err)
		}
	}()
	return s, nil
}

func open(dir, addr string, log *slog.Logger) (*ferretdb.FerretDB, error) {
	starting.Lock()
	defer starting.Unlock()
	return ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: addr},
		Logger:    slog.New(quiet{log.Handler()}),
		Handler:   "sqlite",
		SQLiteURL: (&url.URL{Scheme: "file", Path: dir + "/"}).String(),
	})
}

// free refuses an address that cannot be listened on. FerretDB notices only when it has opened its files, does not close them, and ends
// the process at the next garbage collection.
func free(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return l.Close()
}

// writable refuses a folder in which SQLite could not make files: FerretDB itself notices only at the first write.
func writable(dir string) error {
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("start FerretDB: write to its data folder: %w; choose a folder that you may write to", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// URI is the address as a MongoDB driver takes it.
func (s *Server) URI() string { return s.uri }

// Close stops listening, ends the connections and closes the files. Disconnect clients first: those that stay are given some seconds.
func (s *Server) Close() {
	s.stop()
	<-s.done
}
