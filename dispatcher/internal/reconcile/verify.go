package reconcile

import (
	"context"
	"errors"
	"fmt"

	"antiraid/dispatcher/internal/publish"
	"antiraid/shared/store"
	"antiraid/shared/tenant"
)

// page is how many tenants are listed at once.
const page = 500

// Verify compares every tenant's version with the one that executors see.
func (r *Reconciler) Verify(ctx context.Context) error {
	blobs := map[string]bool{}
	if err := r.publisher.Blobs.Keys(ctx, ">", func(key string) { blobs[key] = true }); err != nil {
		return err
	}
	var failed []error
	for after := (tenant.ID{}); ; {
		list, err := r.publisher.Store.Tenants(ctx, after, page)
		if err != nil || len(list) == 0 {
			return errors.Join(append(failed, err)...)
		}
		for _, t := range list {
			if err := r.verify(ctx, t, blobs); err != nil {
				failed = append(failed, fmt.Errorf("verify %s: %w", t, err))
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			after = t
		}
	}
}

func (r *Reconciler) verify(ctx context.Context, t tenant.ID, blobs map[string]bool) error {
	published, err := r.publisher.Published(ctx, t) // before MongoDB is read, which therefore has it
	if err != nil {
		return err
	}
	head, err := r.publisher.Store.Head(ctx, t)
	if err != nil {
		return err
	}
	version := head.Bundle.Version
	switch {
	case version == 0:
		return nil // known, but nothing was ever committed
	case published == nil || published.Version < version:
		return r.rebuild(ctx, head)
	case published.Version > version:
		r.log.Warn("executors see a version that mongodb has lost; the next deploy takes it over", "tenant", t, "version", published.Version, "stored", version)
		return nil
	}
	return r.publisher.RestoreBlobs(ctx, head, blobs)
}

// rebuild marks the version, so that what follows is finished even by another process, and publishes it again.
func (r *Reconciler) rebuild(ctx context.Context, v store.Version) error {
	t, version := v.Bundle.Tenant, v.Bundle.Version
	marked, err := r.publisher.Store.IsPending(ctx, t, version)
	if err != nil {
		return err
	}
	if marked {
		return nil // its deploy is under way, or Finish will publish it
	}
	if err := r.publisher.Store.AddPending(ctx, t, version); err != nil {
		return err
	}
	return r.publisher.Again(ctx, v, publish.Rebuild)
}
