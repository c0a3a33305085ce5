package tenure_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/gateway/internal/feed"
	"antiraid/gateway/internal/tenure"
	"antiraid/shared/bus"
	"antiraid/shared/lease"
	"antiraid/shared/tenant"
)

// holding is a lease that a test loses when it likes.
type holding struct {
	epoch uint64
	lost  atomic.Bool
}

func (h *holding) Slice() int                                    { return 3 }
func (h *holding) Epoch() uint64                                 { return h.epoch }
func (h *holding) Position() json.RawMessage                     { return json.RawMessage(`1`) }
func (h *holding) Commit(context.Context, json.RawMessage) error { return h.Err() }
func (h *holding) Err() error {
	if h.lost.Load() {
		return lease.ErrLost
	}
	return nil
}

// reach counts what would be stored, and is there or not.
type reach struct {
	stored atomic.Int64
	away   atomic.Bool
}

func (r *reach) PublishEvent(context.Context, tenant.ID, string, string, []byte) (uint64, error) {
	return uint64(r.stored.Add(1)), nil
}
func (r *reach) DeadLetter(context.Context, bus.Letter) error { r.stored.Add(1); return nil }
func (r *reach) Connected() bool                              { return !r.away.Load() }

// world is an office and the tenures it began.
type world struct {
	*tenure.Office
	*reach
	began chan *tenure.Tenure
	ended chan struct{}
	fail  chan error // ends a shard
}

func in(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{reach: &reach{}, began: make(chan *tenure.Tenure, 10), ended: make(chan struct{}, 10), fail: make(chan error)}
		w.Office = tenure.New(w.reach, func(ctx context.Context, t *tenure.Tenure) error {
			w.began <- t
			defer func() { w.ended <- struct{}{} }()
			select {
			case <-ctx.Done():
				return nil
			case err := <-w.fail:
				return err
			}
		}, slog.New(slog.DiscardHandler))
		test(t, w)
		w.Close()
		synctest.Wait()
		if len(w.began) != 0 {
			t.Error("a shard began that nobody expected")
		}
	})
}

// hold leases the shard under an epoch. lose ends the lease as if NATS were away, give as if it were handed over; both wait for Hold.
func (w *world) hold(t *testing.T, epoch uint64) (h *holding, lose, give func() error) {
	ctx, cancel := context.WithCancelCause(t.Context())
	h = &holding{epoch: epoch}
	done := make(chan error, 1)
	go func() { done <- w.Hold(ctx, h) }()
	lose = func() error {
		h.lost.Store(true)
		cancel(lease.ErrLost)
		return <-done
	}
	give = func() error {
		cancel(lease.ErrHandover)
		return <-done
	}
	return h, lose, give
}

func store(s *tenure.Tenure) error {
	_, err := s.PublishEvent(context.Background(), tenant.ID{}, "X", "1", nil)
	return errors.Join(err, s.DeadLetter(context.Background(), bus.Letter{}), s.Commit(context.Background(), nil))
}

func TestAShardGoesOnAfterAGap(t *testing.T) {
	in(t, func(t *testing.T, w *world) {
		_, lose, _ := w.hold(t, 4)
		shard := <-w.began
		if err := store(shard); err != nil || w.stored.Load() != 2 {
			t.Errorf("while leased: %v, %d stored", err, w.stored.Load())
		}
		w.away.Store(true)
		if err := lose(); err != nil {
			t.Errorf("hold returned %v", err)
		}
		<-time.After(10 * time.Minute)
		if err := store(shard); !errors.Is(err, tenure.ErrGap) || errors.Is(err, feed.ErrForbidden) || w.stored.Load() != 2 {
			t.Errorf("in the gap: %v, %d stored", err, w.stored.Load())
		}
		w.away.Store(false)
		<-time.After(5 * time.Second)
		_, _, give := w.hold(t, 5)
		synctest.Wait()
		<-time.After(time.Minute)
		if err := store(shard); err != nil || w.stored.Load() != 4 {
			t.Errorf("leased again: %v, %d stored", err, w.stored.Load())
		}
		if err := give(); err != nil || len(w.ended) != 1 {
			t.Errorf("handed over with %v, %d ended", err, len(w.ended))
		}
	})
}

func TestAShardThatWasSomebodyElsesBeginsAnew(t *testing.T) {
	in(t, func(t *testing.T, w *world) {
		_, lose, _ := w.hold(t, 4)
		former := <-w.began
		lose()
		_, _, give := w.hold(t, 6) // lease 5 was another's
		shard := <-w.began
		if err := store(former); !errors.Is(err, feed.ErrForbidden) || w.stored.Load() != 0 {
			t.Errorf("the former tenure: %v, %d stored", err, w.stored.Load())
		}
		if err := store(shard); err != nil || len(w.ended) != 1 {
			t.Errorf("the new one: %v, %d ended", err, len(w.ended))
		}
		give()
	})
}

func TestAShardThatIsNotLeasedAgainIsGivenUp(t *testing.T) {
	in(t, func(t *testing.T, w *world) {
		_, lose, _ := w.hold(t, 4)
		shard := <-w.began
		w.away.Store(true)
		lose()
		<-time.After(time.Hour)
		if len(w.ended) != 0 {
			t.Error("given up while nobody could have it")
		}
		w.away.Store(false)
		<-time.After(16 * time.Second)
		if err := store(shard); !errors.Is(err, feed.ErrForbidden) || len(w.ended) != 1 {
			t.Errorf("%v, %d ended", err, len(w.ended))
		}
		_, _, give := w.hold(t, 5)
		<-w.began
		give()
	})
}

func TestWhatAShardEndsWithIsReturned(t *testing.T) {
	in(t, func(t *testing.T, w *world) {
		boom := errors.New("boom")
		h := &holding{epoch: 4}
		done := make(chan error)
		go func() { done <- w.Hold(t.Context(), h) }()
		<-w.began
		w.fail <- boom
		if err := <-done; err != boom {
			t.Errorf("returned %v", err)
		}
	})
}

func TestAShardThatEndsInAGapIsForgotten(t *testing.T) {
	in(t, func(t *testing.T, w *world) {
		_, lose, _ := w.hold(t, 4)
		<-w.began
		lose()
		w.fail <- tenure.ErrGap
		synctest.Wait()
		_, _, give := w.hold(t, 5)
		<-w.began
		give()
	})
}

func TestCloseEndsWhatIsLeftInGaps(t *testing.T) {
	in(t, func(t *testing.T, w *world) {
		_, lose, _ := w.hold(t, 4)
		<-w.began
		lose()
		w.Close()
		if len(w.ended) != 1 {
			t.Error("a shard was left running")
		}
	})
}
