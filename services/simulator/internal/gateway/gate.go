package gateway

import "time"

// day is the period of the identify budget.
const day = 24 * time.Hour

// gate counts IDENTIFYs.
type gate struct {
	last  map[int]time.Time // by bucket
	used  int
	since time.Time // when the day began
}

// Limit is `session_start_limit` of GET /gateway/bot, and the shards beside it.
type Limit struct {
	Shards         int           `json:"-"`
	Total          int           `json:"total"`
	Remaining      int           `json:"remaining"`
	ResetAfter     time.Duration `json:"-"`
	MaxConcurrency int           `json:"max_concurrency"`
}

// Limit is what is left for today.
func (g *Gateway) Limit() Limit {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turnDay()
	l := Limit{
		Shards: g.cfg.Shards, Total: g.cfg.IdentifyBudget, Remaining: max(0, g.cfg.IdentifyBudget-g.gate.used),
		MaxConcurrency: g.cfg.MaxConcurrency,
	}
	if g.gate.used > 0 {
		l.ResetAfter = g.gate.since.Add(day).Sub(g.cfg.Now())
	}
	return l
}

// SpendIdentifies takes n from today's budget, as if that many sessions had been begun.
func (g *Gateway) SpendIdentifies(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turnDay()
	g.spend(n)
}

// admit counts an IDENTIFY. soon: it came too early for its bucket. broke: it passed the budget. Early ones count too: the documents
// do not say, and clients must not rely on less.
func (g *Gateway) admit(shard int) (soon, broke bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turnDay()
	g.spend(1)
	if g.gate.used > g.cfg.IdentifyBudget {
		return false, true
	}
	now, bucket := g.cfg.Now(), shard%g.cfg.MaxConcurrency
	if last, ok := g.gate.last[bucket]; ok && now.Sub(last) < g.cfg.IdentifyEvery {
		return true, false
	}
	g.gate.last[bucket] = now
	return false, false
}

func (g *Gateway) turnDay() {
	if g.gate.used > 0 && g.cfg.Now().Sub(g.gate.since) >= day {
		g.gate.used = 0
	}
}

func (g *Gateway) spend(n int) {
	if g.gate.used == 0 {
		g.gate.since = g.cfg.Now()
	}
	g.gate.used += n
}

// revoke is what passing the budget brings: every session ends and the token is void.
func (g *Gateway) revoke() {
	g.account.Reset()
	g.mu.Lock()
	g.gate.used = 0
	clear(g.sessions)
	g.mu.Unlock()
	g.log.Warn("identify budget passed, token reset")
	g.All().Close(CloseAuthentication)
}
