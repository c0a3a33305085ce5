// Package publish makes committed bundle versions visible: the bundle in its bucket, then the STARTUP event in the tenant's lane.
//
// It owns the writes to the buckets bundles and blobs. Everything it does can be repeated, by several processes at once, after any
// crash: the bundle in the bucket only grows in version, a STARTUP is stored once for each version that brought or took templates, in
// the order of versions.
package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"antiraid/dispatcher/internal/step"
	"antiraid/shared/bus"
	"antiraid/shared/kv"
	"antiraid/shared/store"
	"antiraid/shared/tenant"
)

// Reason is why a version is published, as its STARTUP event says.
type Reason string

const (
	Deploy  Reason = "deploy"
	Rebuild Reason = "rebuild"
)

// Publisher publishes. All fields but Hook are needed.
type Publisher struct {
	Store   *store.Store
	Bus     *bus.Bus
	Bundles *kv.Bucket
	Blobs   *kv.Bucket
	Log     *slog.Logger
	Hook    step.Hook
}

// New publishes the version that its caller has just committed, and returns the place of its STARTUP event in the stream, 0 without one.
// Versions before it that nobody finished are published first.
func (p *Publisher) New(ctx context.Context, v store.Version) (startup uint64, err error) {
	if err := p.unfinished(ctx, v.Bundle.Tenant, v.Bundle.Version); err != nil {
		return 0, err
	}
	return p.publish(ctx, v, Deploy, p.announce)
}

// Again publishes a version of which it is not known how far its publication came.
func (p *Publisher) Again(ctx context.Context, v store.Version, reason Reason) error {
	if err := p.unfinished(ctx, v.Bundle.Tenant, v.Bundle.Version); err != nil {
		return err
	}
	return p.again(ctx, v, reason)
}

func (p *Publisher) again(ctx context.Context, v store.Version, reason Reason) error {
	if err := p.RestoreBlobs(ctx, v, nil); err != nil {
		return err
	}
	_, err := p.publish(ctx, v, reason, p.announceOnce)
	return err
}

// unfinished publishes the marked versions right before this one, in order.
func (p *Publisher) unfinished(ctx context.Context, t tenant.ID, version uint64) error {
	var found []store.Version
	for n := version - 1; n > 0; n-- {
		marked, err := p.Store.IsPending(ctx, t, n)
		if err != nil {
			return err
		}
		if !marked {
			break
		}
		v, err := p.Store.Version(ctx, t, n)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return err
		}
		found = append(found, v)
	}
	for i := len(found) - 1; i >= 0; i-- {
		if err := p.again(ctx, found[i], Deploy); err != nil {
			return err
		}
	}
	return nil
}

type announcer func(ctx context.Context, t tenant.ID, version uint64, reason Reason) (seq uint64, err error)

// announced reports whether a change of that kind is in force from some event of the tenant's lane on. Nobody waits for any other.
func announced(kind string) bool {
	return kind == store.Deploy || kind == store.Remove || kind == store.Rollback
}

func (p *Publisher) publish(ctx context.Context, v store.Version, reason Reason, announce announcer) (startup uint64, err error) {
	t, version := v.Bundle.Tenant, v.Bundle.Version
	if err := p.Store.SaveSnapshot(ctx, v); err != nil {
		return 0, err
	}
	if err := p.Hook.Reached(step.SnapshotSaved); err != nil {
		return 0, err
	}
	if err := p.writeBundle(ctx, &v.Bundle); err != nil {
		return 0, err
	}
	if err := p.Hook.Reached(step.BundlePublished); err != nil {
		return 0, err
	}
	if reason == Rebuild || announced(v.Change.Kind) {
		if startup, err = announce(ctx, t, version, reason); err != nil {
			return 0, fmt.Errorf("announce version %d of %s: %w", version, t, err)
		}
	}
	if err := p.Hook.Reached(step.StartupPublished); err != nil {
		return 0, err
	}
	if err := p.Store.RemovePending(ctx, t, version); err != nil {
		return 0, err
	}
	p.Log.Info("bundle published", "tenant", t, "version", version, "reason", reason)
	return startup, p.Hook.Reached(step.Unmarked)
}
