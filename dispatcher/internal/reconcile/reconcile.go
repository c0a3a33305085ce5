// Package reconcile finishes what deploys left behind and rebuilds what the message system lost.
//
// On start, and at intervals, it publishes versions that are committed but marked as pending, in order; on start, and seldom, it compares
// every tenant's version in MongoDB with the one that executors see, and brings back bundles and blobs that are missing or behind.
// Any number of processes may do so at once.
package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"antiraid/dispatcher/internal/publish"
	"antiraid/shared/store"
)

// Config says how often.
type Config struct {
	Pending time.Duration // between looks at marked versions; default 10 s
	Grace   time.Duration // how old a mark must be then: a younger one belongs to a deploy under way; default 30 s
	Verify  time.Duration // between comparisons of all tenants; default 1 h
	Discard time.Duration // age at which a mark without a version is removed: its deploy died before the commit; default 1 h
}

// Reconciler reconciles.
type Reconciler struct {
	cfg       Config
	publisher *publish.Publisher
	log       *slog.Logger
}

// New makes a reconciler.
func New(cfg Config, p *publish.Publisher, log *slog.Logger) *Reconciler {
	fill := func(d *time.Duration, otherwise time.Duration) {
		if *d == 0 {
			*d = otherwise
		}
	}
	fill(&cfg.Pending, 10*time.Second)
	fill(&cfg.Grace, 30*time.Second)
	fill(&cfg.Verify, time.Hour)
	fill(&cfg.Discard, time.Hour)
	return &Reconciler{cfg, p, log}
}

// Run reconciles until ctx ends. What fails is logged and tried again at the next interval.
func (r *Reconciler) Run(ctx context.Context) error {
	r.attempt(ctx, "finish pending versions", func(ctx context.Context) error { return r.Finish(ctx, 0) })
	r.attempt(ctx, "verify published bundles", r.Verify)
	pending, verify := time.NewTicker(r.cfg.Pending), time.NewTicker(r.cfg.Verify)
	defer pending.Stop()
	defer verify.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pending.C:
			r.attempt(ctx, "finish pending versions", func(ctx context.Context) error { return r.Finish(ctx, r.cfg.Grace) })
		case <-verify.C:
			r.attempt(ctx, "verify published bundles", r.Verify)
		}
	}
}

func (r *Reconciler) attempt(ctx context.Context, what string, fn func(context.Context) error) {
	if err := fn(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("reconciling failed and is tried again", "what", what, "err", err)
	}
}

// Finish publishes the versions that have been marked for at least grace. One that cannot be published does not keep others from it.
func (r *Reconciler) Finish(ctx context.Context, grace time.Duration) error {
	list, err := r.publisher.Store.Pending(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range list {
		if time.Since(p.Since) >= grace && ctx.Err() == nil {
			failed = append(failed, r.finish(ctx, p))
		}
	}
	return errors.Join(failed...)
}

func (r *Reconciler) finish(ctx context.Context, p store.Pending) error {
	v, err := r.publisher.Store.Version(ctx, p.Tenant, p.Version)
	switch {
	case err == nil:
		r.log.Info("unfinished deploy is finished", "tenant", p.Tenant, "version", p.Version)
		return r.publisher.Again(ctx, v, publish.Deploy)
	case errors.Is(err, store.ErrNotFound) && time.Since(p.Since) >= r.cfg.Discard:
		r.log.Info("deploy that died before its commit is forgotten", "tenant", p.Tenant, "version", p.Version)
		return r.publisher.Store.RemovePending(ctx, p.Tenant, p.Version)
	case errors.Is(err, store.ErrNotFound):
		return nil // its deploy is under way, or died; the tenant's next deploy will have this number
	}
	return err
}
