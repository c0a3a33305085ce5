// Command gateway connects to Discord and stores what happens there as events of its tenants.
package main

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"antiraid/gateway"
	"antiraid/shared/bus"
	"antiraid/shared/service"
)

type settings struct {
	service.Common `mapstructure:",squash"`
	Gateway        gateway.Config `mapstructure:"gateway"`
}

func main() {
	service.Main(service.Program[settings]{
		Name:     "gateway",
		About:    "Connects to Discord and stores what happens there as events of the guild or user it happens to.",
		Defaults: gateway.Defaults(),
		Run:      run,
	})
}

func run(ctx context.Context, s settings, log *slog.Logger) error {
	if err := s.Gateway.Validate(); err != nil {
		return err // before anybody waits for a server
	}
	b, err := bus.Connect(ctx, bus.Config{URL: s.NATSURL, Name: "gateway", Replicas: s.Replicas}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	return gateway.Run(ctx, s.Gateway, gateway.Deps{Bus: b, Log: log, Metrics: prometheus.DefaultRegisterer})
}
