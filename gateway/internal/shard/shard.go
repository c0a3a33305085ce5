// Package shard is one shard's life while a process owns it: one connection after another, a session that goes on over all of them and
// over changes of the owner, and the feed that stores what they bring.
package shard

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/feed"
	"antiraid/gateway/internal/metric"
	"antiraid/gateway/internal/session"
	"antiraid/gateway/internal/socket"
	"antiraid/gateway/internal/wire"
)

// Config is what a shard is told.
type Config struct {
	Socket   socket.Config
	Feed     feed.Config
	Settings string        // fingerprint of what a session is made with
	Save     time.Duration // between two saves of the position
}

// Deps are the others a shard works with.
type Deps struct {
	Lease     owner
	Permits   permits
	Addresses addresses
	Publisher feed.Publisher
	Metric    *metric.Set
	Connected func() // called each time that the session begins or goes on; nil: nobody wants to know
	Log       *slog.Logger
}

type (
	owner interface {
		session.Lease
		Err() error // nil while the shard is this process's
	}
	permits interface {
		Approach(ctx context.Context, shard int) error // returns when it is time to connect
		Acquire(ctx context.Context, shard int) error  // returns when it is time to identify
	}
	addresses interface {
		Info(ctx context.Context) (discord.Info, error)
	}
)

// Shard is one shard.
type Shard struct {
	cfg    Config
	deps   Deps
	keeper *session.Keeper
	feed   *feed.Feed
	socket *socket.Socket
	pace   *pace
	log    *slog.Logger
}

// New makes a shard that goes on with the session that its lease carries.
func New(cfg Config, deps Deps) *Shard {
	log := deps.Log.With("shard", cfg.Socket.Shard)
	s := &Shard{cfg: cfg, deps: deps, log: log, pace: newPace(cfg.Socket.Random)}
	s.keeper = session.NewKeeper(deps.Lease, cfg.Settings, cfg.Save, log)
	s.feed = feed.New(cfg.Feed, feed.Deps{Publisher: deps.Publisher, Stored: s.keeper.Advance, Metric: deps.Metric, Log: log})
	s.socket = socket.New(cfg.Socket, socket.Hooks{
		Permit:  func(ctx context.Context) error { return deps.Permits.Acquire(ctx, cfg.Socket.Shard) },
		Began:   s.began,
		Resumed: s.resumed,
		Stored:  func() int64 { return s.keeper.Current().Seq },
		Out:     s.feed.In(),
	}, log)
	return s
}

func (s *Shard) began(b wire.Began) {
	s.keeper.Begin(session.State{ID: b.Session, ResumeURL: b.ResumeURL, Bot: b.Bot, Seq: b.Seq})
	s.deps.Metric.Identifies.Inc()
	s.connected("session began")
}

func (s *Shard) resumed() {
	s.deps.Metric.Resumes.Inc()
	s.connected("session goes on")
}

func (s *Shard) connected(how string) {
	s.deps.Metric.Live.Inc()
	s.log.Info(how)
	if s.deps.Connected != nil {
		s.deps.Connected()
	}
}

// Run connects, and connects again, until ctx ends (nil) or Discord forbids it. It returns after what was received is stored, as far as
// the feed's drain allows, and the position saved: a successor goes on from there.
func (s *Shard) Run(ctx context.Context) error {
	work, finish := context.WithCancel(context.WithoutCancel(ctx))
	defer finish()
	var all sync.WaitGroup
	all.Go(func() { s.feed.Run(work) })
	all.Go(func() { s.keeper.Run(work) })
	err := s.connections(ctx)
	finish()
	all.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := s.keeper.Save(last); err != nil {
		s.log.Warn("session was not saved", "err", err) // costs repetition, no more
	}
	return err
}
