package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/services/simulator"
	"antiraid/shared/service"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// run is the program: it returns its exit code.
func run(ctx context.Context, args, environ []string, out, errout io.Writer) int {
	s, err := parse(args, environ, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(errout, "simulator: %v; see simulator --help\n", err)
		return exitUsage
	case s.version:
		fmt.Fprintln(out, "simulator", service.Version())
		return 0
	case s.probe:
		err = probe(ctx, s.Addr)
	default:
		err = s.serve(ctx, service.Logger(errout, slog.LevelInfo), out)
	}
	if err != nil {
		fmt.Fprintf(errout, "simulator: %v\n", err)
		return exitFailed
	}
	return 0
}

// serve runs the simulator, and the scenario in it.
func (s settings) serve(ctx context.Context, log *slog.Logger, out io.Writer) error {
	sim, err := simulator.New(s.Config, log)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return sim.Run(ctx) })
	group.Go(func() error {
		select {
		case <-sim.Ready():
		case <-ctx.Done():
			return nil
		}
		fmt.Fprintf(out, "API    %s\n", sim.API())
		if !s.Token.IsSet() {
			fmt.Fprintf(out, "token  %s\n", sim.Token().Reveal())
		}
		return s.play(ctx, sim, log)
	})
	return group.Wait()
}

// play plays the scenario as often as it is wanted, each time when there are sessions to hear of it.
func (s settings) play(ctx context.Context, sim *simulator.Simulator, log *slog.Logger) error {
	for s.scenario != "" {
		if sim.AwaitSessions(ctx, s.sessions) != nil {
			return nil
		}
		report, err := sim.Play(ctx, s.scenario, simulator.Options{Count: s.count, Every: s.every})
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		log.Info("scenario played", "scenario", s.scenario, "steps", report.Steps)
		if s.again <= 0 {
			return nil
		}
		select {
		case <-time.After(s.again):
		case <-ctx.Done():
		}
	}
	return nil
}

// probe asks a running simulator for its health, for container engines whose image has no other program.
func probe(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("read --addr %q: %w", addr, err)
	}
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("not well: answered %s", res.Status)
	}
	return nil
}
