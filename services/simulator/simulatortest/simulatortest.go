// Package simulatortest starts a simulator for a test.
package simulatortest

import (
	"context"
	"log/slog"
	"testing"

	"antiraid/services/simulator"
)

// Start runs a simulator on a free port of 127.0.0.1 until the test ends.
func Start(t testing.TB, cfg simulator.Config) *simulator.Simulator {
	t.Helper()
	s, err := simulator.New(cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("simulator: %v", err)
		}
	})
	select {
	case <-s.Ready():
	case err := <-done:
		done <- nil
		t.Fatal(err)
	}
	return s
}
