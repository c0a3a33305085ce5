package lease

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// MaxPosition is the largest position in bytes: every member of the group is shown each one.
const MaxPosition = 64 << 10

// Holding is the right to work on one slice, from its acquisition to its release or loss. All its methods may be called at any time,
// also after its end.
type Holding struct {
	slice int
	epoch uint64
	owner string
	store *store
	valid *validity

	stop  context.CancelCauseFunc // ends the context that hold works under
	asked once                    // to hand over
	lost  once

	mu       sync.Mutex // one write at a time
	revision uint64
	position json.RawMessage
	over     bool // released
}

// once is a channel that many may close.
type once struct {
	do sync.Once
	ch chan struct{}
}

func newOnce() once { return once{ch: make(chan struct{})} }

func (o *once) close() { o.do.Do(func() { close(o.ch) }) }

func (o *once) closed() bool {
	select {
	case <-o.ch:
		return true
	default:
		return false
	}
}

// Slice is the number of the slice.
func (h *Holding) Slice() int { return h.slice }

// Epoch is one more than that of the slice's last owner: the fence for writes elsewhere that must refuse a former owner.
func (h *Holding) Epoch() uint64 { return h.epoch }

// Position is what was last committed, by this owner or one before it, as JSON in compact form; nil if nobody has committed yet.
func (h *Holding) Position() json.RawMessage {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.position)
}

// Lost is closed when the slice is not ours any more: what still runs for it must be given up. While a slice is handed over, its
// context has ended and Lost is still open.
func (h *Holding) Lost() <-chan struct{} { return h.lost.ch }

// Work returns a context for what may be finished while the slice is handed over: it has ctx's values but not its end, and ends when the
// slice is lost, with cause [ErrLost], or when cancel is called, which the caller must do.
func (h *Holding) Work(ctx context.Context) (work context.Context, cancel context.CancelFunc) {
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	go func() {
		select {
		case <-h.Lost():
			stop(ErrLost)
		case <-work.Done():
		}
	}()
	return work, func() { stop(context.Canceled) }
}

// Err is nil while the slice is ours, else [ErrLost]. It asks the clock, not the network: it is true of this process's knowledge only.
func (h *Holding) Err() error {
	if h.lost.closed() || !h.valid.ok() {
		return ErrLost
	}
	return nil
}

// Commit stores how far the work has come: JSON of at most [MaxPosition] bytes. A position equal to the last one is not written again.
//
// Nil means that it is stored and that nobody else owned the slice at that moment. [ErrLost] means that nothing was or will be stored.
// After any other error it may be stored or not; commit again, with this position or a later one.
func (h *Holding) Commit(ctx context.Context, position json.RawMessage) error {
	if len(position) > MaxPosition || !json.Valid(position) {
		return fmt.Errorf("commit slice %d: want JSON of at most %d bytes, have %d: %.60q", h.slice, MaxPosition, len(position), position)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over || h.Err() != nil {
		h.lose()
		return fmt.Errorf("commit slice %d: %w", h.slice, ErrLost)
	}
	err := h.write(ctx, func() (sliceRecord, bool) {
		return sliceRecord{Owner: h.owner, Position: slices.Clone(position)}, bytes.Equal(position, h.position)
	})
	if err != nil {
		return fmt.Errorf("commit slice %d: %w", h.slice, err)
	}
	return nil
}

// acquire makes us the owner by replacing the record that was seen.
func (h *Holding) acquire(ctx context.Context, seen sliceView) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	revision, err := h.store.putSlice(ctx, h.slice, sliceRecord{V: version, Owner: h.owner, Epoch: h.epoch, Position: seen.Position}, seen.revision)
	if err != nil {
		return fmt.Errorf("acquire slice %d: %w", h.slice, err)
	}
	h.revision, h.position = revision, seen.Position
	return nil
}

// release gives the slice up with the position last committed. Afterwards nothing can be committed.
func (h *Holding) release(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return nil
	}
	h.over = true
	err := h.write(ctx, func() (sliceRecord, bool) { return sliceRecord{Position: h.position}, false })
	if err != nil && !errors.Is(err, ErrLost) {
		return fmt.Errorf("release slice %d: %w", h.slice, err)
	}
	return nil
}

// latest is the revision of our last write.
func (h *Holding) latest() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.revision
}

// write replaces the record by what next returns, unless it says that this is done already. A refusal may be a write of ours whose answer
// did not come; then it goes on from there.
func (h *Holding) write(ctx context.Context, next func() (r sliceRecord, done bool)) error {
	ctx, cancel := context.WithTimeout(ctx, h.store.wait)
	defer cancel()
	for {
		r, done := next()
		if done {
			return nil
		}
		r.V, r.Epoch = version, h.epoch
		revision, err := h.store.putSlice(ctx, h.slice, r, h.revision)
		if err == nil {
			h.revision, h.position = revision, r.Position
			return nil
		}
		if !errors.Is(err, errStale) {
			return err
		}
		if err := h.catchUp(ctx); err != nil {
			return err
		}
	}
}

// catchUp learns the revision to go on from. Only the owner of an epoch writes records of that epoch, so a record of ours is ours to
// write over, even one that is older than we know: a server may have lost its last writes in a power cut.
func (h *Holding) catchUp(ctx context.Context) error {
	for {
		r, revision, err := h.store.slice(ctx, h.slice)
		switch {
		case errors.Is(err, errAbsent), err == nil && h.takenBy(r):
			h.lose()
			return ErrLost
		case err != nil:
			return err
		case r.Epoch == h.epoch && revision != h.revision:
			h.revision, h.position = revision, r.Position
			return nil
		}
		select { // the answer came from a replica that is behind, or the server has forgotten that we acquired the slice
		case <-ctx.Done():
			if r.Epoch < h.epoch {
				h.lose()
				return ErrLost
			}
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// takenBy reports whether a record says that somebody else has, or had, the slice after us.
func (h *Holding) takenBy(r sliceRecord) bool {
	return r.Epoch > h.epoch || r.Epoch == h.epoch && r.Owner != h.owner
}

// ask ends the context of hold, so that it drains, commits and returns.
func (h *Holding) ask() {
	h.stop(ErrHandover)
	h.asked.close()
}

// lose ends everything: nothing is committed from here on.
func (h *Holding) lose() {
	h.lost.close()
	h.stop(ErrLost)
}
