package lane

import (
	"fmt"
	"strings"

	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// work runs a lane until it has nothing to do.
func (l *Lanes) work(ln *lane) {
	for {
		e, next := l.next(ln)
		switch next {
		case idle:
			return
		case queued:
			if !l.handle(e) {
				l.rest(ln)
				return
			}
			l.done(ln, e)
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

// next takes the lane's next event, or says that its backlog is to be read; a lane with nothing to do is forgotten.
func (l *Lanes) next(ln *lane) (event.Event, step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.stopping || l.ctx.Err() != nil:
		ln.running = false
		return event.Event{}, idle
	case len(ln.queue) > 0:
		e := ln.queue[0]
		ln.queue[0] = event.Event{}
		ln.at = e.Seq
		ln.queue = ln.queue[1:]
		l.room.Broadcast()
		return e, queued
	case ln.from > 0:
		return event.Event{}, backlog
	}
	ln.running = false
	delete(l.lanes, ln.key)
	return event.Event{}, idle
}

func (l *Lanes) handle(e event.Event) bool {
	if err := l.cfg.Handle(l.ctx, e); err != nil {
		l.fail(err)
		return false
	}
	return true
}

func (l *Lanes) done(ln *lane, e event.Event) {
	l.cfg.Bytes.Release(int64(len(e.Payload)) + 256)
	l.mu.Lock()
	ln.at = 0
	l.waiting.finish(e.Seq)
	l.mu.Unlock()
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
	for _, e := range events {
		if l.halted() {
			return true
		}
		if !l.handle(e) {
			return false
		}
		l.mu.Lock()
		ln.from = e.Seq + 1
		l.mu.Unlock()
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
