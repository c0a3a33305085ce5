package lease_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"antiraid/shared/lease"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// TestAServerOfAClusterGoesAway: the members stay or come back, and who takes a slice over finds what was committed.
func TestAServerOfAClusterGoesAway(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	type held struct {
		member   string
		slice    int
		position string
	}
	begun := make(chan held, 1024)
	member := func(name string, replicas int) (stop func()) {
		b := natstest.ConnectReplicas(t, natstest.URL(servers), replicas)
		m, err := lease.New(lease.Config{Group: "test", Slices: 4, Member: name}, b, log)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- m.Run(ctx, func(ctx context.Context, h *lease.Holding) error {
				position := string(h.Position())
				if err := h.Commit(ctx, json.RawMessage(`"`+name+`"`)); err != nil {
					return err
				}
				begun <- held{name, h.Slice(), position}
				<-ctx.Done()
				return nil
			})
		}()
		return func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	await := func(name string, ok func(held) bool) {
		t.Helper()
		slices := map[int]bool{}
		for end := time.After(30 * time.Second); len(slices) < 4; {
			select {
			case h := <-begun:
				if h.member == name && ok(h) {
					slices[h.slice] = true
				}
			case <-end:
				t.Fatalf("%s was handed %v of 4 slices", name, slices)
			}
		}
	}
	alone := member("a", 1) // makes the bucket, with one replica
	await("a", func(held) bool { return true })
	alone()
	stop := member("a", 3)
	await("a", func(h held) bool { return h.position == `"a"` })
	leader := natstest.AwaitCopies(t, natstest.Connect(t, natstest.URL(servers)), "KV_"+subject.Leases, 3)
	for _, s := range servers {
		if s.Name() == leader {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
	t.Logf("%s, which led, is gone", leader)
	stop()
	successor := member("b", 3)
	await("b", func(h held) bool { return h.position == `"a"` || h.position == `"b"` })
	successor()
}
