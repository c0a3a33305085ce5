package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/commit"
	"antiraid/executor/internal/sandbox"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// bundleRecord is the template name under which it is recorded that a bundle version is in force.
const bundleRecord = "_bundle"

// event runs every template that wants the event, in the bundle's order. An error means that this process must let the partition go;
// everything else has been dealt with. Events up to position are known to be applied; struck runs were there when a process ended.
func (e *Engine) event(ctx context.Context, ev event.Event, position uint64, struck map[blame.Run]int) error {
	var announced event.StartupPayload
	if ev.Type == event.Startup && json.Unmarshal(ev.Payload, &announced) != nil {
		announced.Version = 0
	}
	j := &job{Engine: e, event: ev, lane: laneOf(&ev), struck: struck}
	return j.until(ctx, "event", func() error {
		t, err := e.store.Acquire(ctx, ev.Tenant, position)
		if err != nil {
			return err
		}
		defer e.store.Release(t)
		b, err := e.library.Bundle(ctx, ev.Tenant, max(t.Bundle(), announced.Version))
		if err != nil {
			return err
		}
		if b != nil {
			j.tenant, j.bundle = t, b
			if err := j.templates(ctx); err != nil {
				return err
			}
		}
		if announced.Version > 0 {
			return j.inForce(ctx)
		}
		return nil
	})
}

func laneOf(ev *event.Event) commit.Lane {
	if ev.Type == event.Interaction {
		return commit.Interactive
	}
	return commit.Main
}

// job is one event on its way through a tenant's templates.
type job struct {
	*Engine
	event  event.Event
	lane   commit.Lane
	tenant *commit.Tenant
	bundle *bundle.Bundle
	struck map[blame.Run]int
}

// until does something again, in place, until it works or this process must stop: infrastructure faults never reorder events.
func (j *job) until(ctx context.Context, what string, fn func() error) error {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := fn()
		switch {
		case err == nil, errors.Is(err, commit.ErrFenced):
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		j.log.Warn(what+" is tried again", "tenant", j.event.Tenant, "event", j.event.ID, "after", wait, "err", err)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait):
		}
	}
}

func (j *job) templates(ctx context.Context) error {
	if j.bundle.Status != bundle.Active {
		return nil
	}
	for i := range j.bundle.Templates {
		tpl := &j.bundle.Templates[i]
		if tpl.Paused != "" || !tpl.Handles(j.event.Type) || j.pauses.paused(j.bundle, tpl) || j.tenant.Done(j.lane, j.event.Seq, tpl.Name) {
			continue
		}
		if err := j.template(ctx, tpl); err != nil {
			return err
		}
	}
	return nil
}

// template runs one template to its outcome. Runs that were overtaken by the tenant's other lane are run again.
func (j *job) template(ctx context.Context, tpl *bundle.Template) error {
	if err := j.runs.Acquire(ctx, 1); err != nil {
		return context.Cause(ctx)
	}
	defer j.runs.Release(1)
	name := blame.Run{Tenant: j.event.Tenant, Seq: j.event.Seq, Template: tpl.Name}
	n := j.struck[name]
	if n >= strikes.Out {
		return j.quarantine(ctx, tpl, n)
	}
	defer j.begin(name, n > 0)()
	for attempt := 1; ; attempt++ {
		rec, err := j.attempt(ctx, tpl, attempt)
		switch {
		case errors.Is(err, commit.ErrConflict):
			continue
		case errors.Is(err, sandbox.ErrPayload):
			return j.bury(ctx, tpl, err)
		case err != nil:
			return err
		}
		return j.record(ctx, rec)
	}
}

// overshoot is how long a run may outlive its wall-clock budget before its process is ended.
const overshoot = 2 * time.Second

// begin notes a run in the page that the supervisor reads. A suspect waits until it is the only run of the process.
func (j *job) begin(name blame.Run, suspect bool) (end func()) {
	unlock := j.alone.RUnlock
	if suspect {
		j.log.Info("suspect is run alone", "tenant", name.Tenant, "template", name.Template, "event", j.event.ID)
		j.alone.Lock()
		unlock = j.alone.Unlock
	} else {
		j.alone.RLock()
	}
	if j.cfg.Page == nil {
		return unlock
	}
	done := j.cfg.Page.Begin(name, time.Now().Add(j.bundle.Limits.Or(run.DefaultLimits()).Wall+overshoot))
	return func() {
		done()
		unlock()
	}
}

// quarantine gives up a run that keeps ending its process; the tenant's other templates and later events go on.
func (j *job) quarantine(ctx context.Context, tpl *bundle.Template, n int) error {
	rec := j.newRecord(tpl, n+1)
	rec.Outcome = run.Quarantined
	rec.Failure = &run.Failure{Message: fmt.Sprintf("its process ended %d times while it ran; this event is not tried again", n)}
	if err := j.bury(ctx, tpl, errors.New(rec.Failure.Message)); err != nil {
		return err
	}
	return j.record(ctx, rec)
}

// attempt is one run and its commit.
func (j *job) attempt(ctx context.Context, tpl *bundle.Template, attempt int) (*run.Record, error) {
	rec := j.newRecord(tpl, attempt)
	vm, failure, err := j.library.VM(ctx, j.event.Tenant, tpl)
	if err != nil {
		return nil, err
	}
	if failure != nil {
		rec.Failure, rec.Outcome = failure, failure.Outcome()
		return rec, nil
	}
	defer j.library.Return(vm)
	tx := j.tenant.Begin(commit.Identity{Event: j.event, Lane: j.lane, Template: tpl.Name, Bundle: j.bundle.Version, Run: rec.Run}, j.await)
	res := vm.Run(ctx, sandbox.Input{
		Event: j.event, Bundle: j.bundle.Version, Template: tpl.Name, Granted: tpl.Capabilities,
		Limits: j.bundle.Limits.Or(run.DefaultLimits()), Host: tx,
	})
	if res.Err != nil {
		return nil, res.Err
	}
	rec.Usage, rec.Log, rec.Reply, rec.Failure = res.Usage, res.Log, res.Reply, res.Failure
	rec.Outcome, rec.Took = rec.Failure.Outcome(), time.Since(rec.Started)
	if rec.Failure == nil && tx.Acted() {
		return rec, j.commit(ctx, tx, rec)
	}
	return rec, nil
}

// commit asks again when it is not known whether the commit was stored: the transaction itself finds out.
func (j *job) commit(ctx context.Context, tx *commit.Tx, rec *run.Record) error {
	var conflict error
	err := j.until(ctx, "commit", func() error {
		err := j.tenant.Commit(ctx, tx, rec)
		switch {
		case errors.Is(err, commit.ErrDone):
			return nil
		case errors.Is(err, commit.ErrConflict):
			conflict = err
			return nil
		case errors.Is(err, commit.ErrTooLarge):
			rec.Failure = &run.Failure{Message: err.Error() + "; write and send less in one run", Budget: "kv_bytes", Limit: 960 << 10}
			rec.Outcome, rec.Writes, rec.Effects = rec.Failure.Outcome(), nil, nil
			return nil
		}
		return err
	})
	return errors.Join(err, conflict)
}

func (j *job) newRecord(tpl *bundle.Template, attempt int) *run.Record {
	return &run.Record{
		Run: j.event.ID + "/" + tpl.Name, Event: j.event.ID, Type: j.event.Type, Seq: j.event.Seq, Tenant: j.event.Tenant,
		Template: tpl.Name, Revision: tpl.Revision, Bundle: j.bundle.Version, Started: time.Now(), Attempt: attempt, Executor: j.cfg.Name,
	}
}

// record keeps what happened, unless the commit has, and pauses a template that fails again and again.
func (j *job) record(ctx context.Context, rec *run.Record) error {
	j.pauses.note(ctx, j.bundle, rec)
	if !rec.Noteworthy() || len(rec.Writes)+len(rec.Effects) > 0 {
		return nil
	}
	return j.publish(ctx, rec)
}

func (j *job) publish(ctx context.Context, rec *run.Record) error {
	data, err := json.Marshal(rec)
	if err != nil {
		return fmt.Errorf("encode run record %s: %w", rec.Run, err)
	}
	return j.until(ctx, "run record", func() error {
		_, err := j.bus.Publish(ctx, bus.Outgoing{Subject: subject.Run(rec.Tenant, rec.Template, string(rec.Outcome)), ID: rec.Run, Data: data})
		return err
	})
}

// inForce tells whoever waits for a deploy that its STARTUP event has run.
func (j *job) inForce(ctx context.Context) error {
	rec := &run.Record{
		Run: j.event.ID + "/" + bundleRecord, Event: j.event.ID, Type: j.event.Type, Seq: j.event.Seq, Tenant: j.event.Tenant,
		Template: bundleRecord, Outcome: run.OK, Started: time.Now(), Attempt: 1, Executor: j.cfg.Name,
	}
	if j.bundle != nil {
		rec.Bundle = j.bundle.Version
	}
	return j.publish(ctx, rec)
}

// bury makes an event that no template can read a dead letter, with its bytes.
func (j *job) bury(ctx context.Context, tpl *bundle.Template, why error) error {
	return j.until(ctx, "dead letter", func() error {
		return j.bus.DeadLetter(ctx, bus.Letter{
			Tenant: j.event.Tenant, Part: tpl.Name, ID: "dead/" + j.event.ID + "/" + tpl.Name, Reason: why.Error(), Data: j.event.Payload,
			Header: map[string]string{subject.HeaderRun: j.event.ID + "/" + tpl.Name, subject.HeaderBundle: fmt.Sprint(j.bundle.Version)},
		})
	})
}
