// Package cli is the lab's commands.
//
// Each prints what it found: for people, or with --json as one object. Progress goes to the standard error. Exit codes: 0 done and every
// guarantee held, 1 failed or refuted, 2 wrong usage.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"antiraid/services/lab/internal/bench"
	"antiraid/services/lab/internal/chaos"
	"antiraid/services/lab/internal/torture"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// Main runs the command that args name and returns the exit code.
func Main(ctx context.Context, args, _ []string, out, errout io.Writer) int {
	started := false
	root := &cobra.Command{
		Use:   "lab",
		Short: "Measure AntiRaid and attack it",
		Long: `Lab measures AntiRaid and attacks it: real parts, in processes of their own, on this machine, on loopback only.

What it starts, it ends; its files are in a temporary folder. Figures are worth something beside others of the same run: the
machine has other things to do.`,
		SilenceErrors: true, SilenceUsage: true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: func(*cobra.Command, []string) error { started = true; return nil },
		Run:               func(cmd *cobra.Command, _ []string) { _ = cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(bench.Command(), chaos.Command(), torture.Command())
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errout)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case !started:
		fmt.Fprintln(errout, "lab:", oneLine(err))
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(errout, "lab: interrupted")
		return exitFailed
	}
	fmt.Fprintln(errout, "lab:", oneLine(err))
	return exitFailed
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
