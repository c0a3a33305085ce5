// Package simulator is a Discord to develop and test against: its gateway, its HTTP API and its interactions, over real sockets.
//
// It keeps to what Discord documents, refuses what Discord refuses, and misbehaves on demand. A test starts one with
// [antiraid/services/simulator/simulatortest]; a program with [New] and [Simulator.Run]. Point a client at [Simulator.API] with
// [Simulator.Token]; GET /gateway tells it the rest.
//
//   - [Simulator.World] is where people act: they join, write, react, run commands. What the bot does arrives over REST.
//   - [Simulator.Gateway] is the sessions: drop them, send them op 7 or 9, stop answering; see what clients did in its Signals.
//   - [Simulator.REST] is the HTTP API: spoil requests with 429s, 5xx and cut connections.
//   - [Simulator.Journal] is every request received, to read or to follow.
//   - [Simulator.Dispatch] sends any event at all.
//   - [Simulator.Play] plays a scenario.
//
// A fresh simulator holds the sample guild and user, whose ids are constants here.
package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"antiraid/services/simulator/internal/account"
	"antiraid/services/simulator/internal/gateway"
	"antiraid/services/simulator/internal/journal"
	"antiraid/services/simulator/internal/rest"
	"antiraid/services/simulator/internal/scenario"
	"antiraid/services/simulator/internal/world"
	"antiraid/shared/config"
)

// Simulator is one Discord with one bot.
type Simulator struct {
	cfg     Config
	log     *slog.Logger
	account *account.Account
	world   *world.World
	gateway *gateway.Gateway
	rest    *rest.API

	serving sync.RWMutex // held for reading by every request and connection
	ready   chan struct{}
	url     string // set before ready is closed
}

// New makes a simulator. It opens nothing yet.
func New(cfg Config, log *slog.Logger) (*Simulator, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	bot, err := account.New(cfg.Application, cfg.Token)
	if err != nil {
		return nil, fmt.Errorf("configure the simulator: %w", err)
	}
	w := world.New(world.Config{
		Application: bot.Application(), BotName: cfg.BotName, Now: cfg.Now, NonceWindow: cfg.NonceWindow,
		CallbackWithin: cfg.CallbackWithin, TokenLife: cfg.TokenLife, MessagesKept: cfg.MessagesKept,
	})
	g := gateway.New(gateway.Config{
		HeartbeatInterval: cfg.HeartbeatInterval, IdentifyEvery: cfg.IdentifyEvery, MaxConcurrency: cfg.MaxConcurrency,
		IdentifyBudget: cfg.IdentifyBudget, Shards: cfg.Shards, GuildsPerShard: cfg.GuildsPerShard, SessionLife: cfg.SessionLife,
		ResumeBuffer: cfg.ResumeBuffer, ReconnectGrace: cfg.ReconnectGrace, Privileged: cfg.privileged(), Now: cfg.Now,
	}, w, bot, log)
	w.Notify(g.Tell)
	api := rest.New(rest.Config{
		GlobalPerSecond: cfg.GlobalPerSecond, InvalidLimit: cfg.InvalidLimit, Unlimited: cfg.Unlimited, Privileged: cfg.privileged(),
		JournalSize: cfg.JournalSize, Now: cfg.Now,
	}, w, bot, g)
	if !cfg.Empty {
		if err := scenario.Seed(w); err != nil {
			return nil, err
		}
	}
	return &Simulator{cfg: cfg, log: log, account: bot, world: w, gateway: g, rest: api, ready: make(chan struct{})}, nil
}

// Run listens and serves until ctx ends; then connections are cut.
func (s *Simulator) Run(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("start the simulator: %w; choose another address to listen on", err)
	}
	s.url = "http://" + l.Addr().String()
	close(s.ready)
	s.log.Info("simulator listens", "url", s.url)
	server := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnContext: gateway.KeepTCP,
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	err = server.Serve(l)
	s.serving.Lock() // waits for those who hold it for reading
	defer s.serving.Unlock()
	if errors.Is(err, http.ErrServerClosed) && ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("serve the simulator: %w", err)
}

// Ready is closed when the simulator listens.
func (s *Simulator) Ready() <-chan struct{} { return s.ready }

// URL is where the simulator listens, such as http://127.0.0.1:40123. Wait for [Simulator.Ready] first.
func (s *Simulator) URL() string { return s.url }

// API is the base of the HTTP API: the URL with /api/v10.
func (s *Simulator) API() string { return s.url + "/api/v10" }

// Token is the bot's token, without "Bot ". It changes when the identify budget is passed.
func (s *Simulator) Token() config.Secret { return s.account.Token() }

// Application is the application's and the bot's id.
func (s *Simulator) Application() ID { return s.account.Application() }

// World is where people act.
func (s *Simulator) World() *World { return s.world }

// Gateway is the sessions and their faults.
func (s *Simulator) Gateway() *Gateway { return s.gateway }

// REST is the HTTP API and its faults.
func (s *Simulator) REST() *REST { return s.rest }

// Journal is every HTTP request received.
func (s *Simulator) Journal() *journal.Journal[Request] { return s.rest.Journal() }

// Dispatch sends an event of any type with any JSON, to the sessions of the guild's shard (of shard 0 with guild 0) that have an intent
// for it. Types that are unknown go to all of them.
func (s *Simulator) Dispatch(guild ID, kind string, d json.RawMessage) {
	s.gateway.Tell(world.Event{Type: kind, Guild: guild, Data: d})
}

// AwaitSessions waits until that many sessions are connected.
func (s *Simulator) AwaitSessions(ctx context.Context, n int) error {
	if n <= 0 || s.gateway.Sessions() >= n {
		return nil
	}
	for range s.gateway.Signals().Follow(ctx, 0) {
		if s.gateway.Sessions() >= n {
			return nil
		}
	}
	return fmt.Errorf("await %d gateway sessions: %w", n, ctx.Err())
}

// Play plays a scenario to its end. See [Scenarios].
func (s *Simulator) Play(ctx context.Context, name string, o Options) (Report, error) {
	sc, err := scenario.Find(name)
	if err != nil {
		return Report{}, err
	}
	return sc.Play(ctx, s.world, o, s.log)
}
