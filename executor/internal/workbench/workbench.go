// Package workbench answers the calls that need Lua and change nothing: what a template declares, and what a tenant's templates would do
// with events that were.
package workbench

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/commit"
	"antiraid/executor/internal/engine"
	"antiraid/executor/internal/library"
	"antiraid/executor/internal/sandbox"
	"antiraid/shared/api"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// Calls that are answered at once.
const (
	inspections = 2
	replays     = 2
)

// Calls is how many are answered at once, of all kinds. Each has a place on the page of its process while it computes.
const Calls = inspections + replays

// Workbench is one process's.
type Workbench struct {
	bus     *bus.Bus
	library *library.Library
	store   *commit.Store
	engine  *engine.Engine
	log     *slog.Logger
}

// New makes a workbench of its parts. The engine lets it compute beside its runs, and performs effects that change nothing.
func New(b *bus.Bus, l *library.Library, s *commit.Store, e *engine.Engine, log *slog.Logger) *Workbench {
	return &Workbench{b, l, s, e, log}
}

// Run answers until ctx ends.
func (w *Workbench) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.bus.Serve(ctx, subject.CallInspect, inspections, w.inspect) })
	g.Go(func() error { return w.bus.Serve(ctx, subject.CallReplay, replays, w.replay) })
	return g.Wait()
}

func (w *Workbench) inspect(ctx context.Context, request []byte) (any, error) {
	var req api.InspectRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, fmt.Errorf("read an inspection: %w", err)
	}
	if err := req.Files.Check(); err != nil {
		return nil, err
	}
	var reply api.InspectReply
	err := w.engine.Beside(ctx, blame.Run{Template: req.Template}, req.Limits.Or(run.DefaultLimits()), func(ctx context.Context, in sandbox.Input) error {
		p, failure := sandbox.Compile(req.Template, req.Files)
		if failure != nil {
			reply.Failure = failure
			return nil
		}
		d, res := p.Declare(ctx, in)
		reply = api.InspectReply{Failure: res.Failure, Events: d.Events, Capabilities: d.Capabilities}
		return res.Err
	})
	if err != nil {
		return nil, fmt.Errorf("load template %s: %w", req.Template, err)
	}
	return reply, nil
}

func (w *Workbench) replay(ctx context.Context, request []byte) (any, error) {
	var req api.ReplayRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, fmt.Errorf("read a replay: %w", err)
	}
	switch {
	case req.Tenant.IsZero() || req.Inbox == "":
		return api.ReplayReply{Error: &api.Error{Code: api.Invalid, Message: "a replay needs a tenant and an inbox"}}, nil
	case req.Since.After(time.Now()):
		return api.ReplayReply{Error: &api.Error{Code: api.Invalid, Message: "a replay cannot begin in the future"}}, nil
	}
	r := &rerun{Workbench: w, req: req}
	if problem, err := r.open(ctx); problem != nil || err != nil {
		return api.ReplayReply{Error: problem}, err
	}
	if err := r.run(ctx); err != nil {
		w.send(req.Inbox, api.ReplayFrame{Error: err.Error()})
	}
	return api.ReplayReply{}, nil
}

func (w *Workbench) send(inbox string, f api.ReplayFrame) {
	data, err := json.Marshal(f)
	if err == nil {
		err = w.bus.Send(inbox, data)
	}
	if err != nil {
		w.log.Warn("a step of a replay was not sent", "err", err)
	}
}
