// Package gateway is the part that is connected to Discord: it receives what happens, works out whose event it is, and stores the raw
// bytes in the stream EVENTS.
//
// It guarantees: a dispatch that it has received is stored in stream order of its tenant, or kept as a dead letter, or is of a kind that
// concerns no tenant; a restart, planned or not, goes on with its sessions and misses nothing as long as Discord keeps them (minutes);
// Discord's limits on identifying and sending are kept by all its processes together. It owns connections, not meaning: payloads are
// neither decoded nor changed.
//
// Events are lost only where Discord loses them: when a session dies because nobody resumed it in time, or because NATS was away for
// longer than the session lived. It owns the bucket `gateway` and the dead letters of part `_gateway`.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/prometheus/client_golang/prometheus"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/feed"
	"antiraid/gateway/internal/gate"
	"antiraid/gateway/internal/metric"
	"antiraid/gateway/internal/shard"
	"antiraid/gateway/internal/socket"
	"antiraid/gateway/internal/tenure"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/kv"
	"antiraid/shared/lease"
	"antiraid/shared/subject"
)

// Deps are what a gateway works with. Only Bus and Log are required.
type Deps struct {
	Bus     *bus.Bus
	Log     *slog.Logger
	Metrics prometheus.Registerer // where figures are registered
	HTTP    *http.Client          // for the API and the websocket handshake

	Connected func() // called each time that a session of a shard begins or goes on
}

// Run connects all shards and stores what they receive until ctx ends (nil) or Discord forbids to connect (an error that names the remedy).
func Run(ctx context.Context, cfg Config, deps Deps) error {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	g, err := build(ctx, cfg, deps)
	if err != nil {
		return err
	}
	info, err := g.ask(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if g.cfg.Shards == 0 {
		g.cfg.Shards = info.Shards
	}
	deps.Log.Info("gateway starts", "api", cfg.API, "shards", g.cfg.Shards, "session_starts", info.Remaining)
	return g.own(ctx)
}

// gateway is what all shards of a process share.
type gateway struct {
	cfg     Config
	deps    Deps
	intents int
	bucket  *kv.Bucket
	client  *discord.Client
	gate    *gate.Gate
	metric  *metric.Set
}

func build(ctx context.Context, cfg Config, deps Deps) (*gateway, error) {
	cfg.Token = config.NewSecret(strings.TrimPrefix(cfg.Token.Reveal(), "Bot "))
	intents, err := discord.Intents(cfg.Intents)
	if err != nil {
		return nil, err
	}
	client, err := discord.New(cfg.API, cfg.Token, deps.HTTP)
	if err != nil {
		return nil, err
	}
	m, err := metric.New(deps.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	bucket, err := kv.Open(ctx, deps.Bus, subject.Gateway)
	if err != nil {
		return nil, err
	}
	return &gateway{cfg, deps, intents, bucket, client, gate.New(bucket, client, cfg.IdentifyFloor, m), m}, nil
}

// ask asks Discord where and how to connect until it answers; it fails when Discord refuses.
func (g *gateway) ask(ctx context.Context) (discord.Info, error) {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval = 250*time.Millisecond, 30*time.Second
	for {
		info, err := g.client.Info(ctx)
		if err == nil || errors.Is(err, discord.ErrRefused) {
			return info, err
		}
		if ctx.Err() != nil {
			return discord.Info{}, nil
		}
		g.deps.Log.Warn("discord does not answer", "err", err)
		select {
		case <-ctx.Done():
			return discord.Info{}, nil
		case <-time.After(wait.NextBackOff()):
		}
	}
}

// own runs the shards that this process owns, as a member of the lease group `gateway`, until ctx ends or one of them may never connect.
func (g *gateway) own(ctx context.Context) error {
	member, err := lease.New(lease.Config{Group: "gateway", Slices: g.cfg.Shards, Member: g.cfg.Member}, g.deps.Bus, g.deps.Log)
	if err != nil {
		return err
	}
	office := tenure.New(g.deps.Bus, g.shard, g.deps.Log)
	defer office.Close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err = member.Run(ctx, func(hold context.Context, h *lease.Holding) error {
		err := office.Hold(hold, h)
		if err != nil && !errors.Is(err, tenure.ErrGap) {
			stop(&forbidden{h.Slice(), g.cfg.Shards, err})
			<-hold.Done()
			return nil // the end of all is why; nobody needs to hear of it twice
		}
		return err
	})
	var f *forbidden
	if errors.As(context.Cause(ctx), &f) {
		return f
	}
	return err
}

// forbidden says that a shard may not connect any more.
type forbidden struct {
	shard, shards int
	err           error
}

func (f *forbidden) Error() string {
	return fmt.Sprintf("run shard %d of %d: %v", f.shard, f.shards, f.err)
}

func (f *forbidden) Unwrap() error { return f.err }

// shard runs one shard while this process has it.
func (g *gateway) shard(ctx context.Context, t *tenure.Tenure) error {
	return shard.New(shard.Config{
		Socket: socket.Config{
			Token: g.cfg.Token, Secure: !strings.HasPrefix(g.cfg.API, "http:"), Intents: g.intents,
			Shard: t.Shard(), Shards: g.cfg.Shards, HTTP: g.deps.HTTP,
		},
		Feed:     feed.Config{Shard: t.Shard(), Events: g.cfg.Window, Bytes: g.cfg.WindowBytes, Drain: g.cfg.Drain},
		Settings: g.cfg.settings(g.intents),
		Save:     g.cfg.SaveEvery,
	}, shard.Deps{Lease: t, Permits: g.gate, Addresses: g.client, Publisher: t, Metric: g.metric, Connected: g.deps.Connected, Log: g.deps.Log}).Run(ctx)
}
