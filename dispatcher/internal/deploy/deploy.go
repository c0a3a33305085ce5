// Package deploy turns a request into the next version of a tenant's bundle.
//
// Nothing is written until the request is known to be right. From the commit on (one insert in MongoDB) the version will be in force,
// whatever dies; until then the old one stays. Of deploys to one tenant at once, each is applied on top of the one before.
package deploy

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"antiraid/dispatcher/internal/publish"
	"antiraid/dispatcher/internal/step"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/store"
	"antiraid/shared/subject"
)

// Caller makes a call and waits for the answer; *bus.Bus is one.
type Caller interface {
	Call(ctx context.Context, subj string, request, reply any) error
}

// Config bounds a deploy.
type Config struct {
	Inspect time.Duration // how long an executor may take to say what a template declares; default 10 s
	Tries   int           // how often a deploy is applied again on top of another one; default 32
}

// Deployer deploys. Its methods may be called side by side, and other processes may have deployers of their own.
type Deployer struct {
	cfg       Config
	publisher *publish.Publisher
	executors Caller
	log       *slog.Logger
	hook      step.Hook
}

// New makes a deployer. It reaches the store and the buckets through the publisher, and shares its hook.
func New(cfg Config, p *publish.Publisher, executors Caller, log *slog.Logger) *Deployer {
	if cfg.Inspect == 0 {
		cfg.Inspect = 10 * time.Second
	}
	if cfg.Tries == 0 {
		cfg.Tries = 32
	}
	return &Deployer{cfg: cfg, publisher: p, executors: executors, log: log, hook: p.Hook}
}

// Deploy carries a request out and returns when its version is in force. An *api.Error says that the request was refused and nothing
// was written; any other error that a part of the system failed, after which the deploy may or may not come into force.
func (d *Deployer) Deploy(ctx context.Context, req api.DeployRequest) (api.DeployReply, error) {
	reply, err := d.deploy(ctx, req)
	switch {
	case err == nil:
		return reply, nil
	case req.Tenant.IsZero() || subject.CheckTemplate(req.Template) != nil: // a name that cannot be shown
		return api.DeployReply{}, fmt.Errorf("deploy: %w", err)
	}
	return api.DeployReply{}, fmt.Errorf("deploy %s to %s: %w", req.Template, req.Tenant, err)
}

func (d *Deployer) deploy(ctx context.Context, req api.DeployRequest) (api.DeployReply, error) {
	content, key, err := check(req)
	if err != nil {
		return api.DeployReply{}, err
	}
	base, _, err := d.base(ctx, req.Tenant)
	if err != nil {
		return api.DeployReply{}, err
	}
	declared, err := d.inspect(ctx, req, base.Bundle.Limits)
	if err != nil {
		return api.DeployReply{}, err
	}
	change := &deployment{request: req, declared: declared, revision: key, id: rand.Text()}
	if _, err := change.apply(base); err != nil { // a refusal comes before anything is written
		return api.DeployReply{}, err
	}
	if err := d.hook.Reached(step.Inspected); err != nil {
		return api.DeployReply{}, err
	}
	if err := d.save(ctx, key, content); err != nil {
		return api.DeployReply{}, err
	}
	v, err := d.commit(ctx, req.Tenant, change)
	if err != nil {
		return api.DeployReply{}, err
	}
	startup, err := d.publish(ctx, v)
	if err != nil {
		return api.DeployReply{}, err
	}
	d.log.Info("template deployed", "tenant", req.Tenant, "template", req.Template, "version", v.Bundle.Version, "revision", key)
	return api.DeployReply{
		Tenant: req.Tenant, Template: req.Template, Version: v.Bundle.Version, Revision: key,
		Events: declared.Events, Capabilities: declared.Capabilities, Startup: startup, Unchanged: change.again, Warnings: strange(declared.Events),
	}, nil
}

func (d *Deployer) publish(ctx context.Context, v store.Version) (startup uint64, err error) {
	if startup, err = d.publisher.New(ctx, v); err != nil {
		return 0, fmt.Errorf("version %d is committed and will come into force by itself, but is not published yet: %w", v.Bundle.Version, err)
	}
	return startup, nil
}

// save stores the content: first where it is true, then where executors read it.
func (d *Deployer) save(ctx context.Context, key string, content []byte) error {
	if err := d.publisher.Store.SaveRevision(ctx, key, content); err != nil {
		return err
	}
	if err := d.hook.Reached(step.RevisionSaved); err != nil {
		return err
	}
	if err := d.publisher.SaveBlob(ctx, key, content); err != nil {
		return err
	}
	return d.hook.Reached(step.BlobSaved)
}

// maxContent is the largest content, in bytes of its canonical form, that fits into one message together with its envelope.
const maxContent = 960 << 10

// check refuses a request that cannot be right, and encodes its content.
func check(req api.DeployRequest) (content []byte, key string, err error) {
	if req.Tenant.IsZero() {
		return nil, "", refuse(api.Invalid, "the request names no tenant; name one, such as g-81384788765712384")
	}
	if err := subject.CheckTemplate(req.Template); err != nil {
		return nil, "", refuse(api.Invalid, "%v", err)
	}
	if err := req.Files.Check(); err != nil {
		return nil, "", refuse(api.Invalid, "%v", err)
	}
	for _, c := range req.Grant {
		if err := bundle.KnownCapability(c); err != nil {
			return nil, "", refuse(api.Invalid, "%v", err)
		}
	}
	if content, key, err = req.Files.Encode(); err != nil {
		return nil, "", err
	}
	if len(content) > maxContent {
		return nil, "", refuse(api.Invalid, "check template: %d bytes once it is encoded as JSON, at most %d are allowed; leave out what is not needed", len(content), maxContent)
	}
	return content, key, nil
}

func refuse(code api.Code, format string, args ...any) *api.Error {
	return &api.Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
