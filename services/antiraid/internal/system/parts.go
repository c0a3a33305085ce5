package system

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"antiraid/dispatcher"
	"antiraid/executor"
	"antiraid/gateway"
	"antiraid/services/rest"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/service"
)

// drain is how long each part may finish what it is at when everything ends.
const drain = 1500 * time.Millisecond

// part is one of the programs, in this process.
type part struct {
	name  string
	check func() error // of its settings
	run   func(ctx context.Context) error
}

// gatewaySettings is the gateway's program: its own settings stand under a key of their own.
type gatewaySettings struct {
	service.Common `mapstructure:",squash"`
	Gateway        gateway.Config `mapstructure:"gateway"`
}

// parts has every part with the defaults of its program, but for the addresses and the token.
func (s *System) parts(v *servers, running *Running) ([]part, error) {
	var g gatewaySettings
	var d dispatcher.Config
	var e executor.Config
	var r rest.Config
	for _, p := range []struct {
		name     string
		defaults []byte
		into     any
	}{{"gateway", gateway.Defaults(), &g}, {"dispatcher", dispatcher.Defaults, &d}, {"executor", executor.Defaults, &e}, {"rest", rest.Defaults, &r}} {
		if err := config.Load(p.defaults, "", nil, p.into); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	d.NATSURL, e.NATSURL, r.NATSURL = v.natsURL, v.natsURL, v.natsURL
	d.MongoURI = config.NewSecret(v.mongoURI)
	g.Gateway.Token, r.Token = s.cfg.DiscordToken, s.cfg.DiscordToken
	if s.cfg.DiscordAPI != "" {
		g.Gateway.API, r.APIURL = s.cfg.DiscordAPI, s.cfg.DiscordAPI
	}
	if len(s.cfg.Intents) > 0 {
		g.Gateway.Intents = s.cfg.Intents
	}
	if v.discord != nil {
		g.Gateway.Token, r.Token = v.discord.Token(), v.discord.Token()
		g.Gateway.API, r.APIURL = v.discord.API(), v.discord.API()
	}
	g.Gateway.Drain, e.Drain = drain, drain
	running.API = g.Gateway.API
	connected := make(chan struct{})
	running.connected = connected
	tell := sync.OnceFunc(func() { close(connected) })
	all := []part{
		{"gateway", func() error { return named(g.Gateway.Validate()) }, func(ctx context.Context) error { return named(s.gateway(ctx, v.natsURL, g.Gateway, tell)) }},
		{"dispatcher", d.Validate, func(ctx context.Context) error { return dispatcher.Run(ctx, d, s.log.With("service", "dispatcher")) }},
		{"executor", e.Validate, func(ctx context.Context) error { return executor.Run(ctx, e, s.log.With("service", "executor")) }},
		{"rest", r.Validate, func(ctx context.Context) error { return rest.Run(ctx, r, s.log.With("service", "rest")) }},
	}
	wanted := slices.DeleteFunc(all, func(p part) bool { return slices.Contains(s.cfg.Without, p.name) })
	for _, p := range wanted { // before any of them starts, so that one sentence says what is wrong
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		running.Parts = append(running.Parts, p.name)
	}
	return wanted, nil
}

// gateway runs the gateway on a connection of its own, as its program does. It calls connected when it is connected to Discord.
func (s *System) gateway(ctx context.Context, natsURL string, cfg gateway.Config, connected func()) error {
	log := s.log.With("service", "gateway")
	b, err := bus.Connect(ctx, bus.Config{URL: natsURL, Name: "gateway", Wait: connectWait}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	return gateway.Run(ctx, cfg, gateway.Deps{Bus: b, Log: log, Connected: connected})
}

// named calls a setting that is to be corrected what it is called here.
func named(err error) error {
	ours := map[string]string{
		"token": "DISCORD_TOKEN", "api": "DISCORD_API", "intents": "discord_intents (ANTIRAID_DISCORD_INTENTS)",
	}
	var s *gateway.SettingError
	if errors.As(err, &s) && ours[s.Key] != "" {
		return errors.New(strings.Replace(err.Error(), s.Error(), s.Named(ours[s.Key]), 1))
	}
	return err
}
