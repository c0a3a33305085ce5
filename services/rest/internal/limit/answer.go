package limit

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Answer is what Discord said to a request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Cancel gives a permit back for a request that was not sent.
func (p *Permit) Cancel() {
	l := p.l
	l.mu.Lock()
	defer l.mu.Unlock()
	p.bucket.inflight--
	p.bucket.remaining++
	p.bucket.signal()
}

// Done takes an answer into account; nil: none came.
func (p *Permit) Done(a *Answer) {
	l, now := p.l, time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	p.bucket.inflight--
	defer p.bucket.signal()
	if a == nil {
		return
	}
	b := p.bucket
	if hash := a.Header.Get("X-RateLimit-Bucket"); hash != "" {
		l.hashes[p.route.Name] = hash
		if b = l.named(hash, p.route.Major, now); b != p.bucket {
			defer b.signal()
		}
	}
	if limit, remaining, after, ok := quota(a.Header); ok {
		b.learn(limit, remaining, now.Add(after))
	}
	switch a.Status {
	case http.StatusTooManyRequests:
		l.limited(b, a, now)
	case http.StatusUnauthorized:
		l.invalid.add(now)
		if !p.route.Callback { // the token is not good: no request with it will fare better
			l.bot = later(l.bot, now.Add(badToken))
			return
		}
		l.forbidden(p.route, now)
	case http.StatusForbidden:
		l.invalid.add(now)
		l.forbidden(p.route, now)
	}
}

func (l *Limiter) forbidden(r Route, now time.Time) {
	if p := l.payer(r); p != nil {
		p.refused.add(now)
	}
}

// How long nothing is sent after answers that do not say.
const (
	badToken = 30 * time.Second
	blocked  = time.Minute
	unsaid   = time.Second
)

// limited acts on a 429. Which requests it holds depends on its scope.
func (l *Limiter) limited(b *bucket, a *Answer, now time.Time) {
	after, isJSON := retryAfter(a)
	scope := a.Header.Get("X-RateLimit-Scope")
	if scope != "shared" {
		l.invalid.add(now)
	}
	switch {
	case !isJSON && scope == "": // not from Discord's API but from what stands before it: the address is held, not the bot
		l.all = later(l.all, now.Add(max(after, blocked)))
	case scope == "global" || a.Header.Get("X-RateLimit-Global") == "true":
		l.bot = later(l.bot, now.Add(max(after, unsaid)))
	default:
		b.held = later(b.held, now.Add(max(after, time.Millisecond)))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// retryAfter reads the exact wait from the body, else whole seconds from the header.
func retryAfter(a *Answer) (after time.Duration, isJSON bool) {
	var body struct {
		RetryAfter float64 `json:"retry_after"`
	}
	isJSON = json.Unmarshal(a.Body, &body) == nil
	if isJSON && body.RetryAfter > 0 {
		return seconds(body.RetryAfter), true
	}
	n, err := strconv.ParseFloat(a.Header.Get("Retry-After"), 64)
	if err != nil {
		return 0, isJSON
	}
	return seconds(n), isJSON
}

// seconds is a wait of at most a day, whatever the answer says.
func seconds(f float64) time.Duration {
	const day = 24 * 60 * 60
	if !(f > 0) {
		return 0
	}
	return time.Duration(min(f, day) * float64(time.Second))
}

// quota reads a bucket's state from an answer.
func quota(h http.Header) (limit, remaining int, after time.Duration, ok bool) {
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	if err != nil || limit <= 0 {
		return 0, 0, 0, false
	}
	remaining, err = strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	if err != nil || remaining < 0 {
		return 0, 0, 0, false
	}
	f, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil {
		return 0, 0, 0, false
	}
	return limit, remaining, seconds(f), true
}
