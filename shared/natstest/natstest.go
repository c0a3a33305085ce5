// Package natstest starts a real nats-server with JetStream inside a test: a few milliseconds, files in the test's own folder.
package natstest

import (
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"antiraid/shared/bus"
)

// Start runs a server on a free port of 127.0.0.1 until the test ends, and returns its address.
func Start(t testing.TB) string {
	t.Helper()
	return Run(t, t.TempDir(), -1).ClientURL()
}

// Run starts a server on a folder and a port (-1: a free one), for tests that stop and start it.
func Run(t testing.TB, dir string, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true,
		JetStreamMaxMemory: 256 << 20, JetStreamMaxStore: 16 << 30,
	})
	if err != nil {
		t.Fatalf("make a nats-server: %v", err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("nats-server was not ready within 10 s")
	}
	return s
}

// Connect returns a connection to the server at url, closed when the test ends.
func Connect(t testing.TB, url string) *bus.Bus {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	b, err := bus.Connect(t.Context(), bus.Config{URL: url, Name: t.Name()}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
