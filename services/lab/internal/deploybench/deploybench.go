// Package deploybench measures how soon a deploy is in force while events happen, and looks for runs that saw parts of two versions.
//
// NATS, MongoDB (FerretDB), dispatcher and executors are processes of their own; deploys are the calls that the command antiraid makes.
package deploybench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// Config says what to measure.
type Config struct {
	Tenants   int
	Rate      float64 // events that each of them gets in a second
	AtOnce    int     // deploys side by side
	Executors int     // processes
	Workers   int     // of each; 0: one for each core
	Duration  time.Duration
	Parts     io.Writer // what the parts say; nil: nowhere
}

// Defaults are the settings of a usual measurement.
func Defaults() Config {
	return Config{Tenants: 20, Rate: 10, AtOnce: 2, Executors: 1, Duration: 20 * time.Second}
}

// Result is what was found.
type Result struct {
	Tenants   int `json:"tenants"`
	Executors int `json:"executors"`
	Deploys   int `json:"deploys"`
	Events    int `json:"events"`
	Runs      int `json:"runs"`

	P50     float64 `json:"p50_ms"` // call → the record of the first run with the new version is stored, which is after its commit
	P99     float64 `json:"p99_ms"`
	CallP50 float64 `json:"call_p50_ms"` // call → answer
	CallP99 float64 `json:"call_p99_ms"`

	EventP50 float64 `json:"event_p50_ms"` // of the load: publish → both of its runs are recorded
	EventP99 float64 `json:"event_p99_ms"`

	Mixed       int      `json:"mixed_version_runs"`
	Regressions int      `json:"version_regressions"`
	Stale       int      `json:"stale_runs"`
	Reasons     []string `json:"reasons,omitempty"`
}

// Clean reports whether nothing was refuted.
func (r *Result) Clean() bool { return r.Mixed+r.Regressions+r.Stale == 0 }

// Command is `lab bench deploy`.
func Command() *cobra.Command {
	cfg := Defaults()
	var asJSON bool
	var log string
	cmd := &cobra.Command{
		Use:   "deploy",
		Short: "Deploy to first event with the new version, during load",
		Long: `Deploy deploys new versions to tenants while they get events at a steady rate, by the call that the command antiraid makes, and measures the
time from the call until the first event was handled with the new version: until its run's record is stored, which is after its commit.
The template handles STARTUP too, so that the time does not depend on when the next event happens.

Beside it stands how long an event of the load takes, from its publish until both templates have run.

A tenant has two templates, and each of them three files. All files of a deploy carry its number, and every run writes down the numbers
that it finds. Refuted is: a run whose files carry other numbers than its bundle version holds, or two versions within one event
(mixed_version_runs); an older version than that of an earlier event (version_regressions); an older version than one whose STARTUP
event came before (stale_runs). Then the exit code is 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cfg.validate(); err != nil {
				return err
			}
			if log != "" {
				f, err := os.Create(log)
				if err != nil {
					return fmt.Errorf("write what the parts say: %w", err)
				}
				defer f.Close()
				cfg.Parts = f
			}
			return execute(cmd.Context(), cfg, asJSON, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	flags.IntVar(&cfg.Tenants, "tenants", cfg.Tenants, "tenants")
	flags.Float64Var(&cfg.Rate, "rate", cfg.Rate, "events that each of them gets in a second")
	flags.IntVar(&cfg.AtOnce, "at-once", cfg.AtOnce, "deploys side by side, to different tenants")
	flags.IntVar(&cfg.Executors, "executors", cfg.Executors, "executors")
	flags.IntVar(&cfg.Workers, "workers", cfg.Workers, "worker processes of each; 0: one for each core")
	flags.DurationVar(&cfg.Duration, "duration", cfg.Duration, "how long deploys go on")
	flags.StringVar(&log, "log", "", "file for what the parts say")
	return cmd
}

func (c Config) validate() error {
	switch {
	case c.Tenants < 1 || c.AtOnce < 1 || c.Executors < 1 || c.Workers < 0:
		return fmt.Errorf("check flags: --tenants, --at-once and --executors must be at least 1, --workers not below 0")
	case c.Rate <= 0 || c.Duration <= 0:
		return fmt.Errorf("check flags: --rate and --duration must be above 0")
	}
	return nil
}

func execute(ctx context.Context, cfg Config, asJSON bool, out, progress io.Writer) error {
	r, err := Measure(ctx, cfg, progress)
	if err != nil {
		return err
	}
	if asJSON {
		err = json.NewEncoder(out).Encode(r)
	} else {
		err = r.print(out)
	}
	if err == nil && !r.Clean() {
		err = fmt.Errorf("%d runs mixed versions, %d went back, %d were outdated", r.Mixed, r.Regressions, r.Stale)
	}
	return err
}

func (r *Result) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "deploy → first event with it\tp50 %.1f ms\tp99 %.1f ms\t\n", r.P50, r.P99)
	fmt.Fprintf(w, "deploy → answer\tp50 %.1f ms\tp99 %.1f ms\t\n", r.CallP50, r.CallP99)
	fmt.Fprintf(w, "an event of the load\tp50 %.1f ms\tp99 %.1f ms\t\n", r.EventP50, r.EventP99)
	fmt.Fprintf(w, "seen\t%d deploys\t%d events\t%d runs\n", r.Deploys, r.Events, r.Runs)
	fmt.Fprintf(w, "refuted\t%d mixed\t%d back\t%d outdated\n", r.Mixed, r.Regressions, r.Stale)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, why := range r.Reasons {
		if _, err := fmt.Fprintln(out, " -", why); err != nil {
			return err
		}
	}
	return nil
}
