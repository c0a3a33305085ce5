// Package system is the whole platform in one process: servers, a Discord, and the four parts between them.
//
// Everything is the real thing: a nats-server with JetStream on disk, FerretDB on SQLite behind the MongoDB driver, the simulator behind
// sockets, and the doors that the separate programs have. What is on other machines is used instead, when the settings say so.
package system

import (
	"context"
	"log/slog"
	"time"

	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/home"
	"antiraid/services/antiraid/internal/settings"
	"antiraid/services/simulator"
	"antiraid/shared/bus"
)

// Running is a system whose servers run, and whose parts have been started; see [Running.Ready].
type Running struct {
	Addresses home.Addresses
	Client    *client.Client
	Bus       *bus.Bus
	Discord   *simulator.Simulator // nil: the real one
	API       string               // of the Discord that is used
	Parts     []string             // that run here
	Dropped   uint64               // effects that were meant for the simulated Discord of an earlier run

	began     time.Time
	connected <-chan struct{} // closed when the gateway that runs here is connected to Discord
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

// Run starts everything, calls use when the servers run, and ends everything when use returns, ctx ends, or a part ends by itself (an error
// with that part's name). It returns when all is ended: events that were taken are either done or will be done by the next Run.
func (s *System) Run(ctx context.Context, use func(ctx context.Context, r *Running) error) error {
	r := &Running{began: time.Now()}
	servers, err := s.servers(ctx)
	if err != nil {
		return err
	}
	defer servers.close()
	if r.Bus, err = bus.Connect(ctx, bus.Config{URL: servers.natsURL, Name: "antiraid up", Wait: connectWait}, s.log); err != nil {
		return err
	}
	defer r.Bus.Close()
	r.Addresses, r.Client, r.Discord = servers.addresses(), client.On(r.Bus), servers.discord
	if err := s.newWorld(ctx, r); err != nil {
		return err
	}
	parts, err := s.parts(servers, r)
	if err != nil {
		return err
	}
	if err := s.home.Announce(r.Addresses); err != nil {
		return err
	}
	return together(ctx, parts, func(ctx context.Context) error { return use(ctx, r) }, s.log)
}

// connectWait is how long servers elsewhere may take to answer.
const connectWait = 5 * time.Second
