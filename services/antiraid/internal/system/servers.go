package system

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"syscall"

	"antiraid/services/antiraid/internal/home"
	"antiraid/services/simulator"
	"antiraid/shared/ferret"
	"antiraid/shared/natsd"
	"antiraid/shared/store"
)

// servers is what the parts need: started here, or elsewhere.
type servers struct {
	natsURL, mongoURI string
	nats              *natsd.Server
	mongo             *ferret.Server
	discord           *simulator.Simulator

	stopDiscord func() error
}

// servers starts what the settings do not name.
func (s *System) servers(ctx context.Context) (*servers, error) {
	v := &servers{natsURL: s.cfg.NATSURL, mongoURI: s.cfg.MongoURI.Reveal()}
	if err := s.start(ctx, v); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

func (s *System) start(ctx context.Context, v *servers) (err error) {
	if v.natsURL == "" {
		if v.nats, err = natsd.Start(s.home.Path(home.Jetstream), s.cfg.NATSPort, s.log); err != nil {
			return remedied(err)
		}
		v.natsURL = v.nats.URL()
	}
	if err := s.database(ctx, v); err != nil {
		return err
	}
	if s.cfg.DiscordToken.IsSet() {
		return nil
	}
	return v.simulate(ctx, s.cfg.DiscordPort, s.log)
}

// database starts a database, or sees that the one elsewhere answers.
func (s *System) database(ctx context.Context, v *servers) (err error) {
	if v.mongoURI != "" {
		truth, err := store.Open(ctx, store.Config{URI: v.mongoURI, Wait: connectWait}, s.log)
		if err != nil {
			return err
		}
		return truth.Close()
	}
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.cfg.MongoPort))
	v.mongo, err = ferret.Start(s.home.Path(home.Mongo), addr, s.log)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("start FerretDB: port %d of 127.0.0.1 is in use; choose another one with --mongo-port (0: a free one)", s.cfg.MongoPort)
	}
	if err == nil {
		v.mongoURI = v.mongo.URI()
	}
	return remedied(err)
}

// remedied adds what helps against data that a server cannot work with, to an error that names no remedy of its own.
func remedied(err error) error {
	if err == nil || strings.Contains(err.Error(), "; ") {
		return err
	}
	return fmt.Errorf("%w; choose another data folder with --data", err)
}

// simulate starts the simulator. It outlives ctx: the parts use it until they have ended.
func (v *servers) simulate(ctx context.Context, port int, log *slog.Logger) error {
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	sim, err := simulator.New(simulator.Config{Addr: addr}, log)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(running) }()
	select {
	case <-sim.Ready():
		v.discord = sim
		v.stopDiscord = func() error { stop(); return <-ended }
		return nil
	case err := <-ended:
		stop()
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("start the simulator: port %d of 127.0.0.1 is in use; choose another one with --discord-port (0: a free one)", port)
		}
		return err
	}
}

// close ends what was started here.
func (v *servers) close() {
	if v.stopDiscord != nil {
		_ = v.stopDiscord() // it was asked to end; how it did concerns nobody any more
	}
	if v.mongo != nil {
		v.mongo.Close()
	}
	if v.nats != nil {
		v.nats.Close()
	}
}

func (v *servers) addresses() home.Addresses {
	a := home.Addresses{NATS: v.natsURL}
	if v.mongo != nil {
		a.Mongo = v.mongoURI
	}
	if v.discord != nil {
		a.Discord, a.DiscordAPI, a.DiscordToken = v.discord.URL(), v.discord.API(), v.discord.Token().Reveal()
	}
	return a
}
