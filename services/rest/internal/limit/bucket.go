package limit

import "time"

// idle is how long an unused bucket is remembered beyond its reset.
const idle = time.Minute

// bucket is one of Discord's, for one major parameter. It is guarded by the Limiter's lock.
type bucket struct {
	limit     int       // requests in a period; 0: not known, then one at a time
	remaining int       // of this period, requests in flight taken off
	reset     time.Time // when the period ends
	held      time.Time // after a 429: nothing before
	inflight  int
	waiting   int
	used      time.Time
	wake      chan struct{} // closed when waiting may be over
}

// bucket finds or makes the bucket of a route.
func (l *Limiter) bucket(r Route, now time.Time) *bucket {
	name, known := l.hashes[r.Name]
	if !known {
		name = r.Name
	}
	return l.named(name, r.Major, now)
}

func (l *Limiter) named(name, major string, now time.Time) *bucket {
	key := name + "\x00" + major
	b, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= l.sweepAt {
			l.sweep(now)
		}
		b = &bucket{wake: make(chan struct{})}
		l.buckets[key] = b
	}
	b.used = now
	return b
}

// sweep drops what is idle. The next sweep is due when the map has doubled, so that its cost is spread evenly.
func (l *Limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if b.inflight+b.waiting == 0 && now.Sub(b.used) > idle && now.After(b.reset.Add(idle)) && now.After(b.held) {
			delete(l.buckets, key)
		}
	}
	l.sweepAt = max(1024, 2*len(l.buckets))
}

// take counts one request in, or says until when to wait; zero: until an answer arrives.
func (b *bucket) take(now time.Time) (ok bool, until time.Time) {
	switch {
	case b.held.After(now):
		return false, b.held
	case b.limit == 0 && b.inflight > 0:
		return false, time.Time{}
	case b.limit > 0 && b.remaining <= 0 && b.reset.After(now):
		return false, b.reset
	case b.limit > 0 && !b.reset.After(now):
		// The period is over by our clock: what is in flight may be counted in the new one.
		b.remaining = b.limit - b.inflight
		if b.remaining <= 0 {
			return false, time.Time{}
		}
	}
	b.remaining--
	b.inflight++
	return true, time.Time{}
}

// learn takes over what an answer says. Requests in flight may not have been counted by Discord yet: they are taken off again.
func (b *bucket) learn(limit, remaining int, reset time.Time) {
	b.limit, b.remaining = limit, remaining-b.inflight
	if reset.After(b.reset) || b.inflight == 0 {
		b.reset = reset
	}
}

func (b *bucket) signal() {
	close(b.wake)
	b.wake = make(chan struct{})
}
