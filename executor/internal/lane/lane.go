// Package lane gives each tenant of a partition its FIFO: events of one tenant run in stream order, one at a time; tenants side by side.
//
// Memory is bounded: a lane holds at most Depth events, all lanes of a process share one budget of bytes. A lane that is full is parked:
// its further events are not kept, only the place from which they will be read again, from the stream, by the tenant's own subject.
// So a tenant with a long backlog delays nobody but itself.
//
// The position says what a successor must do: everything after Seq, and for each parked lane everything from its own place on.
package lane

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"antiraid/executor/internal/metric"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// Key is one lane: interactions of a tenant have their own, since their answer is due within 3 s.
type Key struct {
	Tenant      tenant.ID
	Interactive bool
}

// KeyOf is the lane of an event.
func KeyOf(e *event.Event) Key { return Key{e.Tenant, e.Type == event.Interaction} }

// Position is how far a partition has come.
type Position struct {
	Seq    uint64            `json:"seq"`              // every event up to it is done, but for those of parked lanes
	Parked map[string]uint64 `json:"parked,omitempty"` // lane → first event that is not done
}

// Config is what a partition's lanes need.
type Config struct {
	Depth  int                 // events a lane holds
	Parked int                 // lanes that may be parked; then the partition waits for room
	Bytes  *semaphore.Weighted // payload bytes held by all lanes of the process
	Batch  int                 // events given to Handle at once; 0: one
	// Handle runs events of one lane, in their order, to their end, and says how many are done: at least the first, without an error. An
	// error means that this process must not go on with the partition.
	Handle func(ctx context.Context, events []event.Event) (done int, err error)
	// Fetch reads a parked lane's events between two places, both included, at most limit; all reports that there are no more.
	Fetch func(ctx context.Context, key Key, from, to uint64, limit int) (events []event.Event, all bool, err error)
}

// Lanes are the lanes of one partition.
type Lanes struct {
	cfg     Config
	ctx     context.Context // of the work: outlives the intake
	fail    context.CancelCauseFunc
	workers sync.WaitGroup

	released sync.Once

	mu       sync.Mutex
	room     sync.Cond // a lane gave room or was unparked
	lanes    map[Key]*lane
	waiting  outstanding
	parked   int
	stopping bool
}

type lane struct {
	key     Key
	queue   []event.Event // not done; the first of them may be under way
	running bool
	from    uint64 // parked: first event that is not done; 0: not parked
	dropped uint64 // parked: last event that was not kept
}

// New makes the lanes of a partition that begin at a position. Work ends when ctx does; the returned context ends, with its cause, when
// Handle or Fetch has failed.
func New(ctx context.Context, cfg Config, from Position) (*Lanes, context.Context, error) {
	cfg.Batch = max(cfg.Batch, 1)
	l := &Lanes{cfg: cfg, lanes: map[Key]*lane{}, waiting: outstanding{last: from.Seq}}
	l.room.L = &l.mu
	l.ctx, l.fail = context.WithCancelCause(ctx)
	context.AfterFunc(l.ctx, l.wake)
	l.mu.Lock() // the first lane may work before the last is made
	defer l.mu.Unlock()
	for text, seq := range from.Parked {
		key, err := parseKey(text)
		if err != nil {
			return nil, nil, err
		}
		ln := &lane{key: key, from: seq, dropped: max(from.Seq, seq)}
		l.lanes[key] = ln
		l.parked++
		l.start(ln)
	}
	return l, l.ctx, nil
}

// Push gives an event to its lane. It waits while the process holds too many bytes, or too many lanes are parked.
func (l *Lanes) Push(e event.Event) error {
	size := int64(len(e.Payload)) + 256
	if err := l.cfg.Bytes.Acquire(l.ctx, size); err != nil {
		return context.Cause(l.ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.push(e) {
		l.cfg.Bytes.Release(size)
	}
	return context.Cause(l.ctx)
}

// push waits for room and reports whether the event was kept.
func (l *Lanes) push(e event.Event) (kept bool) {
	for l.ctx.Err() == nil {
		if kept, dealt := l.place(e); dealt {
			return kept
		}
		l.room.Wait()
	}
	return false
}

// Offer is Push for a caller who cannot wait: it reports whether the event was dealt with; else it is as if it had not been offered.
func (l *Lanes) Offer(e event.Event) bool {
	size := int64(len(e.Payload)) + 256
	if !l.cfg.Bytes.TryAcquire(size) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	kept, dealt := false, false
	if l.ctx.Err() == nil {
		kept, dealt = l.place(e)
	}
	if !kept {
		l.cfg.Bytes.Release(size)
	}
	return dealt
}

// place gives an event to its lane, or leaves it in the stream for a parked one. Not dealt: there is no room for it now.
func (l *Lanes) place(e event.Event) (kept, dealt bool) {
	ln := l.lane(KeyOf(&e))
	switch {
	case ln.from > 0:
		l.waiting.skip(e.Seq)
		ln.dropped = e.Seq
		return false, true
	case len(ln.queue) < l.cfg.Depth:
		l.waiting.add(e.Seq)
		ln.queue = append(ln.queue, e)
		if !ln.running {
			l.start(ln)
		}
		return true, true
	case l.parked < l.cfg.Parked:
		l.waiting.skip(e.Seq)
		ln.from, ln.dropped = e.Seq, e.Seq
		l.parked++
		return false, true
	}
	return false, false
}

// Skip passes an event that nobody wants.
func (l *Lanes) Skip(seq uint64) {
	l.mu.Lock()
	l.waiting.skip(seq)
	l.mu.Unlock()
}

// Position is what is done by now.
func (l *Lanes) Position() Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := Position{Seq: l.waiting.done()}
	for _, ln := range l.lanes {
		if ln.from > 0 {
			if p.Parked == nil {
				p.Parked = make(map[string]uint64, l.parked)
			}
			p.Parked[ln.key.String()] = ln.first()
		}
	}
	return p
}

// Load is how many lanes and events there are.
func (l *Lanes) Load() metric.Lanes {
	l.mu.Lock()
	defer l.mu.Unlock()
	load := metric.Lanes{Lanes: len(l.lanes), Parked: l.parked}
	for _, ln := range l.lanes {
		load.Waiting += len(ln.queue)
	}
	return load
}

// Drain lets each lane finish the event it is at, starts no other, and returns when all are still.
func (l *Lanes) Drain() {
	l.mu.Lock()
	l.stopping = true
	l.mu.Unlock()
	l.workers.Wait()
	l.released.Do(l.release)
}

// Close ends all work at once and returns when all lanes are still.
func (l *Lanes) Close() {
	l.fail(context.Canceled)
	l.Drain()
}

// release gives the bytes of what was never run back to the process. The queues stay: the position counts them as not done.
func (l *Lanes) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ln := range l.lanes {
		for _, e := range ln.queue {
			l.cfg.Bytes.Release(int64(len(e.Payload)) + 256)
		}
	}
}

// first is a parked lane's first event that is not done.
func (ln *lane) first() uint64 {
	if len(ln.queue) > 0 {
		return ln.queue[0].Seq
	}
	return ln.from
}

func (l *Lanes) lane(key Key) *lane {
	ln := l.lanes[key]
	if ln == nil {
		ln = &lane{key: key}
		l.lanes[key] = ln
	}
	return ln
}

func (l *Lanes) start(ln *lane) {
	ln.running = true
	l.workers.Go(func() { l.work(ln) })
}

func (l *Lanes) wake() {
	l.mu.Lock()
	l.room.Broadcast()
	l.mu.Unlock()
}
