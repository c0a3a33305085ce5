package engine

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"antiraid/executor/internal/strikes"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// pauseAfter is how many failing runs in a row pause a template whose owner has not said otherwise.
const pauseAfter = 50

// maxFailing bounds how many templates are remembered to be failing.
const maxFailing = 10_000

// askAgain is the least time between two requests to pause the same template.
const askAgain = 10 * time.Second

// pauses counts failing runs in a row and asks the dispatcher to pause a template that only fails, until the bundle says so. The count is this
// process's own and begins again with a new owner, unless a run was given up: its template may have ended the owner before. From there on, the
// new one goes on.
type pauses struct {
	bus  *bus.Bus
	book *strikes.Book
	log  *slog.Logger

	mu      sync.Mutex
	failing *simplelru.LRU[failingKey, failing]
}

type failingKey struct {
	tenant   tenant.ID
	template string
	deployed int64 // Unix time in microseconds
}

func keyOf(t tenant.ID, template string, deployed time.Time) failingKey {
	return failingKey{t, template, deployed.UnixMicro()}
}

// failing is a template whose last runs all failed.
type failing struct {
	runs  int
	asked time.Time // for it to be paused; zero: never
	last  string    // what the last run failed with
	kept  bool      // it is in the book too
}

func newPauses(b *bus.Bus, book *strikes.Book, log *slog.Logger) *pauses {
	lru, err := simplelru.NewLRU[failingKey, failing](maxFailing, nil)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &pauses{bus: b, book: book, log: log, failing: lru}
}

func limit(b *bundle.Bundle) int {
	if b.PauseAfter == 0 {
		return pauseAfter
	}
	return b.PauseAfter
}

// resume goes on where former owners of a partition have left off. What this process counted when it had the partition before is of no use: the
// owner between may have seen good runs.
func (p *pauses) resume(ctx context.Context, partition int) error {
	all, err := p.book.Failing(ctx, partition)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range p.failing.Keys() {
		if key.tenant.Partition() == partition {
			p.failing.Remove(key)
		}
	}
	for _, known := range all {
		p.failing.Add(keyOf(known.Tenant, known.Template, known.Deployed), failing{runs: known.Runs, last: known.Last, kept: true})
	}
	return nil
}

// paused reports whether the template has failed too often and the bundle does not say so yet; then it asks again for that.
func (p *pauses) paused(ctx context.Context, b *bundle.Bundle, tpl *bundle.Template) bool {
	key := keyOf(b.Tenant, tpl.Name, tpl.Deployed)
	p.mu.Lock()
	f, _ := p.failing.Peek(key)
	p.mu.Unlock()
	n := limit(b)
	if n < 0 || f.runs < n {
		return false
	}
	p.ask(ctx, b, tpl, key, f)
	return true
}

// note counts an outcome.
func (p *pauses) note(ctx context.Context, b *bundle.Bundle, tpl *bundle.Template, rec *run.Record) {
	key := keyOf(b.Tenant, tpl.Name, tpl.Deployed)
	p.mu.Lock()
	f, _ := p.failing.Get(key)
	if rec.Outcome == run.OK {
		p.failing.Remove(key)
		p.mu.Unlock()
		if f.kept {
			p.forget(ctx, key)
		}
		return
	}
	given := rec.Outcome == run.Quarantined
	f.runs, f.last, f.kept = f.runs+1, rec.Failure.String(), f.kept || given
	p.failing.Add(key, f)
	p.mu.Unlock()
	if given {
		p.keep(ctx, tpl, key, f)
	}
	if n := limit(b); n > 0 && f.runs >= n {
		p.ask(ctx, b, tpl, key, f)
	}
}

// keep writes a count into the book, before the next event may end this process.
func (p *pauses) keep(ctx context.Context, tpl *bundle.Template, key failingKey, f failing) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := p.book.Keep(ctx, strikes.Failing{Tenant: key.tenant, Template: key.template, Deployed: tpl.Deployed, Runs: f.runs, Last: f.last})
	if err != nil {
		p.log.Warn("failing runs were not stored; a new owner begins to count again", "tenant", key.tenant, "template", key.template, "err", err)
	}
}

// forget takes a template out of the book; the next good run does when this one cannot.
func (p *pauses) forget(ctx context.Context, key failingKey) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := p.book.Forget(ctx, key.tenant, key.template)
	if err == nil {
		return
	}
	p.log.Warn("that a template does not fail any more was not stored", "tenant", key.tenant, "template", key.template, "err", err)
	p.mu.Lock()
	defer p.mu.Unlock()
	f, _ := p.failing.Peek(key)
	f.kept = true
	p.failing.Add(key, f)
}

// ask asks for a template to be paused, unless that was asked for a moment ago.
func (p *pauses) ask(ctx context.Context, b *bundle.Bundle, tpl *bundle.Template, key failingKey, f failing) {
	if time.Since(f.asked) < askAgain {
		return
	}
	f.asked = time.Now()
	p.mu.Lock()
	p.failing.Add(key, f)
	p.mu.Unlock()
	reason := "its run failed: " + f.last
	if f.runs > 1 {
		reason = fmt.Sprintf("%d runs in a row failed, the last with: %s", f.runs, f.last)
	}
	p.log.Info("template is paused", "tenant", b.Tenant, "template", tpl.Name, "reason", reason)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var reply api.PauseReply
	err := p.bus.Call(ctx, subject.CallPause, api.PauseRequest{Tenant: b.Tenant, Template: tpl.Name, Revision: tpl.Revision, Reason: reason}, &reply)
	if err == nil && reply.Error != nil {
		err = reply.Error
	}
	if err != nil {
		p.log.Warn("pause was not stored; this process does not run the template meanwhile", "tenant", b.Tenant, "template", tpl.Name, "err", err)
	}
}
