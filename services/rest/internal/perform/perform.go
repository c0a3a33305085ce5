// Package perform carries effects out: each once, however often it is asked for, and each with a result that is remembered.
//
// What Discord or the network refuses for now is tried again in place until a limit in time; what is refused for good is a result too, and
// a dead letter when it was to change something in Discord. A repeated attempt is harmless for every operation: a message carries its
// effect's id as a nonce, which Discord honours for some minutes; reactions, bans and roles are the same when set twice; of an
// interaction's answers Discord takes the first. Only a message may not be repeated once its nonce is too old: then its fate is reported
// as unknown, because twice is worse than perhaps not.
package perform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/ledger"
	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/request"
	"antiraid/shared/effect"
	"antiraid/shared/outcome"
	"antiraid/shared/tenant"
)

// Config bounds the trying.
type Config struct {
	GiveUp      time.Duration // how long an effect that is refused for now is tried
	NonceWindow time.Duration // how long Discord is trusted to know a nonce
	Backoff     time.Duration // before the second attempt; doubles up to a hundred times this
	Grace       time.Duration // for what must still be written when the process stops
}

// Parts are what a Performer works with.
type Parts struct {
	Discord discord
	Guard   guard
	Ledger  *ledger.Ledger
	Bury    func(ctx context.Context, e effect.Effect, reason string) error // stores a dead letter
	Log     *slog.Logger
}

type discord interface {
	Do(ctx context.Context, r request.Request, before func(context.Context) error) (api.Answer, error)
}

type guard interface {
	Check(ctx context.Context, t tenant.ID, channels []string) error
}

// Performer carries effects out. Different effects may be performed at once.
type Performer struct {
	cfg Config
	Parts
}

// New makes a Performer.
func New(cfg Config, parts Parts) *Performer { return &Performer{cfg, parts} }

// Perform returns what became of an effect, now or when it was first performed. An error means that nothing was decided, because ctx ended
// or the ledger cannot be reached: the effect must be kept and performed again.
func (p *Performer) Perform(ctx context.Context, e effect.Effect) (effect.Result, error) {
	page, err := p.Ledger.Open(ctx, e)
	if err != nil {
		return effect.Result{}, fmt.Errorf("perform effect %s: %w", e.ID, err)
	}
	var result effect.Result
	switch {
	case page.Another():
		result, err = p.another(ctx, e)
	case page.Result != nil:
		result = *page.Result
	case page.Since.IsZero() && e.Awaited && !e.Expires.IsZero() && time.Now().After(e.Expires):
		result = refusal(e, errTooLate) // it is not remembered: nobody waits for it, and its run, if it is repeated, asks again
	default:
		if result, err = p.try(ctx, e, page); err == nil {
			result, err = p.settle(ctx, e, page, result)
		}
	}
	if err != nil {
		return effect.Result{}, fmt.Errorf("perform effect %s: %w", e.ID, err)
	}
	return result, nil
}

var errTooLate = errors.New("it was asked for too long ago")

// another answers an effect under an id that was given to a different one, by an earlier attempt of the same run. A read is just done;
// anything else would be something that the run did twice, in two ways.
func (p *Performer) another(ctx context.Context, e effect.Effect) (effect.Result, error) {
	if op, _ := effect.Lookup(e.Op); op.Reads {
		return p.try(ctx, e, &ledger.Page{ID: e.ID})
	}
	result := refusal(e, errors.New("an earlier attempt of this run asked for something else here, and that was performed"))
	return result, p.persist(ctx, func(ctx context.Context) error { return p.Bury(ctx, e, result.Error) })
}

// try attempts until there is a result.
func (p *Performer) try(ctx context.Context, e effect.Effect, page *ledger.Page) (effect.Result, error) {
	r, err := request.Build(e)
	if err != nil {
		return refusal(e, err), nil
	}
	deadline := p.deadline(e, r)
	if !deadline.After(time.Now()) {
		return refusal(e, errTooLate), nil
	}
	within, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	last := errors.New("its turn did not come")
	for wait := p.cfg.Backoff; ; {
		result, err := p.attempt(within, e, r, page)
		switch {
		case err == nil:
			return result, nil
		case page.Result != nil: // another process was faster
			return *page.Result, nil
		case ctx.Err() != nil:
			return effect.Result{}, ctx.Err()
		case outcome.IsReject(err), errors.Is(err, limit.ErrSpent):
			return refusal(e, err), nil
		case errors.Is(err, limit.ErrTooLate), within.Err() != nil:
			return late(e, page, last), nil
		}
		last = err
		pause := wait
		if after, ok := outcome.RetryAfter(err); ok {
			pause = after
		} else {
			wait = min(2*wait, 100*p.cfg.Backoff)
		}
		p.Log.Info("effect is tried again", "tenant", e.Tenant, "effect", e.ID, "op", e.Op, "after", pause, "err", err)
		sleep(within, pause)
	}
}

// deadline is the end of trying.
func (p *Performer) deadline(e effect.Effect, r request.Request) time.Time {
	end := time.Now().Add(p.cfg.GiveUp)
	for _, t := range []time.Time{e.Expires, r.Until} {
		if !t.IsZero() && t.Before(end) {
			end = t
		}
	}
	return end
}

// settle makes a result the one that is remembered. The dead letter comes first: a crash between the two repeats a request that Discord
// refuses again, the other order would lose the letter.
func (p *Performer) settle(ctx context.Context, e effect.Effect, page *ledger.Page, result effect.Result) (effect.Result, error) {
	if op, _ := effect.Lookup(e.Op); page.Result == nil && result.Error != "" && !op.Reads {
		if err := p.persist(ctx, func(ctx context.Context) error { return p.Bury(ctx, e, result.Error) }); err != nil {
			return effect.Result{}, err
		}
	}
	err := p.persist(ctx, func(ctx context.Context) (err error) {
		result, err = p.Ledger.Finish(ctx, page, result)
		return err
	})
	return result, err
}

// persist calls fn until it succeeds. When ctx ends fn has a last chance: what was done is worth knowing.
func (p *Performer) persist(ctx context.Context, fn func(context.Context) error) error {
	for wait := p.cfg.Backoff; ctx.Err() == nil; wait = min(2*wait, 8*p.cfg.Backoff) {
		err := fn(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			p.Log.Warn("what became of an effect could not be written", "after", wait, "err", err)
		}
		sleep(ctx, wait)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.Grace)
	defer cancel()
	err := fn(ctx)
	if err != nil {
		p.Log.Warn("what became of an effect could not be written before the end", "err", err)
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func refusal(e effect.Effect, err error) effect.Result {
	return effect.Result{ID: e.ID, Error: err.Error()}
}

func late(e effect.Effect, page *ledger.Page, last error) effect.Result {
	doubt := ""
	if !page.Since.IsZero() {
		doubt = "; it may have reached Discord"
	}
	return effect.Result{ID: e.ID, Error: fmt.Sprintf("given up in time: %v%s", last, doubt)}
}
