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
	"antiraid/shared/lease"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// bundleRecord is the template name under which it is recorded that a bundle version is in force.
const bundleRecord = "_bundle"

// patience is how long a run that is over waits for others of its lane to be committed with it, and the longest last run of one that is begun
// meanwhile. Beside a commit, which is two round trips, it is short; a lane without a backlog does not wait at all.
const patience = 2 * time.Millisecond

// events runs every template that wants them, event by event, in the bundle's order, commits the runs as one group, and says how many
// events are done: as many as patience allows. All are of one lane. An error means that this process must let the partition go; everything
// else has been dealt with.
func (p *partition) events(ctx context.Context, evs []event.Event) (done int, err error) {
	j := &job{partition: p, work: ctx, event: evs[0], lane: laneOf(&evs[0]), broke: map[blame.Run]strikes.Count{}, attempt: 1}
	if err := j.enter(ctx); err != nil {
		return 0, err
	}
	defer j.exit()
	err = j.until(ctx, "event", func() error {
		t, err := p.store.Acquire(ctx, evs[0].Tenant, p.applied(evs[0].Tenant), p.start.Cut)
		if err != nil {
			return err
		}
		defer p.store.Release(t)
		j.tenant = t
		for {
			done, err = j.some(ctx, evs)
			if !errors.Is(err, commit.ErrConflict) {
				return err
			}
			j.attempt++ // the tenant's other lane came between: runs that are not committed begin again, each for itself
		}
	})
	return done, err
}

// some takes events as long as patience allows.
func (j *job) some(ctx context.Context, evs []event.Event) (done int, err error) {
	j.group = j.tenant.Group()
	for began := time.Now(); done < len(evs) && (done == 0 || time.Since(began) < patience); done++ {
		j.event = evs[done]
		if err := j.one(ctx); err != nil {
			return 0, err
		}
	}
	return done, j.flush(ctx, nil)
}

// one runs the templates for one event.
func (j *job) one(ctx context.Context) error {
	var announced event.StartupPayload
	if j.event.Type == event.Startup && json.Unmarshal(j.event.Payload, &announced) != nil {
		announced.Version = 0
	}
	b, err := j.library.Bundle(ctx, j.event.Tenant, max(j.tenant.Bundle(), j.version, announced.Version))
	if err != nil {
		return err
	}
	if j.bundle = b; b != nil {
		j.version = b.Version
		if err := j.templates(ctx); err != nil {
			return err
		}
	}
	if announced.Version > 0 {
		return j.inForce(ctx)
	}
	return nil
}

func laneOf(ev *event.Event) commit.Lane {
	if ev.Type == event.Interaction {
		return commit.Interactive
	}
	return commit.Main
}

// job is events of one lane on their way through a tenant's templates.
type job struct {
	*partition
	work    context.Context // ends when this process must let the partition go
	lane    commit.Lane
	tenant  *commit.Tenant
	broke   map[blame.Run]strikes.Count // how often the Lua machine broke down in a run
	attempt int
	entered bool          // it is at work
	group   *commit.Group // runs that are over and not committed
	version uint64        // of the bundle that the last event ran with

	event  event.Event // the one that it is at
	bundle *bundle.Bundle
}

// until does something again, in place, until it works or this process must stop: infrastructure faults never reorder events.
func (j *job) until(ctx context.Context, what string, fn func() error) error {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := fn()
		switch {
		case err == nil, errors.Is(err, commit.ErrFenced), errors.Is(err, lease.ErrLost):
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		j.log.Warn(what+" is tried again", "tenant", j.event.Tenant, "event", j.event.ID, "after", wait, "err", err)
		j.exit()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait):
		}
		if err := j.enter(ctx); err != nil {
			return err
		}
	}
}

func (j *job) templates(ctx context.Context) error {
	if j.bundle.Status != bundle.Active {
		return nil
	}
	for i := range j.bundle.Templates {
		tpl := &j.bundle.Templates[i]
		if tpl.Paused != "" || !tpl.Handles(j.event.Type) || j.tenant.Done(j.lane, j.event.Seq, tpl.Name) {
			continue
		}
		if j.pauses.paused(ctx, j.bundle, tpl) {
			rec := j.newRecord(tpl, j.attempt)
			rec.Outcome, rec.Failure = run.Paused, &run.Failure{Message: "the template only failed and is being paused"}
			if err := j.add(ctx, nil, rec); err != nil {
				return err
			}
			continue
		}
		if err := j.template(ctx, tpl); err != nil {
			return err
		}
	}
	return nil
}

// template runs one template to its outcome.
func (j *job) template(ctx context.Context, tpl *bundle.Template) error {
	name := blame.Run{Tenant: j.event.Tenant, Seq: j.event.Seq, Template: tpl.Name}
	struck, broke := j.struck[name], j.broke[name]
	switch {
	case struck.N >= strikes.Out:
		return j.quarantine(ctx, tpl, struck, "its process ended")
	case broke.N >= strikes.Out:
		return j.quarantine(ctx, tpl, broke, "the Lua machine broke down")
	}
	defer j.tenant.Unpin(j.lane)
	rec, tx, err := j.run(ctx, tpl, name, struck.N > 0, true)
	if errors.Is(err, sandbox.ErrLarge) {
		rec, tx, err = j.large(ctx, tpl, name, struck.N > 0)
	}
	switch {
	case errors.Is(err, sandbox.ErrPayload):
		return j.bury(ctx, tpl, err)
	case errors.Is(err, sandbox.ErrPanic):
		j.broke[name] = strikes.Count{N: broke.N + 1, Used: rec.Usage}
		return err
	case err != nil:
		return err
	}
	return j.keep(ctx, tpl, tx, rec)
}

// keep makes a run part of the group and commits the group when it is time. A failing run does not wait: it may be the one that pauses its
// template. And it is committed too: it is the event's one outcome. Nothing is known of a run that met the end of our lease: what failed may
// be this process, which was stopped, or the network. Nor of one that has read what the other lane has changed meanwhile.
func (j *job) keep(ctx context.Context, tpl *bundle.Template, tx *commit.Tx, rec *run.Record) error {
	if rec.Outcome != run.OK {
		if err := j.holding.Err(); err != nil {
			return err
		}
		tx.Fail()
	}
	if tx.Stale() {
		return commit.ErrConflict
	}
	if rec.Noteworthy() || tx.Acted() {
		if err := j.add(ctx, tx, rec); err != nil {
			return err
		}
	}
	j.cfg.Figures.Ran(rec.Outcome, rec.Took)
	if rec.Outcome != run.OK || j.attempt > 1 || j.tenant.Pinned(j.lane) {
		if err := j.flush(ctx, nil); err != nil {
			return err
		}
	}
	j.pauses.note(ctx, j.bundle, tpl, rec)
	return nil
}

// add makes a run part of the group, and commits what was there before when there is no room for both.
func (j *job) add(ctx context.Context, tx *commit.Tx, rec *run.Record) error {
	for {
		added, err := j.group.Add(tx, rec)
		if added || err != nil {
			return err
		}
		if err := j.flush(ctx, tx); err != nil {
			return err
		}
	}
}

// flush commits what is over, before a run that is under way, or none. It asks again when it is not known whether the commit was stored: the
// group itself finds out.
func (j *job) flush(ctx context.Context, under *commit.Tx) error {
	var conflict error
	err := j.until(ctx, "commit", func() error {
		err := j.group.Commit(ctx, under)
		switch {
		case errors.Is(err, commit.ErrDone):
			j.group = j.tenant.Group()
			return nil
		case errors.Is(err, commit.ErrConflict):
			conflict = err
			return nil
		}
		return err
	})
	return errors.Join(err, conflict)
}

// quarantine gives up a run that keeps breaking what it runs in; the tenant's other templates and later events go on.
func (j *job) quarantine(ctx context.Context, tpl *bundle.Template, c strikes.Count, what string) error {
	rec := j.newRecord(tpl, c.N+1)
	rec.Outcome, rec.Usage = run.Quarantined, c.Used
	rec.Failure = &run.Failure{Message: fmt.Sprintf("%s %d times while it ran; this event is not tried again", what, c.N)}
	if err := j.bury(ctx, tpl, errors.New(rec.Failure.Message)); err != nil {
		return err
	}
	return j.keep(ctx, tpl, j.begun(rec, nil), rec)
}

// large is a run that needs much memory. It waits until this process has that to spare, and keeps neither a seat meanwhile nor what is over
// from being committed.
func (j *job) large(ctx context.Context, tpl *bundle.Template, name blame.Run, suspect bool) (*run.Record, *commit.Tx, error) {
	if err := j.flush(ctx, nil); err != nil {
		return nil, nil, err
	}
	n := min(j.bundle.Limits.Or(run.DefaultLimits()).Memory, j.cfg.Memory)
	j.exit()
	if err := j.memory.Acquire(ctx, n); err != nil {
		return nil, nil, context.Cause(ctx)
	}
	defer j.memory.Release(n)
	if err := j.enter(ctx); err != nil {
		return nil, nil, err
	}
	return j.run(ctx, tpl, name, suspect, false)
}

// often is how many attempts lose to the tenant's other lane before one holds it off.
const often = 2

// run is one run. A small one that turns out to be large ends with [sandbox.ErrLarge].
func (j *job) run(ctx context.Context, tpl *bundle.Template, name blame.Run, suspect, small bool) (*run.Record, *commit.Tx, error) {
	if j.attempt > often {
		if err := j.tenant.Pin(ctx, j.lane, tpl.Name); err != nil {
			return nil, nil, err
		}
	}
	s := &seat{job: j, name: name, suspect: suspect, limits: j.bundle.Limits.Or(run.DefaultLimits())}
	if err := s.take(ctx); err != nil {
		return nil, nil, err
	}
	defer s.leave()
	rec := j.newRecord(tpl, j.attempt)
	vm, failure, err := j.library.VM(ctx, j.event.Tenant, tpl)
	if err != nil {
		return nil, nil, err
	}
	if failure != nil {
		rec.Failure, rec.Outcome, rec.Took = failure, failure.Outcome(), time.Since(rec.Started)
		return rec, j.begun(rec, s), nil
	}
	defer j.library.Return(vm)
	if small && vm.Large() { // as it was the last time
		return nil, nil, sandbox.ErrLarge
	}
	if vm.Took > patience { // others of the group need not wait for it
		if err := j.flush(ctx, nil); err != nil {
			return nil, nil, err
		}
	}
	tx := j.begun(rec, s)
	turn := j.turns.Begin(ctx)
	defer turn.End()
	res := vm.Run(turn, sandbox.Input{
		Event: j.event, Bundle: j.bundle.Version, Template: tpl.Name, Granted: tpl.Capabilities, Limits: s.limits, Host: tx, Small: small,
		Looked: s.looked,
	})
	s.stay.Within(0)
	rec.Usage, rec.Log, rec.Reply, rec.Failure = res.Usage, res.Log, res.Reply, res.Failure
	if res.Err != nil {
		return rec, nil, res.Err
	}
	rec.Outcome, rec.Took = rec.Failure.Outcome(), time.Since(rec.Started)
	vm.Took = rec.Took
	return rec, tx, nil
}

// begun is the transaction of a run, which awaits effects as s does.
func (j *job) begun(rec *run.Record, s *seat) *commit.Tx {
	return j.group.Begin(commit.Identity{Event: j.event, Lane: j.lane, Template: rec.Template, Bundle: rec.Bundle, Run: rec.Run}, s)
}

func (j *job) newRecord(tpl *bundle.Template, attempt int) *run.Record {
	return &run.Record{
		Run: j.event.ID + "/" + tpl.Name, Event: j.event.ID, Type: j.event.Type, Seq: j.event.Seq, Tenant: j.event.Tenant,
		Template: tpl.Name, Revision: tpl.Revision, Bundle: j.bundle.Version, Started: time.Now(), Attempt: attempt, Executor: j.cfg.Name,
	}
}

// inForce tells whoever waits for a deploy that its STARTUP event has run and is committed.
func (j *job) inForce(ctx context.Context) error {
	rec := &run.Record{
		Run: j.event.ID + "/" + bundleRecord, Event: j.event.ID, Type: j.event.Type, Seq: j.event.Seq, Tenant: j.event.Tenant,
		Template: bundleRecord, Outcome: run.OK, Started: time.Now(), Attempt: 1, Executor: j.cfg.Name,
	}
	if j.bundle != nil {
		rec.Bundle = j.bundle.Version
	}
	if err := j.add(ctx, nil, rec); err != nil {
		return err
	}
	return j.flush(ctx, nil)
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
