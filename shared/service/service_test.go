package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
)

type settings struct {
	Common `mapstructure:",squash"`
	Word   string `mapstructure:"word"`
}

const defaults = `
nats_url: nats://127.0.0.1:4222 # where
replicas: 1
health_addr: "" # none
log_level: info
word: hello # what to say
`

func program(run func(context.Context, settings, *slog.Logger) error) Program[settings] {
	return Program[settings]{Name: "greeter", About: "Greets.", Defaults: []byte(defaults), Run: run}
}

func TestExitCodes(t *testing.T) {
	boom := errors.New("boom")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, tc := range map[string]struct {
		args, env []string
		run       error
		code      int
		says      string
	}{
		"clean":         {},
		"failed":        {run: boom, code: 1, says: "greeter: boom"},
		"help":          {args: []string{"--help"}, says: "# what to say"},
		"version":       {args: []string{"--version"}, says: "greeter "},
		"unknown flag":  {args: []string{"--nope"}, code: 2, says: "--help"},
		"argument":      {args: []string{"x"}, code: 2, says: `"x"`},
		"bad key":       {env: []string{"ANTIRAID_WROD=x"}, code: 2, says: "ANTIRAID_WORD?"},
		"bad level":     {env: []string{"ANTIRAID_LOG_LEVEL=loud"}, code: 2, says: "ANTIRAID_LOG_LEVEL"},
		"port in use":   {env: []string{"ANTIRAID_HEALTH_ADDR=" + taken.Addr().String()}, code: 1, says: "health_addr"},
		"nobody there":  {args: []string{"--healthcheck"}, env: []string{"ANTIRAID_HEALTH_ADDR=127.0.0.1:1"}, code: 1, says: "not well"},
		"settings read": {env: []string{"ANTIRAID_WORD=fail"}, code: 1, says: "told to fail"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			p := program(func(_ context.Context, cfg settings, _ *slog.Logger) error {
				if cfg.Word == "fail" {
					return errors.New("told to fail")
				}
				return tc.run
			})
			code := p.main(t.Context(), tc.args, tc.env, &out, &out)
			if code != tc.code || !strings.Contains(out.String(), tc.says) {
				t.Errorf("exit code %d, output %q; want %d and %q", code, out.String(), tc.code, tc.says)
			}
		})
	}
}

func TestHealthcheckAsksTheRunningProgram(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	env := []string{"ANTIRAID_HEALTH_ADDR=" + addr}
	p := program(func(ctx context.Context, _ settings, _ *slog.Logger) error {
		if code := program(nil).main(ctx, []string{"--healthcheck"}, env, io.Discard, io.Discard); code != 0 {
			return errors.New("a running program was called not well")
		}
		return nil
	})
	if code := p.main(t.Context(), nil, env, io.Discard, t.Output()); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestAProgramWithoutItsQueueIsNotWell takes as long as a queue must be away.
func TestAProgramWithoutItsQueueIsNotWell(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	nats := natstest.Run(t, dir, -1)
	port := nats.Addr().(*net.TCPAddr).Port
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	env := []string{"ANTIRAID_HEALTH_ADDR=" + addr, "ANTIRAID_NATS_URL=" + nats.ClientURL()}
	await := func(code int, says string) error {
		end, tick := time.After(20*time.Second), time.NewTicker(100*time.Millisecond)
		defer tick.Stop()
		for {
			var out strings.Builder
			if got := program(nil).main(t.Context(), []string{"--healthcheck"}, env, io.Discard, &out); got == code && strings.Contains(out.String(), says) {
				return nil
			}
			select {
			case <-tick.C:
			case <-end:
				return fmt.Errorf("the healthcheck never ended with %d and %q but said %q", code, says, out.String())
			}
		}
	}
	p := program(func(ctx context.Context, cfg settings, log *slog.Logger) error {
		b, err := bus.Connect(ctx, bus.Config{URL: cfg.NATSURL, Name: "greeter"}, log)
		if err != nil {
			return err
		}
		defer b.Close()
		if err := await(0, ""); err != nil {
			return err
		}
		nats.Shutdown()
		if err := await(1, "503 Service Unavailable: the connection to NATS (greeter) has been away for"); err != nil {
			return err
		}
		res, err := http.Get("http://" + addr + "/livez")
		if err != nil || res.StatusCode != http.StatusOK {
			return fmt.Errorf("GET /livez gave %v, %w", res, err)
		}
		res.Body.Close()
		nats.WaitForShutdown()
		natstest.Run(t, dir, port)
		return await(0, "")
	})
	if code := p.main(t.Context(), nil, env, io.Discard, t.Output()); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
