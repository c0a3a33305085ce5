// Package limit counts requests against Discord's rate limits.
//
// Source: https://discord.com/developers/docs/topics/rate-limits. A bucket is a hash, shared by routes, and a major parameter; its
// window begins with the first request in it. Beside the buckets there is one limit for all requests of a bot in a second of the
// clock, and one for those that were invalid.
package limit

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"sync"
	"time"
)

// invalidWindow is the period of the limit on invalid requests.
const invalidWindow = 10 * time.Minute

// Bucket is how many requests a route takes in a period. Routes with one name share it.
type Bucket struct {
	Name string
	Size int
	Per  time.Duration
}

// Hash is the bucket's opaque name, the same for every major parameter.
func (b Bucket) Hash() string {
	sum := sha256.Sum256([]byte(b.Name))
	return hex.EncodeToString(sum[:16])
}

// Limiter counts. It is safe for concurrent use.
type Limiter struct {
	now func() time.Time

	mu      sync.Mutex
	windows map[key]*window
	second  window
	invalid window
}

type key struct{ name, major string }

type window struct {
	used int
	ends time.Time
}

// New makes a limiter for a clock.
func New(now func() time.Time) *Limiter {
	return &Limiter{now: now, windows: map[key]*window{}}
}

// State is a bucket after a request.
type State struct {
	Bucket
	Remaining int
	Reset     time.Time
	After     time.Duration // until Reset
	Over      bool          // the request was one too many
}

// Take counts a request against a bucket.
func (l *Limiter) Take(b Bucket, major string) State {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	k := key{b.Name, major}
	w := l.windows[k]
	if w == nil {
		l.sweep(now)
		w = &window{}
		l.windows[k] = w
	}
	over := !w.take(now, b.Size, now.Add(b.Per))
	return State{Bucket: b, Remaining: b.Size - w.used, Reset: w.ends, After: w.ends.Sub(now), Over: over}
}

// TakeGlobal counts a request against the limit of a second. wait is 0 if there was room.
func (l *Limiter) TakeGlobal(size int) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.second.take(now, size, now.Truncate(time.Second).Add(time.Second)) {
		return 0
	}
	return l.second.ends.Sub(now)
}

// Invalid counts a request that was answered with 401, 403 or 429, shared limits excepted.
func (l *Limiter) Invalid() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.invalid.take(l.now(), math.MaxInt, l.now().Add(invalidWindow))
}

// Invalids is how many of those there were lately, and when they are forgotten.
func (l *Limiter) Invalids() (n int, forgotten time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := l.invalid.ends.Sub(l.now())
	if left <= 0 {
		return 0, 0
	}
	return l.invalid.used, left
}

// take counts in a window that ends at some time if it begins now.
func (w *window) take(now time.Time, size int, ends time.Time) bool {
	if !now.Before(w.ends) {
		w.used, w.ends = 0, ends
	}
	if w.used >= size {
		return false
	}
	w.used++
	return true
}

// sweep forgets windows that have ended, when there are many.
func (l *Limiter) sweep(now time.Time) {
	if len(l.windows) < 10000 {
		return
	}
	for k, w := range l.windows {
		if !now.Before(w.ends) {
			delete(l.windows, k)
		}
	}
}
