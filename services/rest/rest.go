// Package rest performs effects at Discord: it is the only place with Discord's REST API and its rate limits.
//
// It takes the stream EFFECTS, owns the bucket ledger, answers whoever waits for an effect, and writes dead letters for what is refused
// for good. Effects with the same major parameter are performed in the order of the stream, others side by side. Each is performed once
// within 24 h, whichever process dies whenever.
package rest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/guard"
	"antiraid/services/rest/internal/ledger"
	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/metric"
	"antiraid/services/rest/internal/perform"
	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/kv"
	"antiraid/shared/lease"
	"antiraid/shared/service"
	"antiraid/shared/subject"
)

// How long what is under way may go on when the process stops: a request, then each write about it.
const (
	drainRequest = 2 * time.Second
	drainWrite   = time.Second
)

// Run connects and performs effects until ctx ends. What is not done then stays in the stream for the next.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	return service.Clean(ctx, run(ctx, cfg.withDefaults(), log))
}

func run(ctx context.Context, cfg Config, log *slog.Logger) error {
	self := name()
	b, err := bus.Connect(ctx, bus.Config{URL: cfg.NATSURL, Name: "rest", Replicas: cfg.Replicas}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	performed, err := kv.Open(ctx, b, subject.Ledger)
	if err != nil {
		return err
	}
	figures, err := metric.New(prometheus.DefaultRegisterer)
	if err != nil {
		return err
	}
	limits := limit.New(limit.Config{PerSecond: cfg.RequestsPerSecond, Invalid: cfg.InvalidLimit, PayerPerSecond: cfg.RequestsPerSecond * cfg.TenantShare, PayerInvalid: cfg.TenantInvalidLimit})
	discord := api.New(api.Config{URL: cfg.APIURL, Token: cfg.Token, UserAgent: cfg.UserAgent, Timeout: cfg.RequestTimeout, Drain: drainRequest}, limits, figures.Answered)
	defer discord.Close()
	owners, err := guard.New(guard.Config{Channels: cfg.ChannelCache, TTL: cfg.ChannelTTL}, discord)
	if err != nil {
		return err
	}
	performer := perform.New(perform.Config{
		GiveUp: cfg.GiveUpAfter, NonceWindow: cfg.NonceWindow, Backoff: cfg.RetryAfter, Grace: drainWrite,
	}, perform.Parts{Discord: discord, Guard: owners, Ledger: ledger.New(performed, self), Bury: bury(b), Log: log})
	member, err := lease.New(lease.Config{Group: "rest", Slices: effect.Lanes, Member: self}, b, log)
	if err != nil {
		return err
	}
	w := &worker{cfg: cfg, bus: b, performer: performer, limits: limits, figures: figures, log: log}
	return w.run(ctx, member)
}

// name tells this process from others, for people.
func name() string {
	host, err := os.Hostname()
	if err != nil {
		host = "rest"
	}
	return fmt.Sprintf("%.32s.%s", host, rand.Text()[:8])
}

// bury stores dead letters. The effect's id is the message id: a repeated letter is one letter.
func bury(b *bus.Bus) func(context.Context, effect.Effect, string) error {
	return func(ctx context.Context, e effect.Effect, reason string) error {
		data, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write a dead letter: %w", err)
		}
		return b.DeadLetter(ctx, bus.Letter{
			Tenant: e.Tenant, Part: e.Template, ID: e.ID, Reason: reason, Header: map[string]string{subject.HeaderEffect: e.ID}, Data: fitting(data),
		})
	}
}

// fitting is as much of a message as fits into another, beside the headers of a dead letter: NATS takes 1 MiB.
func fitting(data []byte) []byte { return data[:min(len(data), 1<<20-8<<10)] }
