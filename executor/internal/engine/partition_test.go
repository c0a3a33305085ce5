package engine

import (
	"context"
	"log/slog"
	"testing"

	"antiraid/executor/internal/lane"
	"antiraid/executor/internal/library"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

func TestCommitsBehindAParkedLaneAreNotTakenForApplied(t *testing.T) {
	p := &partition{start: position{Position: lane.Position{Seq: 1000, Parked: map[string]uint64{"g-7": 505, "g-8!": 701, "g-9": 11, "g-9!": 6}}}}
	for n, want := range map[uint64]uint64{6: 1000, 7: 504, 8: 700, 9: 5} {
		id, err := tenant.New(tenant.Guild, n)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.applied(id); got != want {
			t.Errorf("%s: commits up to %d are taken for applied, want %d", id, got, want)
		}
	}
}

// TestAnEventThatNobodyWantsAllocatesNothing is the path of nearly every event.
func TestAnEventThatNobodyWantsAllocatesNothing(t *testing.T) {
	p := reader(t)
	id, err := tenant.New(tenant.Guild, 123456789012345678)
	if err != nil {
		t.Fatal(err)
	}
	m := &bus.Message{Subject: subject.Event(id, "MESSAGE_CREATE"), Header: map[string][]string{"Nats-Msg-Id": {"0.abc.7"}}, Data: []byte(`{}`)}
	allocs := testing.AllocsPerRun(100, func() {
		m.Seq++
		if !p.offer(m) {
			t.Fatal("the event was refused")
		}
	})
	if at := p.lanes.Position(); allocs > 0 || at.Seq != m.Seq {
		t.Errorf("%v allocations an event, at %+v of %d", allocs, at, m.Seq)
	}
}

// TestAnEventIsPassedOnlyWhenItIsBuried has an event that cannot be read and a partition that is left before its letter is stored.
func TestAnEventIsPassedOnlyWhenItIsBuried(t *testing.T) {
	p := reader(t)
	bad := &bus.Message{Subject: "events.63.g-7." + event.Startup, Seq: 5}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if err := p.take(ctx, bad); err == nil || p.lanes.Position().Seq != 0 {
		t.Errorf("left with %v, at %+v", err, p.lanes.Position())
	}
	if err := p.take(t.Context(), bad); err != nil || p.lanes.Position().Seq != 5 {
		t.Errorf("ended with %v, at %+v", err, p.lanes.Position())
	}
	if last, err := p.bus.LastSeq(t.Context(), subject.Dead); err != nil || last != 1 {
		t.Errorf("%d letters, %v", last, err)
	}
}

// reader is a partition without a holding; no tenant has anything.
func reader(t *testing.T) *partition {
	t.Helper()
	b := natstest.Connect(t, natstest.Start(t))
	code, err := library.Open(t.Context(), b, library.Config{Bundles: 1, Programs: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := lane.New(t.Context(), lane.Config{Depth: 1, Parked: 1, Bytes: lane.NewBudget(1 << 20)}, lane.Position{})
	if err != nil {
		t.Fatal(err)
	}
	return &partition{Engine: &Engine{bus: b, library: code, log: slog.New(slog.DiscardHandler)}, lanes: l}
}
