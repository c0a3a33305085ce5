// Package tenure is a process's time with a shard: from the first lease on it, over gaps in the lease, until it is somebody else's.
//
// A gap begins when NATS is away for longer than a lease lasts. Nobody else can take the shard then, unless only this process is cut off.
// So the connection to Discord is kept and its heartbeats go on, nothing is stored, and no new connection is made. If the next lease
// follows directly on the last one, nobody was there in between, and everything goes on where it was held back; else the tenure is over,
// and what was held back is left to the other owner, who gets it from Discord again.
package tenure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"antiraid/gateway/internal/feed"
	"antiraid/shared/bus"
	"antiraid/shared/tenant"
)

// ErrGap says that there is no lease at the moment, and that there may be one again.
var ErrGap = errors.New("the lease on the shard is lost, perhaps for a while")

// Holding is a lease on a shard; *lease.Holding is one.
type Holding interface {
	Slice() int
	Epoch() uint64
	Position() json.RawMessage
	Commit(ctx context.Context, position json.RawMessage) error
	Err() error
}

// Tenure is a lease as the shard sees it, and the bus as far as the lease allows to use it.
type Tenure struct {
	bus  feed.Publisher
	stop context.CancelFunc // ends the shard
	done chan struct{}      // closed when the shard has ended, with err
	err  error

	mu   sync.Mutex
	held Holding
	over bool
	back chan struct{} // closed when a gap ends; made anew at each gap
}

// Shard is the number of the shard.
func (t *Tenure) Shard() int { return t.holding().Slice() }

func (t *Tenure) holding() Holding {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held
}

// Err is nil while the shard is ours, [ErrGap] in a gap, and feed.ErrForbidden when the tenure is over.
func (t *Tenure) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.over:
		return feed.ErrForbidden
	case t.held.Err() != nil:
		return ErrGap
	}
	return nil
}

// Position is what was last committed.
func (t *Tenure) Position() json.RawMessage { return t.holding().Position() }

// Commit stores a position, unless there is a gap.
func (t *Tenure) Commit(ctx context.Context, position json.RawMessage) error {
	if err := t.Err(); err != nil {
		return err
	}
	return t.holding().Commit(ctx, position)
}

// PublishEvent stores an event, unless there is a gap.
func (t *Tenure) PublishEvent(ctx context.Context, id tenant.ID, typ, msgID string, payload []byte) (uint64, error) {
	if err := t.Err(); err != nil {
		return 0, err
	}
	return t.bus.PublishEvent(ctx, id, typ, msgID, payload)
}

// DeadLetter stores a dead letter, unless there is a gap.
func (t *Tenure) DeadLetter(ctx context.Context, l bus.Letter) error {
	if err := t.Err(); err != nil {
		return err
	}
	return t.bus.DeadLetter(ctx, l)
}

// resume ends a gap with the next lease, if nobody had one in between.
func (t *Tenure) resume(h Holding) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || h.Epoch() != t.held.Epoch()+1 {
		return fmt.Errorf("go on after lease %d with lease %d: somebody else had the shard", t.held.Epoch(), h.Epoch())
	}
	t.held = h
	if t.back != nil {
		close(t.back)
		t.back = nil
	}
	return nil
}

// gap begins one; the returned channel is closed at its end.
func (t *Tenure) gap() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.back = make(chan struct{})
	return t.back
}

// end ends the tenure: from here on nothing is stored. It waits for the shard.
func (t *Tenure) end() {
	t.mu.Lock()
	t.over = true
	t.mu.Unlock()
	t.stop()
	<-t.done
}
