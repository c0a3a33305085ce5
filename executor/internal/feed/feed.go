// Package feed reads the stream EVENTS for the partitions that a process holds.
//
// A consumer without a filter is three times cheaper per message than one consumer per partition (docs/decisions/0003). So a process that
// holds a good part of the partitions reads the whole stream once, beside them all: the shared reader. A partition reads by itself only what
// was stored before it met the shared reader, and again when it cannot take an event at once: then it alone waits, never its neighbours.
package feed

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// worthwhile is how many partitions a process must hold before it reads the whole stream for them.
const worthwhile = tenant.Partitions / 3

// What the shared reader keeps for a partition that is about to meet it: so many messages, and payloads of so many bytes or a single message.
const (
	ahead      = 1024
	aheadBytes = 1 << 20
)

// Sink is a partition as its feed sees it. Messages come in stream order.
type Sink struct {
	Take  func(*bus.Message) error // handles a message; may wait, until the ctx of Read ends
	Offer func(*bus.Message) bool  // handles a message if that needs no waiting; else it is as if it had not been called
}

// Feed is one process's.
type Feed struct {
	bus *bus.Bus
	log *slog.Logger

	mu      sync.Mutex
	held    int
	members [tenant.Partitions]*member
	place   uint64        // of the shared reader: the next message it will see; 0: it does not run
	change  chan struct{} // closed when the shared reader starts, or will not
	taken   chan struct{} // has something when a partition was taken
}

// member is a partition that the shared reader serves.
type member struct {
	offer  func(*bus.Message) bool
	live   bool           // messages are offered; else they are kept
	from   uint64         // the first message it has not handled when it became live
	kept   []*bus.Message // until it has caught up
	bytes  int            // of what is kept
	left   chan struct{}  // closed when the shared reader serves it no longer
	resume uint64         // then: the first message that was not offered; 0: it was not live
}

// New makes a feed.
func New(b *bus.Bus, log *slog.Logger) *Feed {
	return &Feed{bus: b, log: log, change: make(chan struct{}), taken: make(chan struct{}, 1)}
}

// Read gives every message of a partition from a place on to the sink, until ctx ends (nil) or Take fails (its error). The server may be
// away meanwhile.
func (f *Feed) Read(ctx context.Context, partition int, from uint64, s Sink) error {
	f.hold(1)
	defer f.hold(-1)
	r := &reading{Feed: f, partition: partition, next: from, sink: s}
	return r.run(ctx)
}

// Run is the shared reader: it reads while that is worthwhile, until ctx ends.
func (f *Feed) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if !f.enough() {
			select {
			case <-ctx.Done():
			case <-f.taken:
			}
			continue
		}
		if err := f.share(ctx); err != nil {
			f.log.Warn("events are read on", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
	}
	return nil
}

// errFew ends the shared reader when too few partitions are left.
var errFew = errors.New("too few partitions to read for")

func (f *Feed) share(ctx context.Context) error {
	last, err := f.bus.LastSeq(ctx, subject.Events)
	if err != nil {
		return err
	}
	// A member joins at a place: what lies before it is read by the member itself, what lies behind it is kept from the join on.
	f.start(last + 1)
	defer f.stop()
	err = f.bus.Read(ctx, bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}, From: last + 1}, f.deliver)
	if errors.Is(err, errFew) {
		return nil
	}
	return err
}

func (f *Feed) start(place uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.place = place
	f.changed()
}

// stop sends every member back to read alone.
func (f *Feed) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p, m := range f.members {
		switch {
		case m == nil:
		case m.live:
			f.dismiss(p, f.place)
		default:
			f.dismiss(p, 0)
		}
	}
	f.place = 0
}

func (f *Feed) deliver(m *bus.Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held < worthwhile {
		return errFew
	}
	f.place = m.Seq + 1
	p, ok := subject.EventPartition(m.Subject)
	if !ok {
		return nil
	}
	switch member := f.members[p]; {
	case member == nil || m.Seq < member.from:
	case member.live:
		if !member.offer(m) {
			f.dismiss(p, m.Seq)
		}
	case !member.keep(m):
		f.dismiss(p, 0)
	}
	return nil
}

// dismiss ends the service to a member. The caller holds mu.
func (f *Feed) dismiss(partition int, resume uint64) {
	m := f.members[partition]
	f.members[partition] = nil
	m.resume = resume
	close(m.left)
}

// keep reports whether there was room.
func (m *member) keep(msg *bus.Message) bool {
	if len(m.kept) == ahead || len(m.kept) > 0 && m.bytes+len(msg.Data) > aheadBytes {
		return false
	}
	own := *msg
	m.kept, m.bytes = append(m.kept, &own), m.bytes+len(msg.Data)
	return true
}

func (f *Feed) hold(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.held
	f.held += n
	if f.held < worthwhile && before >= worthwhile {
		f.changed()
	}
	select {
	case f.taken <- struct{}{}:
	default:
	}
}

func (f *Feed) changed() {
	close(f.change)
	f.change = make(chan struct{})
}

func (f *Feed) enough() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held >= worthwhile
}
