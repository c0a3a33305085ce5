package lane

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"

	"antiraid/shared/event"
)

// Budget is the bytes that the events in the lanes of a process may have, all together.
//
// A lane that holds none may have all that is free. One that holds some may have a quarter of what is free, and nothing more while another
// waits. So however many lanes are flooded, they leave room for the first event of one that is not.
type Budget struct {
	total int64
	parts *semaphore.Weighted // backlogs that are read at once: what is read is not counted until it is in a lane

	mu      sync.Mutex
	free    int64
	waiting []*waiter // who is first is served first
}

type waiter struct {
	bytes  int64
	served chan struct{} // closed when it has them
}

// NewBudget makes a budget of so many bytes.
func NewBudget(bytes int64) *Budget {
	return &Budget{total: bytes, free: bytes, parts: semaphore.NewWeighted(4)}
}

// size is what an event takes; one that is larger than the budget takes all of it.
func (b *Budget) size(e *event.Event) int64 { return min(int64(len(e.Payload))+256, b.total) }

// take is for a lane that holds some bytes and wants more, and cannot wait.
func (b *Budget) take(holds, more int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if more > b.free || holds > 0 && (len(b.waiting) > 0 || holds+more > b.free/4) {
		return false
	}
	b.free -= more
	return true
}

// wait takes bytes for a lane that holds none, as soon as they are free.
func (b *Budget) wait(ctx context.Context, bytes int64) error {
	w := &waiter{bytes, make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, w)
	b.serve()
	b.mu.Unlock()
	select {
	case <-w.served:
		return nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.Index(b.waiting, w); i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
	} else {
		b.free += bytes
	}
	b.serve()
	return context.Cause(ctx)
}

// give returns bytes.
func (b *Budget) give(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += bytes
	b.serve()
}

func (b *Budget) serve() {
	for len(b.waiting) > 0 && b.waiting[0].bytes <= b.free {
		b.free -= b.waiting[0].bytes
		close(b.waiting[0].served)
		b.waiting = b.waiting[1:]
	}
}
