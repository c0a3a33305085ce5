package engine

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// pauseAfter is how many failing runs in a row pause a template whose owner has not said otherwise.
const pauseAfter = 50

// pauses counts failing runs in a row and asks the dispatcher to pause a template that only fails. The count is this process's own: it
// begins again with a new owner.
type pauses struct {
	bus *bus.Bus
	log *slog.Logger

	mu      sync.Mutex
	failing map[failingKey]int
}

type failingKey struct {
	tenant   tenant.ID
	template string
	revision string
}

func newPauses(b *bus.Bus, log *slog.Logger) *pauses {
	return &pauses{bus: b, log: log, failing: map[failingKey]int{}}
}

func limit(b *bundle.Bundle) int {
	if b.PauseAfter == 0 {
		return pauseAfter
	}
	return b.PauseAfter
}

// paused reports whether this process stopped running the template and the bundle does not say so yet.
func (p *pauses) paused(b *bundle.Bundle, tpl *bundle.Template) bool {
	n := limit(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	return n > 0 && p.failing[failingKey{b.Tenant, tpl.Name, tpl.Revision}] >= n
}

// note counts an outcome.
func (p *pauses) note(ctx context.Context, b *bundle.Bundle, rec *run.Record) {
	key := failingKey{rec.Tenant, rec.Template, rec.Revision}
	p.mu.Lock()
	if rec.Outcome == run.OK {
		delete(p.failing, key)
	} else {
		p.failing[key]++
	}
	n := p.failing[key]
	p.mu.Unlock()
	if n != limit(b) || rec.Outcome == run.OK {
		return
	}
	reason := fmt.Sprintf("%d runs in a row failed, the last with: %s", n, rec.Failure.Message)
	p.log.Info("template is paused", "tenant", rec.Tenant, "template", rec.Template, "reason", reason)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var reply api.PauseReply
	err := p.bus.Call(ctx, subject.CallPause, api.PauseRequest{Tenant: rec.Tenant, Template: rec.Template, Revision: rec.Revision, Reason: reason}, &reply)
	if err == nil && reply.Error != nil {
		err = reply.Error
	}
	if err != nil {
		p.log.Warn("pause was not stored; this process does not run the template meanwhile", "tenant", rec.Tenant, "template", rec.Template, "err", err)
	}
}
