// Package lane gives each tenant of a partition its FIFO: events of one tenant run in stream order, one at a time; tenants side by side.
//
// Memory is bounded: a lane holds at most Depth events, all lanes of a process share one budget of bytes. A lane that has no room is parked:
// its further events are not kept, only the place from which they will be read again, from the stream, by the tenant's own subject.
// So a tenant with a long backlog delays nobody but itself.
//
// The position says what a successor must do: everything after Seq, and for each lane that is named everything from its own place on. Named are
// lanes with a backlog and lanes that are far behind the others.
package lane

import (
	"context"
	"slices"
	"sync"

	"antiraid/executor/internal/metric"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// far is by how many places a lane may be behind the partition's reader before the position passes it by.
const far = 8192

// Key is one lane: interactions of a tenant have their own, since their answer is due within 3 s.
type Key struct {
	Tenant      tenant.ID
	Interactive bool
}

// KeyOf is the lane of an event.
func KeyOf(e *event.Event) Key { return Key{e.Tenant, e.Type == event.Interaction} }

// Position is how far a partition has come.
type Position struct {
	Seq    uint64            `json:"seq"`              // every event up to it is done, but for those of the lanes below
	Parked map[string]uint64 `json:"parked,omitempty"` // lane → first event that is not done
}

// Config is what a partition's lanes need.
type Config struct {
	Depth  int     // events a lane holds
	Parked int     // lanes that may be parked; then the partition waits for room
	Bytes  *Budget // of all lanes of the process
	Batch  int     // events given to Handle at once; 0: one
	// Handle runs events of one lane, in their order, to their end, and says how many are done: at least the first, without an error. An
	// error means that this process must not go on with the partition.
	Handle func(ctx context.Context, events []event.Event) (done int, err error)
	// Fetch reads a parked lane's events between two places, both included, at most limit and not many bytes. next is where to read on; behind
	// to when there are no more.
	Fetch func(ctx context.Context, key Key, from, to uint64, limit int) (events []event.Event, next uint64, err error)
}

// Lanes are the lanes of one partition.
type Lanes struct {
	cfg     Config
	ctx     context.Context // of the work: outlives the intake
	fail    context.CancelCauseFunc
	reading context.Context // of backlogs: ends with Drain
	stop    context.CancelFunc
	workers sync.WaitGroup

	released sync.Once

	mu     sync.Mutex
	room   sync.Cond // a lane gave room or was unparked
	lanes  map[Key]*lane
	last   uint64 // the last event seen
	passed uint64 // the highest position that was told
	parked int
}

type lane struct {
	key     Key
	queue   []event.Event // not done; the first of them may be under way
	bytes   int64         // that the queue has of the budget
	running bool
	from    uint64 // parked: where to read on; 0: not parked
	dropped uint64 // parked: last event that was not kept; not before from
}

// New makes the lanes of a partition that begin at a position. Work ends when ctx does; the returned context ends, with its cause, when
// Handle or Fetch has failed.
func New(ctx context.Context, cfg Config, from Position) (*Lanes, context.Context, error) {
	cfg.Batch, cfg.Parked = max(cfg.Batch, 1), max(cfg.Parked, 1)
	l := &Lanes{cfg: cfg, lanes: map[Key]*lane{}, last: from.Seq, passed: from.Seq}
	l.room.L = &l.mu
	l.ctx, l.fail = context.WithCancelCause(ctx)
	l.reading, l.stop = context.WithCancel(l.ctx)
	context.AfterFunc(l.ctx, l.wake)
	l.mu.Lock() // the first lane may work before the last is made
	defer l.mu.Unlock()
	for text, seq := range from.Parked {
		key, err := parseKey(text)
		if err != nil {
			return nil, nil, err
		}
		if seq > from.Seq { // the partition's reader gives it all that is not done
			continue
		}
		l.parked++
		l.start(&lane{key: key, from: max(seq, 1), dropped: from.Seq})
	}
	return l, l.ctx, nil
}

// Push gives an event to its lane. It waits, until ctx ends, while the lane has no room and too many are parked.
func (l *Lanes) Push(ctx context.Context, e event.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		switch {
		case l.ctx.Err() != nil:
			return context.Cause(l.ctx)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case l.place(e):
			return nil
		}
		stop := context.AfterFunc(ctx, l.wake)
		l.room.Wait()
		stop()
	}
}

// Offer is Push for a caller who cannot wait: it reports whether the event was dealt with; else it is as if it had not been offered.
func (l *Lanes) Offer(e event.Event) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx.Err() == nil && l.place(e)
}

// place gives an event to its lane, or leaves it in the stream for a parked one. Not dealt: there is no room for it now.
func (l *Lanes) place(e event.Event) (dealt bool) {
	ln, size := l.lane(KeyOf(&e)), l.cfg.Bytes.size(&e)
	switch {
	case ln.from > 0:
		ln.dropped = e.Seq
	case len(ln.queue) < l.cfg.Depth && l.cfg.Bytes.take(ln.bytes, size):
		ln.queue = append(ln.queue, e)
		ln.bytes += size
	case l.parked < l.cfg.Parked:
		ln.from, ln.dropped = e.Seq, e.Seq
		l.parked++
	default:
		return false
	}
	l.last = e.Seq
	if !ln.running {
		l.start(ln)
	}
	return true
}

// Skip passes an event that nobody wants.
func (l *Lanes) Skip(seq uint64) {
	l.mu.Lock()
	l.last = max(l.last, seq)
	l.mu.Unlock()
}

// Position is what is done by now. Its Seq never goes back.
func (l *Lanes) Position() Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	seq := l.last
	var late []uint64
	for _, ln := range l.lanes {
		switch first := ln.first(); {
		case first == 0 || ln.from > 0:
		case first+far < l.last:
			late = append(late, first)
		default:
			seq = min(seq, first-1)
		}
	}
	if len(late) > l.cfg.Parked-l.parked { // more than a position may name
		seq = min(seq, slices.Min(late)-1)
	}
	l.passed = max(l.passed, seq)
	p := Position{Seq: l.passed}
	for _, ln := range l.lanes {
		if first := ln.first(); first > 0 && first <= p.Seq {
			if p.Parked == nil {
				p.Parked = make(map[string]uint64, l.parked)
			}
			p.Parked[ln.key.String()] = first
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
	l.stop()
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
		l.cfg.Bytes.give(ln.bytes)
	}
}

// first is a lane's first event that is not done; 0 when there is none.
func (ln *lane) first() uint64 {
	if len(ln.queue) > 0 {
		return ln.queue[0].Seq
	}
	return ln.from
}

// lane is a lane that works, or one that does not yet.
func (l *Lanes) lane(key Key) *lane {
	if ln := l.lanes[key]; ln != nil {
		return ln
	}
	return &lane{key: key}
}

func (l *Lanes) start(ln *lane) {
	l.lanes[ln.key] = ln
	ln.running = true
	l.workers.Go(func() { l.work(ln) })
}

func (l *Lanes) wake() {
	l.mu.Lock()
	l.room.Broadcast()
	l.mu.Unlock()
}
