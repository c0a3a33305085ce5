// Package cli is the commands that people type.
//
// Each command but `up` talks to a running system over NATS and does one thing. Exit codes: 0 done, 1 failed, 2 wrong usage or settings.
// What was asked for goes to the standard output, everything else to the standard error; an error is one sentence that names the remedy.
// Below the one about a template's own fault stand the line of source that failed and who called it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/home"
	"antiraid/services/antiraid/internal/settings"
	"antiraid/services/antiraid/internal/show"
	"antiraid/shared/api"
	"antiraid/shared/tenant"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// main runs the command that args name and returns the exit code.
func (a *app) main(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.out)
	root.SetErr(a.errout)
	err := root.ExecuteContext(ctx)
	var wrong usage
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
	case !a.started: // the words of the library that reads the command line
		err = fmt.Errorf("%w; see %s --help", err, a.program)
	default:
		a.complain(err)
		return exitFailed
	}
	a.complain(err)
	return exitUsage
}

func (a *app) complain(err error) {
	fmt.Fprintf(a.errout, "%s: %s\n", Name, a.called(oneLine(err)))
	var refused *api.Error
	if errors.As(err, &refused) && refused.Failure != nil {
		show.New(a.errout, show.PaintFor(a.errout, a.environ)).Where(refused.Failure)
	}
}

// oneLine keeps an error in the one line that it is promised to be.
func oneLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return show.Clean(strings.Join(lines, " "))
}

// usage is an error in what was typed or set.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

// app is one call of the program.
type app struct {
	program     string // how it was called
	environ     []string
	out, errout io.Writer

	file, natsURL, data string // flags that every command has
	started             bool   // the command line was right
	settings            settings.Settings
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:         Name,
		Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: a.program},
		Short:       "Run Lua templates on what happens in Discord",
		Long: `AntiRaid runs Lua templates on what happens in Discord servers.

Start everything on this machine with: antiraid up
The other commands talk to what runs, in another terminal.`,
		SilenceErrors: true, SilenceUsage: true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: a.begin,
		Run:               func(cmd *cobra.Command, _ []string) { _ = cmd.Help() },
	}
	root.PersistentFlags().StringVar(&a.file, "config", "", "file with settings in YAML; see the topic settings")
	root.PersistentFlags().StringVar(&a.natsURL, "nats-url", "", "the system's NATS (default: ANTIRAID_NATS_URL, else what a running \"up\" wrote into its data folder, else nats://127.0.0.1:4222)")
	root.PersistentFlags().StringVar(&a.data, "data", "", "data folder of \"up\" (default .antiraid)")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.AddCommand(a.up(), a.deploy(), a.remove(), a.rollback(), a.templates(), a.limits(), a.logs(), a.replay(), a.version(), a.help())
	a.rename(root)
	return root
}

// begin reads the settings, over which flags go.
func (a *app) begin(cmd *cobra.Command, _ []string) error {
	s, err := settings.Load(a.file, a.environ)
	if err != nil {
		return usage{err}
	}
	if cmd.Flags().Changed("data") {
		s.Data = a.data
	}
	if a.natsURL != "" {
		s.NATSURL = a.natsURL
	}
	if err := s.Validate(); err != nil {
		return usage{err}
	}
	a.settings, a.started = s, true
	return nil
}

// help is a topic beside the commands.
func (a *app) help() *cobra.Command {
	return &cobra.Command{
		Use:   "settings",
		Short: "What can be set by file and environment",
		Long:  "A key is set in the file of --config, or in the environment as ANTIRAID_<KEY> in capitals.\n\n" + string(settings.Defaults),
	}
}

// target is where the system is, and how that is known.
func (a *app) target() (client.Target, error) {
	if a.natsURL != "" {
		return client.Target{URL: a.natsURL, From: "--nats-url"}, nil
	}
	if a.settings.NATSURL != "" {
		return client.Target{URL: a.settings.NATSURL, From: "nats_url or ANTIRAID_NATS_URL"}, nil
	}
	switch at, found, err := home.Find(a.settings.Data); {
	case err != nil:
		return client.Target{}, err
	case found:
		return client.Target{URL: at.NATS, From: "written by an antiraid up in " + a.settings.Data}, nil
	}
	return client.Target{URL: "nats://127.0.0.1:4222", From: "the default, no antiraid up runs on " + a.settings.Data}, nil
}

func (a *app) dial(ctx context.Context) (*client.Client, error) {
	return a.dialWith(ctx, slog.New(slog.DiscardHandler))
}

// dialWith connects; log hears of the connection being lost and coming back.
func (a *app) dialWith(ctx context.Context, log *slog.Logger) (*client.Client, error) {
	t, err := a.target()
	if err != nil {
		return nil, err
	}
	return client.Dial(ctx, t, log)
}

func (a *app) printer() *show.Printer { return show.New(a.out, a.paint()) }

func (a *app) paint() show.Paint { return show.PaintFor(a.out, a.environ) }

// noArgs says what is wrong in the program's own words.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage{fmt.Errorf("unexpected argument %q; see %s --help", args[0], cmd.CommandPath())}
	}
	return nil
}

// oneArg says what is missing, for a command that takes one argument.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage{fmt.Errorf("%s is missing; see %s --help", what, cmd.CommandPath())}
		}
		return noArgs(cmd, args[1:])
	}
}

// tenantFlag reads a tenant's one spelling.
func tenantFlag(text string, required bool) (tenant.ID, error) {
	if text == "" && !required {
		return tenant.ID{}, nil
	}
	if text == "" {
		return tenant.ID{}, usage{errors.New("--tenant is missing; say whose templates are meant, such as --tenant g-81384788765712384")}
	}
	t, err := tenant.Parse(text)
	if err != nil {
		return tenant.ID{}, usage{fmt.Errorf("--tenant: %w", err)}
	}
	return t, nil
}
