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
			n, ok := l.handle(events)
			if !ok {
				l.rest(ln)
				return
			}
			l.done(ln, n)
		case backlog:
			if !l.catchUp(ln) {
				l.rest(ln)
				return
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
	case l.stopping || l.ctx.Err() != nil:
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

func (l *Lanes) handle(events []event.Event) (done int, ok bool) {
	done, err := l.cfg.Handle(l.ctx, events)
	if err != nil {
		l.fail(err)
	}
	return done, err == nil
}

// done takes the first n events out of the queue.
func (l *Lanes) done(ln *lane, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range n {
		l.cfg.Bytes.Release(int64(len(ln.queue[i].Payload)) + 256)
		l.waiting.finish(ln.queue[i].Seq)
		ln.queue[i] = event.Event{}
	}
	ln.queue = ln.queue[n:]
	l.room.Broadcast()
}

func (l *Lanes) rest(ln *lane) {
	l.mu.Lock()
	ln.running = false
	l.mu.Unlock()
}

// catchUp runs a part of a parked lane's backlog and unparks it when it has met the partition's reader.
func (l *Lanes) catchUp(ln *lane) bool {
	l.mu.Lock()
	from, to := ln.from, l.waiting.last
	l.mu.Unlock()
	events, all, err := l.cfg.Fetch(l.ctx, ln.key, from, to, l.cfg.Depth)
	if err != nil {
		l.fail(err)
		return false
	}
	for len(events) > 0 {
		if l.halted() {
			return true
		}
		n, ok := l.handle(events[:min(len(events), l.cfg.Batch)])
		if !ok {
			return false
		}
		l.mu.Lock()
		ln.from = events[n-1].Seq + 1
		l.mu.Unlock()
		events = events[n:]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if all && ln.dropped <= to {
		ln.from, ln.dropped = 0, 0
		l.parked--
		l.room.Broadcast()
	}
	return true
}

func (l *Lanes) halted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopping || l.ctx.Err() != nil
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
