package limit

import (
	"errors"
	"time"

	"golang.org/x/time/rate"
)

// ErrSpent says that too many requests made for one payer were refused by Discord: for now none is sent for it.
var ErrSpent = errors.New("too many requests of this tenant were forbidden by Discord within 10 minutes; nothing is sent for it until they are fewer")

// payers is how many of those that requests are made for are remembered; the longest unused are forgotten first.
const payers = 10_000

// payer is one of those that requests are made for. Each has only a part of what all share: the pace, and the count of invalid requests
// that would get everybody's address banned.
type payer struct {
	pace    *rate.Limiter
	refused window // 401 and 403, which only its own wishes cause
}

// payer finds or makes the payer of a route; nil without one. The Limiter's lock is held.
func (l *Limiter) payer(r Route) *payer {
	if r.Payer == "" {
		return nil
	}
	p, ok := l.payers.Get(r.Payer)
	if !ok {
		p = &payer{pace: rate.NewLimiter(rate.Limit(l.cfg.PayerPerSecond), max(1, int(2*l.cfg.PayerPerSecond)))}
		l.payers.Add(r.Payer, p)
	}
	return p
}

// charge looks whether a payer may go on, and returns the pace that it keeps; nil: none.
func (l *Limiter) charge(r Route) (*rate.Limiter, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.payer(r)
	switch {
	case p == nil:
		return nil, nil
	case l.cfg.PayerInvalid > 0 && p.refused.count(time.Now()) >= l.cfg.PayerInvalid:
		return nil, ErrSpent
	case l.cfg.PayerPerSecond <= 0 || r.Callback: // an answer to an interaction is due at once, and there is one for each
		return nil, nil
	}
	return p.pace, nil
}
