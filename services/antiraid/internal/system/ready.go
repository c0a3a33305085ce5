package system

import (
	"context"
	"fmt"
	"slices"
	"time"

	"antiraid/shared/effect"
	"antiraid/shared/lease"
)

const (
	readyWithin = 30 * time.Second // is how long a part that runs here may take
	patience    = time.Second      // is how long a person waits without a word
)

// Ready waits until each part does its work, and returns how long after the start that was. For one that was left to somebody else it
// waits as long as it takes, and after a moment tells waiting its name; one that runs here and is late is an error that says so.
//
// It does not wait for a Discord that is elsewhere: see [Running.Connected].
func (r *Running) Ready(ctx context.Context, waiting func(part string)) (time.Duration, error) {
	for _, p := range []struct {
		name  string
		await func(context.Context) error
	}{{"dispatcher", r.Client.AwaitDispatcher}, {"executor", r.Client.AwaitExecutor}, {"gateway", r.gateway}, {"rest", r.rest}} {
		var err error
		if slices.Contains(r.Parts, p.name) {
			err = soon(ctx, p.name, p.await)
		} else {
			err = sometime(ctx, func() { waiting(p.name) }, p.await)
		}
		if err != nil {
			return 0, err
		}
	}
	return time.Since(r.began), nil
}

func soon(ctx context.Context, name string, await func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	err := await(bounded)
	if bounded.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("start the %s: it was not ready within %s; see what it does with ANTIRAID_LOG_LEVEL=info", name, readyWithin)
	}
	return err
}

func sometime(ctx context.Context, tell func(), await func(context.Context) error) error {
	impatient := time.AfterFunc(patience, tell)
	defer impatient.Stop()
	return await(ctx)
}

// Connected waits until the gateway that runs here is connected to Discord.
func (r *Running) Connected(ctx context.Context) error {
	select {
	case <-r.connected:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *Running) gateway(ctx context.Context) error {
	if r.Discord == nil {
		return nil
	}
	if err := r.Discord.AwaitSessions(ctx, 1); err != nil {
		return fmt.Errorf("wait for the gateway's connection: %w", err)
	}
	return nil
}

// rest waits until somebody performs effects. One that runs here needs no waiting for: what is asked of it waits in its queue.
func (r *Running) rest(ctx context.Context) error {
	for !slices.Contains(r.Parts, "rest") {
		lanes, err := lease.Read(ctx, r.Bus, "rest", effect.Lanes)
		if err != nil || !slices.ContainsFunc(lanes, func(l lease.Slice) bool { return l.Owner == "" }) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}
