package torture

import (
	"context"
	"fmt"
	"slices"
	"time"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Attack is one script's time on the executor, as one tenant. A script that attacks again does so as another one.
type Attack struct {
	File         string
	Began, Ended time.Time // zero: it cannot be sent, nobody was attacked
	Events       []Event   // that the same tenant's checking template saw behind the script
	Runs         []Run
	Refused      string // why the script would not be deployed; empty: it would
	Mute         string // why it is not known whether it would be
	Grew         int64  // bytes by which a worker grew meanwhile, at most
}

// limits are the budgets of every run.
func limits() run.Limits { return run.DefaultLimits() }

// patience is how long an attack's events may take: each may go through every budget and be ended with its process as often as it takes
// to be given up.
func patience(events int) time.Duration {
	return 30*time.Second + time.Duration(events)*((1+run.Excusable)*limits().Wall+4*time.Second)
}

// attack makes a script a new tenant's, sends its events, and waits until all have gone through.
func (s *siege) attack(ctx context.Context, script script, id tenant.ID) (*Attack, error) {
	if script.refused != "" {
		return &Attack{File: script.file, Refused: script.refused}, nil
	}
	a := &Attack{File: script.file, Began: time.Now()}
	memory := s.watch.begin()
	if err := s.deploy(ctx, script, id, a); err != nil {
		return nil, fmt.Errorf("deploy %s: %w", script.file, err)
	}
	for range s.Events {
		if err := publish(s.Bus, s.seen, id); err != nil {
			return nil, fmt.Errorf("attack with %s: %w", script.file, err)
		}
	}
	waiting, cancel := context.WithTimeout(ctx, patience(s.Events))
	defer cancel()
	s.seen.until(waiting, id, s.Events)
	a.Events, a.Runs = s.seen.events(id), s.seen.runs(id)
	a.Ended, a.Grew = time.Now(), s.watch.end(memory)
	return a, ctx.Err()
}

// deploy asks what the script declares, as a deploy does, and writes the bundle whatever the answer is: the events must reach it.
func (s *siege) deploy(ctx context.Context, script script, id tenant.ID, a *Attack) error {
	var reply api.InspectReply
	files := bundle.Revision{bundle.Entry: script.source}
	capabilities := []string{"discord:*", "kv:*"}
	switch err := s.Bus.Call(ctx, subject.CallInspect, api.InspectRequest{Template: attacking, Files: files}, &reply); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		a.Mute = err.Error()
	case reply.Failure != nil:
		a.Refused = reply.Failure.Message
	default:
		capabilities = slices.DeleteFunc(reply.Capabilities, func(c string) bool { return bundle.CheckCapability(c) != nil })
		slices.Sort(capabilities)
	}
	revision, err := s.Upload(ctx, script.source)
	if err != nil {
		return err
	}
	own, err := s.Upload(ctx, checker(id))
	if err != nil {
		return err
	}
	events := []string{eventType}
	err = s.PutBundle(ctx, &bundle.Bundle{
		Schema: bundle.Schema, Tenant: id, Version: 1, Status: bundle.Active, Updated: time.Now(), PauseAfter: -1,
		Templates: []bundle.Template{
			{Name: attacking, Revision: revision, Events: events, Capabilities: capabilities, Deployed: time.Now()},
			{Name: checking, Revision: own, Events: events, Capabilities: []string{"kv:*"}, Deployed: time.Now()},
		},
	})
	if err != nil {
		return err
	}
	return s.Announce(ctx, id, 1)
}
