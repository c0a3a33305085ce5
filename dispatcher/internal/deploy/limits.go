package deploy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"

	"antiraid/shared/api"
	"antiraid/shared/run"
	"antiraid/shared/store"
)

// pauseAfter is the name of the number of failing runs in a row that pause a template, and maxPauseAfter the largest.
const (
	pauseAfter    = "pause_after"
	maxPauseAfter = 1_000_000
)

// Limits changes what a tenant's runs may use, if the request changes anything, and returns what it is then.
func (d *Deployer) Limits(ctx context.Context, req api.LimitsRequest) (api.LimitsReply, error) {
	if req.Tenant.IsZero() {
		return api.LimitsReply{}, fmt.Errorf("limits: %w", refuse(api.Invalid, "want a tenant"))
	}
	v, err := d.limits(ctx, req)
	if err != nil {
		return api.LimitsReply{}, fmt.Errorf("limits of %s: %w", req.Tenant, err)
	}
	b := v.Bundle
	return api.LimitsReply{Version: b.Version, Limits: b.Limits, PauseAfter: b.PauseAfter}, nil
}

func (d *Deployer) limits(ctx context.Context, req api.LimitsRequest) (store.Version, error) {
	base, _, err := d.base(ctx, req.Tenant)
	if err != nil {
		return store.Version{}, err
	}
	change := limiting{request: req, id: rand.Text()}
	if _, err = change.apply(base); err != nil {
		return unchanged(base, err)
	}
	v, err := d.commit(ctx, req.Tenant, change)
	if err != nil {
		return unchanged(base, err)
	}
	if _, err = d.publish(ctx, v); err == nil {
		d.log.Info("limits changed", "tenant", req.Tenant, "version", v.Bundle.Version, "set", req.Set, "by", req.By)
	}
	return v, err
}

func unchanged(base store.Version, err error) (store.Version, error) {
	if errors.Is(err, errUnchanged) {
		return base, nil
	}
	return store.Version{}, err
}

// limiting changes budgets.
type limiting struct {
	request api.LimitsRequest
	id      string
}

func (c limiting) apply(head store.Version) (store.Version, error) {
	b := following(head.Bundle)
	for _, name := range slices.Sorted(maps.Keys(c.request.Set)) {
		value := c.request.Set[name]
		if name == pauseAfter {
			if value < -1 || value > maxPauseAfter {
				return store.Version{}, refuse(api.Invalid, "pause_after is %d; want at most %d, 0 for the default, or -1 for never", value, maxPauseAfter)
			}
			b.PauseAfter = int(value)
			continue
		}
		limits, err := b.Limits.With(name, value)
		if err != nil && !slices.Contains(run.LimitNames(), name) {
			return store.Version{}, refuse(api.Invalid, "%v and %s", err, pauseAfter)
		}
		if err != nil {
			return store.Version{}, refuse(api.Invalid, "%v", err)
		}
		b.Limits = limits
	}
	if b.Limits == head.Bundle.Limits && b.PauseAfter == head.Bundle.PauseAfter {
		return store.Version{}, errUnchanged
	}
	if err := checkBundle(&b); err != nil {
		return store.Version{}, err
	}
	return store.Version{Bundle: b, Change: store.Change{ID: c.id, Kind: store.Limits, By: c.request.By}}, nil
}
