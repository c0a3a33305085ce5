// Package dispatcher builds what tenants have: it turns deploys into bundle versions and brings them to the executors.
//
// It answers the calls api.dispatcher.*, and owns the truth in MongoDB, the buckets bundles and blobs, and STARTUP events. It never runs
// Lua. Any number of dispatchers may run at once; each can die at any moment.
package dispatcher

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	_ "embed"

	"golang.org/x/sync/errgroup"

	"antiraid/dispatcher/internal/answer"
	"antiraid/dispatcher/internal/deploy"
	"antiraid/dispatcher/internal/publish"
	"antiraid/dispatcher/internal/reconcile"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/kv"
	"antiraid/shared/service"
	"antiraid/shared/store"
	"antiraid/shared/subject"
)

// Defaults lists every setting; see package config.
//
//go:embed defaults.yaml
var Defaults []byte

// Config is the dispatcher's settings; defaults.yaml says what each means. Zero values get its defaults, but for the addresses.
type Config struct {
	service.Common `mapstructure:",squash"`

	MongoURI       config.Secret `mapstructure:"mongo_uri"`
	MongoDatabase  string        `mapstructure:"mongo_database"`
	DeployTimeout  time.Duration `mapstructure:"deploy_timeout"`
	InspectTimeout time.Duration `mapstructure:"inspect_timeout"`
	CallsAtOnce    int           `mapstructure:"calls_at_once"`
	PendingEvery   time.Duration `mapstructure:"pending_every"`
	VerifyEvery    time.Duration `mapstructure:"verify_every"`
}

func (c Config) withDefaults() Config {
	if c.DeployTimeout == 0 {
		c.DeployTimeout = 20 * time.Second
	}
	if c.CallsAtOnce == 0 {
		c.CallsAtOnce = 16
	}
	return c
}

// Validate refuses settings that cannot work; the error names the key.
func (c Config) Validate() error {
	for key, d := range map[string]time.Duration{
		"deploy_timeout": c.DeployTimeout, "inspect_timeout": c.InspectTimeout, "pending_every": c.PendingEvery, "verify_every": c.VerifyEvery,
	} {
		if d < 0 {
			return fmt.Errorf("check settings: %s is %s; want a time above 0, such as 10s", key, d)
		}
	}
	if c.CallsAtOnce < 0 {
		return fmt.Errorf("check settings: calls_at_once is %d; want a number above 0", c.CallsAtOnce)
	}
	return nil
}

// Run connects, finishes what earlier dispatchers left behind, and answers calls until ctx ends.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	cfg = cfg.withDefaults()
	b, err := bus.Connect(ctx, bus.Config{URL: cfg.NATSURL, Name: "dispatcher", Replicas: cfg.Replicas}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	truth, err := store.Open(ctx, store.Config{URI: cfg.MongoURI.Reveal(), Database: cfg.MongoDatabase}, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := truth.Close(); err != nil {
			log.Warn("closing the store", "err", err)
		}
	}()
	bundles, err := kv.Open(ctx, b, subject.Bundles)
	if err != nil {
		return err
	}
	blobs, err := kv.Open(ctx, b, subject.Blobs)
	if err != nil {
		return err
	}
	p := &publish.Publisher{Store: truth, Bus: b, Bundles: bundles, Blobs: blobs, Log: log}
	return serve(ctx, cfg, p, log)
}

func serve(ctx context.Context, cfg Config, p *publish.Publisher, log *slog.Logger) error {
	d := deploy.New(deploy.Config{Inspect: cfg.InspectTimeout}, p, p.Bus, log)
	answers := answer.New(d, p.Store, cfg.DeployTimeout, log)
	r := reconcile.New(reconcile.Config{Pending: cfg.PendingEvery, Verify: cfg.VerifyEvery}, p, log)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.Bus.Serve(ctx, subject.CallDeploy, cfg.CallsAtOnce, answers.Deploy) })
	group.Go(func() error { return p.Bus.Serve(ctx, subject.CallTemplates, cfg.CallsAtOnce, answers.Templates) })
	group.Go(func() error { return p.Bus.Serve(ctx, subject.CallPause, cfg.CallsAtOnce, answers.Pause) })
	group.Go(func() error { return p.Bus.Serve(ctx, subject.CallLimits, cfg.CallsAtOnce, answers.Limits) })
	group.Go(func() error { return p.Bus.Serve(ctx, subject.CallRemove, cfg.CallsAtOnce, answers.Remove) })
	group.Go(func() error { return p.Bus.Serve(ctx, subject.CallRollback, cfg.CallsAtOnce, answers.Rollback) })
	group.Go(func() error { return r.Run(ctx) })
	return group.Wait()
}
