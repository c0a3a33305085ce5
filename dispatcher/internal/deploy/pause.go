package deploy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"antiraid/shared/api"
)

// maxReason is the longest reason, in bytes, that is kept.
const maxReason = 1024

// Pause stops a template until it is deployed again. It does nothing when the template is paused, or is not the revision that is meant:
// then its owner has deployed since.
func (d *Deployer) Pause(ctx context.Context, req api.PauseRequest) error {
	if req.Tenant.IsZero() || req.Template == "" || req.Revision == "" || req.Reason == "" || len(req.Reason) > maxReason {
		return fmt.Errorf("pause: %w", refuse(api.Invalid, "want a tenant, a template, its revision, and a reason of at most %d bytes", maxReason))
	}
	err := d.pause(ctx, req)
	if err != nil && !errors.Is(err, errUnchanged) {
		return fmt.Errorf("pause %s of %s: %w", req.Template, req.Tenant, err)
	}
	return nil
}

func (d *Deployer) pause(ctx context.Context, req api.PauseRequest) error {
	v, _, err := d.carryOut(ctx, req.Tenant, pausing{request: req, id: rand.Text()})
	if err == nil {
		d.log.Info("template paused", "tenant", req.Tenant, "template", req.Template, "version", v.Bundle.Version, "reason", req.Reason)
	}
	return err
}
