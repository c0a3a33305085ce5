package deploy

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"antiraid/dispatcher/internal/step"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/store"
	"antiraid/shared/tenant"
)

// rehearse applies the change without writing, so that a refusal comes before anything is written.
func (d *Deployer) rehearse(ctx context.Context, t tenant.ID, c change) error {
	base, _, err := d.base(ctx, t)
	if err == nil {
		_, err = c.apply(base)
	}
	return err
}

// carryOut makes a change that brings no content: rehearsed, committed, published.
func (d *Deployer) carryOut(ctx context.Context, t tenant.ID, c change) (v store.Version, startup uint64, err error) {
	if err := d.rehearse(ctx, t, c); err != nil {
		return store.Version{}, 0, err
	}
	if v, err = d.commit(ctx, t, c); err != nil {
		return store.Version{}, 0, err
	}
	startup, err = d.publish(ctx, v)
	return v, startup, err
}

// commit inserts the change as the next version; when somebody else was first, on top of theirs.
func (d *Deployer) commit(ctx context.Context, t tenant.ID, c change) (store.Version, error) {
	truth := d.publisher.Store
	if err := truth.Register(ctx, t); err != nil {
		return store.Version{}, err
	}
	if err := d.hook.Reached(step.Registered); err != nil {
		return store.Version{}, err
	}
	for range d.cfg.Tries {
		head, err := d.head(ctx, t)
		if err != nil {
			return store.Version{}, err
		}
		next, err := c.apply(head)
		if err != nil {
			return store.Version{}, err
		}
		if err := truth.AddPending(ctx, t, next.Bundle.Version); err != nil {
			return store.Version{}, err
		}
		if err := d.hook.Reached(step.Marked); err != nil {
			return store.Version{}, err
		}
		switch err := d.insert(ctx, next); {
		case err == nil:
			return next, d.hook.Reached(step.Committed)
		case !errors.Is(err, store.ErrConflict):
			return store.Version{}, err
		}
		if err := giveWay(ctx); err != nil {
			return store.Version{}, err
		}
	}
	return store.Version{}, refuse(api.Conflict, "others changed the tenant first, %d times in a row; try again", d.cfg.Tries)
}

// insert commits v. A conflict with oneself is none: the driver repeats an insert whose answer was lost.
func (d *Deployer) insert(ctx context.Context, v store.Version) error {
	err := d.publisher.Store.Commit(ctx, v)
	if !errors.Is(err, store.ErrConflict) {
		return err
	}
	stored, readErr := d.publisher.Store.Version(ctx, v.Bundle.Tenant, v.Bundle.Version)
	if readErr == nil && stored.Change.ID == v.Change.ID {
		return nil
	}
	return err
}

// head is the version to build on.
func (d *Deployer) head(ctx context.Context, t tenant.ID) (store.Version, error) {
	base, lost, err := d.base(ctx, t)
	if err != nil || !lost {
		return base, err
	}
	d.log.Warn("mongodb has lost a version that executors see; it is taken over", "tenant", t, "version", base.Bundle.Version)
	if err := d.publisher.TakeOver(ctx, base); err != nil {
		return store.Version{}, err
	}
	return d.publisher.Store.Head(ctx, t)
}

// base is the highest version there is, 0 for a new tenant. It is lost when executors see it but MongoDB does not have it: a backup was
// put back there, or it was emptied. It was committed once, so it is built upon, and its number is never given out again.
func (d *Deployer) base(ctx context.Context, t tenant.ID) (base store.Version, lost bool, err error) {
	published, err := d.publisher.Published(ctx, t) // before MongoDB is read, which therefore has it
	if err != nil {
		return store.Version{}, false, err
	}
	head, err := d.publisher.Store.Head(ctx, t)
	if errors.Is(err, store.ErrNotFound) {
		head, err = store.Version{Bundle: bundle.Bundle{Schema: bundle.Schema, Tenant: t, Status: bundle.Active}}, nil
	}
	if err == nil && published != nil && published.Version > head.Bundle.Version {
		return store.Version{Bundle: *published}, true, nil
	}
	return head, false, err
}

// giveWay lets the others finish, for 1 to 20 ms.
func giveWay(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(1+rand.IntN(20)) * time.Millisecond):
		return nil
	}
}
