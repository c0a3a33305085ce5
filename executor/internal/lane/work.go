package lane

import (
	"fmt"
	"slices"
	"strings"

	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// work runs a lane until it has nothing to do.
func (l *Lanes) work(ln *lane) {
	for {
		events, next := l.next(ln)
		switch next {
		case idle:
			return
		case queued:
			n, err := l.cfg.Handle(l.ctx, events)
			if err != nil {
				l.fail(err)
				continue
			}
			l.done(ln, n)
		case backlog:
			if err := l.catchUp(ln); err != nil && l.reading.Err() == nil {
				l.fail(err)
			}
		}
	}
}

type step int

const (
	idle step = iota
	queued
	backlog
)

// next is the lane's next events, or says that its backlog is to be read; a lane with nothing to do is forgotten.
func (l *Lanes) next(ln *lane) ([]event.Event, step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.reading.Err() != nil:
		ln.running = false
		return nil, idle
	case len(ln.queue) > 0:
		return slices.Clone(ln.queue[:min(len(ln.queue), l.cfg.Batch)]), queued
	case ln.from > 0:
		return nil, backlog
	}
	ln.running = false
	delete(l.lanes, ln.key)
	return nil, idle
}

// done takes the first n events out of the queue.
func (l *Lanes) done(ln *lane, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var bytes int64
	for i := range n {
		bytes += l.cfg.Bytes.size(&ln.queue[i])
		ln.queue[i] = event.Event{}
	}
	ln.queue = ln.queue[n:]
	ln.bytes -= bytes
	l.cfg.Bytes.give(bytes)
	l.room.Broadcast()
}

// catchUp reads on in the backlog of a parked lane whose queue is empty, and unparks the lane when it has met the partition's reader.
func (l *Lanes) catchUp(ln *lane) error {
	l.mu.Lock()
	from, to := ln.from, ln.dropped
	l.mu.Unlock()
	p, err := l.read(ln.key, from, to)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	ln.queue, ln.bytes, ln.from = p.events, p.bytes, p.next
	if ln.dropped < ln.from { // nothing came meanwhile
		ln.from, ln.dropped = 0, 0
		l.parked--
		l.room.Broadcast()
	}
	return nil
}

// part is events of a backlog that follow each other.
type part struct {
	events []event.Event
	bytes  int64  // that they have of the budget
	next   uint64 // where to read on
}

// read takes of a backlog what there is room for, but at least an event. While it waits for that it holds nothing.
func (l *Lanes) read(key Key, from, to uint64) (part, error) {
	for room := int64(0); ; {
		p, missing, err := l.readInto(room, key, from, to)
		if err != nil || missing == 0 {
			return p, err
		}
		if err := l.cfg.Bytes.wait(l.reading, missing); err != nil {
			return part{}, err
		}
		room = missing
	}
}

// readInto reads the next part of a backlog once and cuts off what there is no room for beyond the bytes it is given. When there is room for
// no event it keeps none of them and says how many are missing.
func (l *Lanes) readInto(room int64, key Key, from, to uint64) (p part, missing int64, err error) {
	used := int64(0)
	defer func() { l.cfg.Bytes.give(room - used) }()
	if err := l.cfg.Bytes.parts.Acquire(l.reading, 1); err != nil {
		return part{}, 0, err
	}
	defer l.cfg.Bytes.parts.Release(1)
	events, next, err := l.cfg.Fetch(l.reading, key, from, to, l.cfg.Depth)
	if err != nil {
		return part{}, 0, err
	}
	for i := range events {
		size := l.cfg.Bytes.size(&events[i])
		if more := used + size - room; more > 0 {
			if !l.cfg.Bytes.take(room, more) {
				if i == 0 {
					missing = size
				}
				next = events[i].Seq
				clear(events[i:])
				return part{events[:i], used, next}, missing, nil
			}
			room += more
		}
		used += size
	}
	return part{events, used, next}, 0, nil
}

// String is the key as positions hold it: the tenant, with ! for its interactions.
func (k Key) String() string {
	if k.Interactive {
		return k.Tenant.String() + "!"
	}
	return k.Tenant.String()
}

func parseKey(s string) (Key, error) {
	text, interactive := strings.CutSuffix(s, "!")
	t, err := tenant.Parse(text)
	if err != nil {
		return Key{}, fmt.Errorf("parse lane %.80q: %w", s, err)
	}
	return Key{t, interactive}, nil
}
