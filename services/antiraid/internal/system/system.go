// Package system is the whole platform in one process: servers, a Discord, and the four parts between them.
//
// Everything is the real thing: a nats-server with JetStream on disk, FerretDB on SQLite behind the MongoDB driver, the simulator behind
// sockets, and the doors that the separate programs have. What is on other machines is used instead, when the settings say so.
package system

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/home"
	"antiraid/services/antiraid/internal/settings"
	"antiraid/services/simulator"
	"antiraid/shared/bus"
	"antiraid/shared/kv"
	"antiraid/shared/subject"
)

// Running is a system that is ready.
type Running struct {
	Addresses home.Addresses
	Client    *client.Client
	Bus       *bus.Bus
	Discord   *simulator.Simulator // nil: the real one
	Took      time.Duration        // from Run until it was ready
}

// System is a system before it runs.
type System struct {
	cfg  settings.Settings
	home *home.Home
	log  *slog.Logger
}

// New makes a system whose data are in a folder.
func New(cfg settings.Settings, h *home.Home, log *slog.Logger) *System {
	return &System{cfg, h, log}
}

// Run starts everything, calls use when it is ready, and ends everything when use returns, ctx ends, or a part ends by itself (an error
// with that part's name). It returns when all is ended: events that were taken are either done or will be done by the next Run.
func (s *System) Run(ctx context.Context, use func(ctx context.Context, r *Running) error) error {
	began := time.Now()
	servers, err := s.servers(ctx)
	if err != nil {
		return err
	}
	defer servers.close()
	b, err := bus.Connect(ctx, bus.Config{URL: servers.natsURL, Name: "antiraid up", Wait: connectWait}, s.log)
	if err != nil {
		return err
	}
	defer b.Close()
	if servers.discord != nil {
		if err := forget(ctx, b); err != nil {
			return err
		}
	}
	parts, err := s.parts(servers)
	if err != nil {
		return err
	}
	return together(ctx, parts, func(ctx context.Context) error {
		r := &Running{Addresses: servers.addresses(), Client: client.On(b), Bus: b, Discord: servers.discord}
		if err := s.ready(ctx, r); err != nil {
			return err
		}
		r.Took = time.Since(began)
		if err := s.home.Announce(r.Addresses); err != nil {
			return err
		}
		return use(ctx, r)
	}, s.log)
}

// forget empties the line of those who want to identify: the simulated Discord is a new one and knows of no earlier connection. The
// record is replaced, not deleted: it is moved on by compare-and-set.
func forget(ctx context.Context, b *bus.Bus) error {
	bucket, err := kv.Open(ctx, b, subject.Gateway)
	if err != nil {
		return err
	}
	_, err = bucket.Put(ctx, subject.GatewayPermit(0), []byte("{}"))
	return err
}

// connectWait is how long servers elsewhere may take to answer.
const connectWait = 5 * time.Second

// ready waits until each part does its work.
func (s *System) ready(ctx context.Context, r *Running) error {
	if err := r.Client.AwaitServices(ctx); err != nil {
		return err
	}
	if r.Discord == nil || slices.Contains(s.cfg.Without, "gateway") {
		return nil
	}
	if err := r.Discord.AwaitSessions(ctx, 1); err != nil {
		return fmt.Errorf("wait for the gateway's connection: %w", err)
	}
	return nil
}
