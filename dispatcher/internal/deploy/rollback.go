package deploy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/store"
)

// Rollback gives a tenant the templates of an older version again, and returns when the version that has them is in force.
func (d *Deployer) Rollback(ctx context.Context, req api.RollbackRequest) (api.ChangeReply, error) {
	if req.Tenant.IsZero() {
		return api.ChangeReply{}, fmt.Errorf("roll back: %w", refuse(api.Invalid, "want a tenant"))
	}
	reply, err := d.rollback(ctx, req)
	if err != nil {
		return api.ChangeReply{}, fmt.Errorf("roll %s back: %w", req.Tenant, err)
	}
	return reply, nil
}

func (d *Deployer) rollback(ctx context.Context, req api.RollbackRequest) (api.ChangeReply, error) {
	head, _, err := d.base(ctx, req.Tenant)
	if err != nil {
		return api.ChangeReply{}, err
	}
	to, err := d.older(ctx, req, head)
	if err != nil {
		return api.ChangeReply{}, err
	}
	if err := d.publisher.RestoreBlobs(ctx, to, nil); err != nil { // executors need what nobody has used for long
		return api.ChangeReply{}, err
	}
	v, startup, err := d.carryOut(ctx, req.Tenant, returning{request: req, from: head.Bundle.Version, to: to.Bundle, id: rand.Text()})
	if errors.Is(err, errUnchanged) {
		err = refuse(api.Invalid, "version %d has the templates of version %d; there is nothing to change", head.Bundle.Version, to.Bundle.Version)
	}
	if err != nil {
		return api.ChangeReply{}, err
	}
	d.log.Info("tenant rolled back", "tenant", req.Tenant, "version", v.Bundle.Version, "to", to.Bundle.Version)
	return api.ChangeReply{Tenant: req.Tenant, Version: v.Bundle.Version, From: to.Bundle.Version, Templates: v.Bundle.Templates, Startup: startup}, nil
}

// older is the version to go back to.
func (d *Deployer) older(ctx context.Context, req api.RollbackRequest, head store.Version) (store.Version, error) {
	now := head.Bundle.Version
	if now == 0 {
		return store.Version{}, refuse(api.NotFound, "it never had templates; deploy one to it first")
	}
	if req.To > 0 {
		v, err := d.publisher.Store.Version(ctx, req.Tenant, req.To)
		if errors.Is(err, store.ErrNotFound) {
			err = refuse(api.NotFound, "there is no version %d to go back to; the tenant has version %d now", req.To, now)
		}
		return v, err
	}
	for n := now - 1; n > 0; n-- {
		v, err := d.publisher.Store.Version(ctx, req.Tenant, n)
		switch {
		case errors.Is(err, store.ErrNotFound): // what is before it was lost
			n = 1
		case err != nil:
			return store.Version{}, err
		case !slices.EqualFunc(v.Bundle.Templates, head.Bundle.Templates, same):
			return v, nil
		}
	}
	return store.Version{}, refuse(api.NotFound, "no version before %d has other templates; to have none, remove them", now)
}

// same reports whether two templates are one in name, content and rights.
func same(a, b bundle.Template) bool {
	return a.Name == b.Name && a.Revision == b.Revision && slices.Equal(a.Capabilities, b.Capabilities)
}

// returning gives a tenant the templates of another version. Those that are the same as now stay as they are, their pause too.
type returning struct {
	request api.RollbackRequest
	from    uint64 // the version that was there when it was asked for
	to      bundle.Bundle
	id      string
}

func (c returning) apply(head store.Version) (store.Version, error) {
	if c.request.To == 0 && head.Bundle.Version != c.from { // what is before it is another version now
		return store.Version{}, refuse(api.Conflict, "somebody changed the tenant at the same time; look at what it has, then try again")
	}
	if slices.EqualFunc(c.to.Templates, head.Bundle.Templates, same) {
		return store.Version{}, errUnchanged
	}
	b := following(head.Bundle)
	b.Templates = slices.Clone(c.to.Templates)
	for i := range b.Templates {
		t := &b.Templates[i]
		if at, found := find(head.Bundle.Templates, t.Name); found && same(*t, head.Bundle.Templates[at]) {
			*t = head.Bundle.Templates[at]
			continue
		}
		t.Deployed, t.Paused = b.Updated, ""
	}
	if err := checkBundle(&b); err != nil {
		return store.Version{}, err
	}
	return store.Version{Bundle: b, Change: store.Change{ID: c.id, Kind: store.Rollback, From: c.to.Version, By: c.request.By}}, nil
}
