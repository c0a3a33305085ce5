// Package fairness measures what a flooded tenant with slow templates costs its quiet neighbours.
//
// The server and the executors are processes of their own. Phases with and without the loud tenant take turns, so that whatever else the
// machine does hits both.
package fairness

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
	Tenants   int           // quiet ones
	Near      int           // of them, in the partition of the first loud one, at least
	Rate      float64       // events that each of them gets in a second
	Loud      int           // loud tenants
	Times     float64       // their rate, as a multiple of the others'
	Loops     int           // of the loud handler
	Executors int           // processes
	Workers   int           // of each; 0: one for each core
	Duration  time.Duration // measured without and with the loud tenants, each
	Rounds    int
	Calm      float64   // a round counts only if other programs used at most so many processors meanwhile; 0: every round counts
	Parts     io.Writer // what the parts say; nil: nowhere
}

// Defaults are the settings of a usual measurement.
func Defaults() Config {
	return Config{Tenants: 50, Near: 5, Rate: 2, Loud: 1, Times: 100, Loops: 400_000, Executors: 1, Duration: 20 * time.Second, Rounds: 4}
}

// Result is what was found. Latencies are from before the call to publish until the run's record is stored, which is after its commit.
type Result struct {
	Tenants   int `json:"tenants"`
	Near      int `json:"same_partition"`
	Loud      int `json:"loud"`
	Executors int `json:"executors"`
	Rounds    int `json:"rounds"`

	IdleP50     int64     `json:"quiet_p50_idle_us"`
	IdleP99     int64     `json:"quiet_p99_idle_us"`
	LoudP50     int64     `json:"quiet_p50_loud_us"`
	LoudP99     int64     `json:"quiet_p99_loud_us"`
	Ratio       float64   `json:"ratio"`        // of the p99 over all rounds
	Ratios      []float64 `json:"ratios"`       // of each round's
	RatioMedian float64   `json:"ratio_median"` // of those

	IdleWaitP99 int64 `json:"quiet_wait_p99_idle_us"` // until the run begins
	LoudWaitP99 int64 `json:"quiet_wait_p99_loud_us"`

	NearIdleP99 int64 `json:"same_partition_p99_idle_us"`
	NearLoudP99 int64 `json:"same_partition_p99_loud_us"`

	QuietEvents int   `json:"quiet_events"` // that were measured
	LoudEvents  int   `json:"loud_events"`  // published while the loud were loud
	LoudRuns    int   `json:"loud_runs"`    // recorded while the others were measured
	LoudRun     int64 `json:"loud_run_p50_us"`
	Backlog     int   `json:"loud_backlog"` // at the end of a round, at most

	Others  float64 `json:"others_cpu"`     // processors that other programs used, at most, in a phase that counts
	Skipped int     `json:"rounds_skipped"` // because of them
}

// Command is `lab bench fairness`.
func Command() *cobra.Command {
	cfg := Defaults()
	var asJSON bool
	var log string
	cmd := &cobra.Command{
		Use:   "fairness",
		Short: "Latency of quiet tenants beside a flooded one",
		Long: `Fairness measures the latency of quiet tenants on an idle system, and beside a loud tenant: one that gets many times as many events as
each of the others, whose template calculates in every run. Its events come faster than they can run, so that a backlog grows. Some of
the quiet tenants share its partition.

Phases without and with the loud tenant take turns. Between them it gets a version of its bundle that wants nothing, and what is left of
its backlog passes. The first second of each phase is not measured.

Other programs spoil what is measured: with --calm 0.2 a round counts only if they used no more than 0.2 processors in each of its phases,
and others are measured in place of those that do not.

A latency is the time from the call to publish until the run's record is stored, which is after its commit, on one machine's clock.`,
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
	flags.IntVar(&cfg.Tenants, "tenants", cfg.Tenants, "quiet tenants")
	flags.IntVar(&cfg.Near, "near", cfg.Near, "quiet tenants in the partition of the loud one, at least")
	flags.Float64Var(&cfg.Rate, "rate", cfg.Rate, "events that each quiet tenant gets in a second")
	flags.IntVar(&cfg.Loud, "loud", cfg.Loud, "loud tenants")
	flags.Float64Var(&cfg.Times, "times", cfg.Times, "how many times as many events a loud tenant gets")
	flags.IntVar(&cfg.Loops, "loops", cfg.Loops, "loops of the loud tenant's handler; about 4 instructions each")
	flags.IntVar(&cfg.Executors, "executors", cfg.Executors, "executors")
	flags.IntVar(&cfg.Workers, "workers", cfg.Workers, "worker processes of each; 0: one for each core")
	flags.DurationVar(&cfg.Duration, "duration", cfg.Duration, "measured time of each kind, all rounds together")
	flags.IntVar(&cfg.Rounds, "rounds", cfg.Rounds, "phases of each kind")
	flags.Float64Var(&cfg.Calm, "calm", cfg.Calm, "only rounds count in which other programs use at most so many processors; 0: all count")
	flags.StringVar(&log, "log", "", "file for what the parts say")
	return cmd
}

func (c Config) validate() error {
	switch {
	case c.Tenants < 1 || c.Loud < 1 || c.Executors < 1 || c.Rounds < 1 || c.Loops < 1:
		return fmt.Errorf("check flags: --tenants, --loud, --executors, --rounds and --loops must be at least 1")
	case c.Rate <= 0 || c.Times <= 0 || c.Duration <= 0:
		return fmt.Errorf("check flags: --rate, --times and --duration must be above 0")
	case c.Workers < 0 || c.Calm < 0 || c.Near < 0 || c.Near > c.Tenants:
		return fmt.Errorf("check flags: --workers and --calm must not be below 0, --near must be from 0 to --tenants")
	}
	return nil
}

func execute(ctx context.Context, cfg Config, asJSON bool, out, progress io.Writer) error {
	r, err := Measure(ctx, cfg, progress)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	return r.print(out)
}

func (r *Result) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "quiet p50\t%d µs\talone %d\tratio %.2f\t\n", r.LoudP50, r.IdleP50, float64(r.LoudP50)/float64(r.IdleP50))
	fmt.Fprintf(w, "quiet p99\t%d µs\talone %d\tratio %.2f\twant ≤ 2\n", r.LoudP99, r.IdleP99, r.Ratio)
	fmt.Fprintf(w, "median of the rounds\t\t\tratio %.2f\t\n", r.RatioMedian)
	fmt.Fprintf(w, "until the run, p99\t%d µs\talone %d\tratio %.2f\t\n", r.LoudWaitP99, r.IdleWaitP99, float64(r.LoudWaitP99)/float64(r.IdleWaitP99))
	fmt.Fprintf(w, "same partition p99\t%d µs\talone %d\tratio %.2f\t\n", r.NearLoudP99, r.NearIdleP99, float64(r.NearLoudP99)/float64(r.NearIdleP99))
	fmt.Fprintf(w, "loud\t%d events\t%d runs of %d µs\tbacklog %d\t\n", r.LoudEvents, r.LoudRuns, r.LoudRun, r.Backlog)
	fmt.Fprintf(w, "other programs\t%.2f processors at most\t%d rounds skipped\t\t\n", r.Others, r.Skipped)
	return w.Flush()
}
