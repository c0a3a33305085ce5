// Package service is what every program has around its door: settings, log, health endpoint, signals and exit code.
//
// It is the only place with os.Exit, signals and the default logger.
package service

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"golang.org/x/sync/errgroup"

	"antiraid/shared/config"
	"antiraid/shared/health"
)

// Common are the settings that every program has; embed them with `mapstructure:",squash"`.
type Common struct {
	NATSURL    string     `mapstructure:"nats_url"`
	Replicas   int        `mapstructure:"replicas"`
	HealthAddr string     `mapstructure:"health_addr"`
	LogLevel   slog.Level `mapstructure:"log_level"`
}

func (c Common) common() Common { return c }

// Settings is a program's configuration: it embeds [Common].
type Settings interface{ common() Common }

// Program is a program as its main describes it.
type Program[C Settings] struct {
	Name     string
	About    string // a sentence or two for --help
	Defaults []byte // YAML that lists every key with a comment
	Run      func(ctx context.Context, cfg C, log *slog.Logger) error
}

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// Main runs a program until it ends or is told to stop, as [Exec] does, and exits: 0 clean, 1 failed, 2 wrong usage or settings.
func Main[C Settings](p Program[C]) { Exec(p.main) }

func (p Program[C]) main(ctx context.Context, args, environ []string, out, errout io.Writer) int {
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	file := flags.String("config", "", "")
	version := flags.Bool("version", false, "")
	probe := flags.Bool("healthcheck", false, "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		p.help(out)
		return 0
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
		fallthrough
	case err != nil:
		fmt.Fprintf(errout, "%s: %v; see %s --help\n", p.Name, err, p.Name)
		return exitUsage
	}
	if *version {
		fmt.Fprintln(out, p.Name, Version())
		return 0
	}
	var cfg C
	if err := config.Load(p.Defaults, *file, environ, &cfg); err != nil {
		fmt.Fprintf(errout, "%s: %v\n", p.Name, err)
		return exitUsage
	}
	if *probe {
		return p.probe(ctx, cfg.common().HealthAddr, errout)
	}
	return p.run(ctx, cfg, errout)
}

func (p Program[C]) run(ctx context.Context, cfg C, out io.Writer) int {
	errout := write(out)
	defer errout.end()
	log := logger(Terminal(out), errout, cfg.common().LogLevel).With("service", p.Name)
	slog.SetDefault(log)
	var state health.State
	end, err := listen(cfg.common().HealthAddr, &state)
	if err != nil {
		fmt.Fprintf(errout, "%s: %v\n", p.Name, err)
		return exitFailed
	}
	log.Info("started", "version", Version(), "health", end.Address())
	if err := Clean(ctx, p.beside(health.In(ctx, &state), end, cfg, log)); err != nil {
		fmt.Fprintf(errout, "%s: %v\n", p.Name, err)
		return exitFailed
	}
	log.Info("stopped")
	return 0
}

// beside runs the program and its endpoint; the endpoint ends with the program.
func (p Program[C]) beside(ctx context.Context, end endpoint, cfg C, log *slog.Logger) error {
	group, ctx := errgroup.WithContext(ctx)
	answering, stop := context.WithCancel(ctx)
	group.Go(func() error { return end.Run(answering) })
	group.Go(func() error {
		defer stop()
		return p.Run(ctx, cfg, log)
	})
	return group.Wait()
}

// Clean is err, unless that only says that ctx has ended: to be stopped is no failure, not even while starting.
func Clean(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (p Program[C]) help(out io.Writer) {
	fmt.Fprintf(out, `%s

Usage: %s [--config FILE] [--version] [--healthcheck]

  --config FILE   settings in YAML; without it the defaults below
  --healthcheck   ask the running program on health_addr whether it is well; exit 0 if so
  --version       print the version

Every setting, with its default. In the environment a key is written ANTIRAID_<KEY>, in capitals, with _ for each dot.

%s`, p.About, p.Name, p.Defaults)
}

// Logger writes text lines on a terminal and JSON lines elsewhere.
func Logger(out io.Writer, level slog.Level) *slog.Logger {
	return logger(Terminal(out), out, level)
}

func logger(terminal bool, out io.Writer, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if terminal {
		return slog.New(slog.NewTextHandler(out, options))
	}
	return slog.New(slog.NewJSONHandler(out, options))
}

// Terminal reports whether a person reads what is written to out.
func Terminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Version is the module's version, or the commit it was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	if info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "development"
	}
	return info.Main.Version
}
