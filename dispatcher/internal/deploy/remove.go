package deploy

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/store"
)

// Remove takes a template from a tenant and returns when the version without it is in force.
func (d *Deployer) Remove(ctx context.Context, req api.RemoveRequest) (api.ChangeReply, error) {
	if req.Tenant.IsZero() || req.Template == "" {
		return api.ChangeReply{}, fmt.Errorf("remove: %w", refuse(api.Invalid, "want a tenant and a template"))
	}
	v, startup, err := d.carryOut(ctx, req.Tenant, removal{request: req, id: rand.Text()})
	if err != nil {
		return api.ChangeReply{}, fmt.Errorf("remove %.80q from %s: %w", req.Template, req.Tenant, err)
	}
	d.log.Info("template removed", "tenant", req.Tenant, "template", req.Template, "version", v.Bundle.Version)
	return api.ChangeReply{Tenant: req.Tenant, Version: v.Bundle.Version, Templates: v.Bundle.Templates, Startup: startup}, nil
}

// removal leaves a template out.
type removal struct {
	request api.RemoveRequest
	id      string
}

func (c removal) apply(head store.Version) (store.Version, error) {
	at, found := find(head.Bundle.Templates, c.request.Template)
	if !found {
		return store.Version{}, refuse(api.NotFound, "the tenant has no such template; it has %s", names(head.Bundle.Templates))
	}
	b := following(head.Bundle)
	b.Templates = slices.Delete(b.Templates, at, at+1)
	if err := checkBundle(&b); err != nil {
		return store.Version{}, err
	}
	return store.Version{Bundle: b, Change: store.Change{ID: c.id, Kind: store.Remove, Template: c.request.Template, By: c.request.By}}, nil
}

func names(list []bundle.Template) string {
	var words []string
	for _, t := range list {
		words = append(words, t.Name)
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}
