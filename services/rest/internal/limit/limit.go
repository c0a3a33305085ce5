// Package limit keeps Discord's rate limits: each request asks for a permit first, and its answer teaches what is left.
//
// Limits belong to a bucket, which Discord names by a hash in its answers, together with the major parameter; until a route's hash is
// known its requests go one at a time. Beside the buckets stand a limit for the bot as a whole, holds that Discord asks for with 429,
// and a count of invalid requests (401, 403 and 429), of which too many get an address banned. Nothing here is kept beyond the process.
package limit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Config is how much of Discord's limits may be used.
type Config struct {
	PerSecond float64 // requests with the bot's token; Discord allows 50 to all processes together
	Invalid   int     // invalid requests in 10 min after which nothing is sent; Discord bans at 10,000

	PayerPerSecond float64 // requests for one payer; 0: no limit
	PayerInvalid   int     // requests for one payer that Discord forbids in 10 min, after which none is sent for it; 0: no limit
}

// ErrTooLate says that a permit would come only after the context's deadline.
var ErrTooLate = errors.New("rate limits leave no room in time")

// Route is what a request is limited by.
type Route struct {
	Name     string // method and path without parameters
	Major    string // Discord's major parameter
	Callback bool   // outside the limit for the bot as a whole
	Payer    string // for whom the request is made; empty: for nobody in particular
}

// Limiter gives permits.
type Limiter struct {
	cfg    Config
	global *rate.Limiter

	mu      sync.Mutex
	hashes  map[string]string  // route → bucket hash
	buckets map[string]*bucket // hash or route, with the major parameter
	sweepAt int                // number of buckets at which idle ones are dropped
	bot     time.Time          // no request with the bot's token before
	all     time.Time          // no request at all before
	invalid window
	payers  *lru.Cache[string, *payer]
}

// New makes a Limiter for the whole of the bot's limits.
func New(cfg Config) *Limiter {
	known, _ := lru.New[string, *payer](payers) // its only error is a size below 1
	l := &Limiter{cfg: cfg, global: rate.NewLimiter(0, 1), hashes: map[string]string{}, buckets: map[string]*bucket{}, sweepAt: 1024, payers: known}
	l.SetShare(1)
	return l
}

// SetShare gives this process a part of the bot's limit, from 0 to 1: replicas divide it as they divide the lanes.
//
// A limit of n a second is kept in every window of 1.1 s, as Discord's window begins when it likes: burst + 1.1 × rate = n.
func (l *Limiter) SetShare(part float64) {
	n := max(l.cfg.PerSecond*part, 1)
	burst := max(1, int(n/10))
	l.global.SetBurst(burst)
	l.global.SetLimit(rate.Limit(max(n-float64(burst), n/2) / 1.1))
}

// Permit is the right to send one request. Done must be called once with what came of it.
type Permit struct {
	l      *Limiter
	route  Route
	bucket *bucket
}

// Acquire waits until a request may be sent. It returns [ErrTooLate] at once when that is after the context's deadline, and [ErrSpent]
// when nothing is sent for the payer.
func (l *Limiter) Acquire(ctx context.Context, r Route) (*Permit, error) {
	p, err := l.acquire(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("wait for %s: %w", r.Name, err)
	}
	return p, nil
}

func (l *Limiter) acquire(ctx context.Context, r Route) (*Permit, error) {
	pace, err := l.charge(r)
	if err == nil {
		err = turn(ctx, pace)
	}
	if err != nil {
		return nil, err
	}
	for {
		b, err := l.enter(ctx, r)
		if err != nil {
			return nil, err
		}
		p := &Permit{l, r, b}
		if r.Callback {
			return p, nil
		}
		if err := turn(ctx, l.global); err != nil {
			p.Cancel()
			return nil, err
		}
		if !l.held(r) { // a hold may have come while this one waited for its turn
			return p, nil
		}
		p.Cancel()
	}
}

// turn waits for a limiter; nil: not at all.
func turn(ctx context.Context, limiter *rate.Limiter) error {
	if limiter == nil {
		return nil
	}
	if err := limiter.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return ErrTooLate // the limiter's own error for a deadline that comes first
	}
	return nil
}

func (l *Limiter) held(r Route) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	return l.heldUntil(r, now).After(now)
}

// enter waits for the holds and for the route's bucket, and takes one request out of it.
func (l *Limiter) enter(ctx context.Context, r Route) (*bucket, error) {
	for {
		l.mu.Lock()
		now := time.Now()
		b := l.bucket(r, now)
		until, wake := l.heldUntil(r, now), b.wake
		if !until.After(now) {
			var ok bool
			if ok, until = b.take(now); ok {
				l.mu.Unlock()
				return b, nil
			}
		}
		b.waiting++
		l.mu.Unlock()
		err := wait(ctx, until, wake)
		l.mu.Lock()
		b.waiting--
		l.mu.Unlock()
		if err != nil {
			return nil, err
		}
	}
}

func (l *Limiter) heldUntil(r Route, now time.Time) time.Time {
	until := l.all
	if !r.Callback && l.bot.After(until) {
		until = l.bot
	}
	if l.cfg.Invalid > 0 && l.invalid.count(now) >= l.cfg.Invalid {
		if t := l.invalid.eases(now); t.After(until) {
			until = t
		}
	}
	return until
}

// wait sleeps until the time (zero: for ever) or until wake is closed.
func wait(ctx context.Context, until time.Time, wake <-chan struct{}) error {
	var timer <-chan time.Time
	if !until.IsZero() {
		if deadline, ok := ctx.Deadline(); ok && until.After(deadline) {
			return ErrTooLate
		}
		t := time.NewTimer(time.Until(until))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer:
	case <-wake:
	}
	return nil
}

// Invalid is the number of invalid requests of the last 10 min.
func (l *Limiter) Invalid() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.invalid.count(time.Now())
}

// Buckets is how many buckets are remembered.
func (l *Limiter) Buckets() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}
