// Package storetest opens a real store inside a test: the MongoDB driver on FerretDB in process, files in the test's own folder.
package storetest

import (
	"log/slog"
	"testing"

	"antiraid/shared/ferret"
	"antiraid/shared/store"
)

// Start runs a server on a free port of 127.0.0.1 until the test ends, and returns its URI.
func Start(t testing.TB) string {
	t.Helper()
	s, err := ferret.Start(t.TempDir(), "127.0.0.1:0", Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s.URI()
}

// Open connects to the server at uri until the test ends.
func Open(t testing.TB, uri string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URI: uri}, Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Log writes to the test's output.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}
