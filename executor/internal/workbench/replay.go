package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/commit"
	"antiraid/executor/internal/sandbox"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/event"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// rerun is one replay: kept events through the bundle of now, over the state of now, with what the runs change kept in memory.
type rerun struct {
	*Workbench
	req    api.ReplayRequest
	bundle *bundle.Bundle
	state  *commit.Group // never committed
	end    api.ReplayEnd
}

func (r *rerun) open(ctx context.Context) (*api.Error, error) {
	b, err := r.library.Bundle(ctx, r.req.Tenant, 0)
	if err != nil {
		return nil, err
	}
	if b == nil || len(b.Templates) == 0 {
		return &api.Error{Code: api.NotFound, Message: fmt.Sprintf("%s has no templates; deploy one with: antiraid deploy DIR --tenant %s", r.req.Tenant, r.req.Tenant)}, nil
	}
	if r.req.Template != "" {
		found := false
		for _, t := range b.Templates {
			found = found || t.Name == r.req.Template
		}
		if !found {
			return &api.Error{Code: api.NotFound, Message: fmt.Sprintf("%s has no template %s; see: antiraid templates --tenant %s", r.req.Tenant, r.req.Template, r.req.Tenant)}, nil
		}
	}
	state, err := r.store.View(ctx, r.req.Tenant)
	if err != nil {
		return nil, err
	}
	r.bundle, r.state, r.end.Version = b, state.Group(), b.Version
	return nil, nil
}

func (r *rerun) run(ctx context.Context) error {
	err := r.bus.ReadAll(ctx, bus.Reading{Stream: subject.Events, Subjects: []string{subject.TenantEvents(r.req.Tenant)}, Since: r.req.Since}, func(m *bus.Message) error {
		ev, err := m.Event()
		if err != nil || r.req.Type != "" && ev.Type != r.req.Type {
			return nil // not one of the tenant's lanes
		}
		r.end.Events++
		return r.event(ctx, ev)
	})
	if err != nil {
		return err
	}
	r.send(r.req.Inbox, api.ReplayFrame{End: &r.end})
	return nil
}

func (r *rerun) event(ctx context.Context, ev event.Event) error {
	for i := range r.bundle.Templates {
		tpl := &r.bundle.Templates[i]
		if !tpl.Handles(ev.Type) || r.req.Template != "" && tpl.Name != r.req.Template {
			continue
		}
		rec, err := r.template(ctx, ev, tpl)
		if err != nil {
			return fmt.Errorf("replay event %s with template %s: %w", ev.ID, tpl.Name, err)
		}
		r.end.Runs++
		r.send(r.req.Inbox, api.ReplayFrame{Record: rec, Time: ev.Time})
	}
	return nil
}

func (r *rerun) template(ctx context.Context, ev event.Event, tpl *bundle.Template) (*run.Record, error) {
	rec := &run.Record{
		Run: ev.ID + "/" + tpl.Name, Event: ev.ID, Type: ev.Type, Seq: ev.Seq, Tenant: ev.Tenant, Template: tpl.Name,
		Revision: tpl.Revision, Bundle: r.bundle.Version, Started: time.Now(), Attempt: 1, Dry: true,
	}
	var tx *commit.Tx
	name := blame.Run{Tenant: ev.Tenant, Template: tpl.Name}
	err := r.engine.Beside(ctx, name, r.bundle.Limits.Or(run.DefaultLimits()), func(ctx context.Context, in sandbox.Input) error {
		vm, failure, err := r.library.VM(ctx, ev.Tenant, tpl)
		if err != nil || failure != nil {
			rec.Failure = failure
			return err
		}
		defer r.library.Return(vm)
		tx = r.state.Begin(commit.Identity{Event: ev, Template: tpl.Name, Bundle: r.bundle.Version, Run: rec.Run}, dry{r.engine})
		in.Event, in.Bundle, in.Template, in.Granted, in.Host = ev, r.bundle.Version, tpl.Name, tpl.Capabilities, tx
		res := vm.Run(ctx, in)
		rec.Usage, rec.Log, rec.Reply, rec.Failure = res.Usage, res.Log, res.Reply, res.Failure
		if res.Err != nil && !errors.Is(res.Err, sandbox.ErrLarge) {
			rec.Failure = &run.Failure{Message: res.Err.Error()}
			return nil
		}
		return res.Err
	})
	if err != nil {
		return nil, err
	}
	rec.Outcome, rec.Took = rec.Failure.Outcome(), time.Since(rec.Started)
	if tx == nil { // it cannot be compiled
		return rec, nil
	}
	if rec.Failure == nil {
		rec.Writes = r.state.Pretend(tx)
	}
	rec.Effects = tx.Effects()
	return rec, nil
}

// dry answers effects that a run waits for. Reads are asked for as ever, under the ids of the first run: within 24 h the answer is the one
// that run got. Nothing else is performed.
type dry struct{ reads commit.Awaiter }

func (d dry) Await(ctx context.Context, e effect.Effect) (effect.Result, error) {
	if op, _ := effect.Lookup(e.Op); op.Reads {
		return d.reads.Await(ctx, e)
	}
	return effect.Result{ID: e.ID, Status: 200, Body: json.RawMessage(`{}`)}, nil
}
