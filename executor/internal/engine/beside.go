package engine

import (
	"context"
	"errors"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/sandbox"
	"antiraid/shared/run"
)

// Beside lets something compute that is no run of a partition, held to the same: it is on the page that the supervisor reads, pauses when it
// takes long, and waits for memory when a small run's is not enough. fn is then called again, with an input whose other fields it fills in.
func (e *Engine) Beside(ctx context.Context, name blame.Run, limits run.Limits, fn func(context.Context, sandbox.Input) error) error {
	err := e.beside(ctx, name, sandbox.Input{Limits: limits, Small: true}, fn)
	if !errors.Is(err, sandbox.ErrLarge) {
		return err
	}
	n := min(limits.Memory, e.cfg.Memory)
	if err := e.memory.Acquire(ctx, n); err != nil {
		return context.Cause(ctx)
	}
	defer e.memory.Release(n)
	return e.beside(ctx, name, sandbox.Input{Limits: limits}, fn)
}

func (e *Engine) beside(ctx context.Context, name blame.Run, in sandbox.Input, fn func(context.Context, sandbox.Input) error) error {
	e.alone.RLock()
	defer e.alone.RUnlock()
	stay := e.cfg.Page.Begin(name)
	defer stay.End()
	in.Looked = func(used run.Usage, left time.Duration) { note(stay, used, left) }
	turn := e.turns.Begin(ctx)
	defer turn.End()
	return fn(turn, in)
}
