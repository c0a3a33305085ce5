package lease

import (
	"context"
	"log/slog"
	"time"
)

// slot is what this member does about one slice.
type slot struct {
	holding  *Holding  // nil: nothing
	least    uint64    // an older record is not worth acting on, before the next heartbeat
	failures int       // of hold in a row
	rest     time.Time // not to be acquired before
}

// ended says how the goroutine of a slice came to its end.
type ended struct {
	h       *Holding
	seen    uint64        // revision of the record it acted on
	refused error         // the record could not be changed
	failed  error         // what hold returned
	early   bool          // hold returned before it was asked to
	lasted  time.Duration // hold
}

const (
	longRest = 15 * time.Second
	goodRun  = time.Minute // a hold that lasted so long had not failed at its start
)

// reconcile starts what has to be done about slice n, if anything.
func (s *session) reconcile(ctx context.Context, n int) {
	slot, seen, mine := &s.slots[n], s.view.slices[n], s.owners[n] == s.self.id && !s.leaving
	if h := slot.holding; h != nil {
		switch {
		case h.takenBy(seen.sliceRecord):
			h.lose()
		case !mine:
			h.ask()
		}
		return
	}
	left := seen.Owner == s.self.id // by an acquisition or a release whose answer did not come
	switch {
	case seen.unreadable != nil, seen.revision < slot.least:
	case mine && (left || s.view.free(n)) && !time.Now().Before(slot.rest):
		s.start(ctx, n, seen.Epoch+1, s.own)
	case !mine && left:
		s.start(ctx, n, seen.Epoch, s.giveBack)
	}
}

// start does one thing about a slice in a goroutine of its own, under an epoch.
func (s *session) start(ctx context.Context, n int, epoch uint64, do func(context.Context, *Holding, sliceView) ended) {
	seen := s.view.slices[n]
	base, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	h := &Holding{
		slice: n, epoch: epoch, owner: s.self.id, store: s.store, valid: s.self.valid,
		stop: stop, asked: newOnce(), lost: newOnce(),
	}
	s.slots[n].holding = h
	s.active++
	s.work.Go(func() {
		defer stop(nil)
		e := do(base, h, seen)
		e.h, e.seen = h, seen.revision
		s.ended <- e
	})
}

// own acquires a slice, lets hold work on it and releases it.
func (s *session) own(ctx context.Context, h *Holding, seen sliceView) ended {
	if err := h.acquire(context.WithoutCancel(ctx), seen); err != nil {
		return ended{refused: err}
	}
	s.log.Debug("slice acquired", "slice", h.slice, "epoch", h.epoch)
	began := time.Now()
	returned := make(chan error, 1)
	s.work.Go(func() { returned <- s.hold(ctx, h) })
	failed, early := s.await(ctx, h, returned)
	e := ended{failed: failed, early: early, lasted: time.Since(began)}
	e.refused = s.release(ctx, h)
	return e
}

// await waits for hold to return. One that does not return in time after it was asked loses the slice, and is waited for all the same.
func (s *session) await(ctx context.Context, h *Holding, returned <-chan error) (failed error, early bool) {
	select {
	case err := <-returned:
		return err, !h.asked.closed() && !h.lost.closed()
	case <-h.lost.ch:
		return <-returned, false
	case <-h.asked.ch:
	}
	drain := time.NewTimer(s.cfg.Drain)
	defer drain.Stop()
	select {
	case err := <-returned:
		return err, false
	case <-h.lost.ch:
	case <-drain.C:
		s.late(h)
		h.lose()
		if err := s.release(ctx, h); err != nil {
			s.log.Debug("slice record not changed", "slice", h.slice, "epoch", h.epoch, "err", err)
		}
	}
	return <-returned, false
}

// late tells of a hold that is not done in time. Of a member that leaves no more was to be expected: what it could not finish is its
// successor's. One that stays and does not let go has a fault.
func (s *session) late(h *Holding) {
	level := slog.LevelError
	select {
	case <-s.self.leave:
		level = slog.LevelInfo
	default:
	}
	s.log.Log(context.Background(), level, "slice was not handed over in time and is taken from its holder", "slice", h.slice, "epoch", h.epoch, "drain", s.cfg.Drain)
}

// release is for members only: who has lost the membership has nothing to give.
func (s *session) release(ctx context.Context, h *Holding) error {
	if !s.self.valid.ok() {
		return ErrLost
	}
	return h.release(context.WithoutCancel(ctx))
}

// giveBack frees a slice that the records say is ours, though nobody here works on it.
func (s *session) giveBack(ctx context.Context, h *Holding, seen sliceView) ended {
	h.revision, h.position = seen.revision, seen.Position
	return ended{refused: s.release(ctx, h)}
}

// settle takes note of an end and starts what comes next.
func (s *session) settle(ctx context.Context, e ended) {
	s.active--
	slot := &s.slots[e.h.slice]
	slot.holding = nil
	slot.least = e.h.latest() // the watch may not have shown yet what we wrote
	if e.refused != nil {     // somebody was first, or NATS is away, which the renewals complain about
		slot.least = e.seen + 1
		s.log.Debug("slice record not changed", "slice", e.h.slice, "epoch", e.h.epoch, "err", e.refused)
	}
	if e.early {
		s.settleEarly(slot, e)
	}
	s.reconcile(ctx, e.h.slice)
}

func (s *session) settleEarly(slot *slot, e ended) {
	if e.lasted > goodRun {
		slot.failures = 0
	}
	rest := min(s.cfg.Heartbeat<<min(slot.failures, 10), longRest)
	slot.failures++
	slot.rest = time.Now().Add(rest)
	s.log.Warn("hold returned by itself, to be called again", "slice", e.h.slice, "epoch", e.h.epoch, "rest", rest, "err", e.failed)
}
