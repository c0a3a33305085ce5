package lease_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"antiraid/shared/lease"
	"antiraid/shared/natstest"
)

func TestAnEvictedMembersSlicesAreFreeAtOnce(t *testing.T) {
	url := natstest.Start(t)
	gone := natstest.Connect(t, url)
	first, err := lease.New(lease.Config{Group: "executor", Slices: 4, Member: "first", TTL: 30 * time.Second}, gone, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	held := make(chan int, 16)
	hold := func(ctx context.Context, h *lease.Holding) error {
		held <- h.Slice()
		<-ctx.Done()
		return nil
	}
	go first.Run(t.Context(), hold)
	for range 4 {
		<-held
	}
	gone.Close() // as if its process had ended: its record lives for 30 s

	b := natstest.Connect(t, url)
	second, err := lease.New(lease.Config{Group: "executor", Slices: 4, Member: "second"}, b, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- second.Run(ctx, hold) }()
	if err := lease.Evict(t.Context(), b, "executor", "nobody"); err != nil {
		t.Fatal(err)
	}
	if err := lease.Evict(t.Context(), b, "executor", "first"); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		select {
		case <-held:
		case <-time.After(10 * time.Second):
			t.Fatal("the evicted member's slices were not taken over")
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
