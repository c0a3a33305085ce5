// Package chaos kills, stops and adds processes of a real system at random and looks for broken guarantees.
package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// Command is the command.
func Command() *cobra.Command {
	cfg := Defaults()
	var asJSON, schedule, keep bool
	cmd := &cobra.Command{
		Use:   "chaos",
		Short: "Kill, stop and add processes at random and look for broken guarantees",
		Long: `Chaos runs NATS, executors and rests as processes of their own and attacks them while events happen to some tenants: it kills (-9),
stops and continues past the lease, restarts, adds and removes them, spoils Discord's answers, deploys new versions and floods tenants.
What it does when to whom depends on the seed alone: --schedule prints it.

Every event carries a number. The template counts in two keys, remembers the last number, and sends one message. When the attacks are
over, everything is healed, the rest of the work is waited for, and all executors are replaced by new ones that read the keys from the
store. What the run records, the keys and Discord's channels show is then compared with what was published.

A takeover is the time from a fault that takes partitions from an executor's worker until each of them has another owner: 3000 ms are
promised after a crash, 300 ms after a clean leave. Every other fault at the same time starts the clock again, and with NATS away nothing
is measured. On a busy machine the times say little; they are shown and do not count as faults.

Exit code 1 and a folder with the logs of all processes mean that something was refuted.`,
		Args: func(cmd *cobra.Command, args []string) error {
			return errors.Join(cobra.NoArgs(cmd, args), cfg.validate())
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if schedule {
				for _, f := range Schedule(cfg.plan()) {
					fmt.Fprintln(cmd.OutOrStdout(), f)
				}
				return nil
			}
			return execute(cmd.Context(), cfg, asJSON, keep, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	flags.BoolVar(&schedule, "schedule", false, "print what would be done, and do nothing")
	flags.BoolVar(&keep, "keep", false, "keep the folder with logs and queue also when nothing was refuted")
	flags.Uint64Var(&cfg.Seed, "seed", cfg.Seed, "what the schedule is made from")
	flags.DurationVar(&cfg.Duration, "duration", cfg.Duration, "how long the system is attacked")
	flags.DurationVar(&cfg.Drain, "drain", cfg.Drain, "how long the rest of the work may take afterwards")
	flags.IntVar(&cfg.Executors, "executors", cfg.Executors, "executors, beside one that comes and goes")
	flags.IntVar(&cfg.Workers, "workers", cfg.Workers, "worker processes of each executor")
	flags.IntVar(&cfg.RESTs, "rests", cfg.RESTs, "processes that send to Discord")
	flags.IntVar(&cfg.Tenants, "tenants", cfg.Tenants, "tenants")
	flags.Float64Var(&cfg.Rate, "rate", cfg.Rate, "events that each of them gets in a second")
	return cmd
}

// Config says how to attack.
type Config struct {
	Seed                               uint64
	Duration, Drain                    time.Duration
	Executors, Workers, RESTs, Tenants int
	Rate                               float64
}

// Defaults are the settings of a usual attack.
func Defaults() Config {
	return Config{Seed: 1, Duration: time.Minute, Drain: 90 * time.Second, Executors: 3, Workers: 2, RESTs: 2, Tenants: 20, Rate: 4}
}

func (c Config) validate() error {
	if c.Duration <= 0 || c.Drain <= 0 || c.Executors < 1 || c.Workers < 1 || c.RESTs < 1 || c.Tenants < 1 || c.Rate <= 0 {
		return fmt.Errorf("check flags: --duration, --drain, --executors, --workers, --rests, --tenants and --rate must be above 0")
	}
	return nil
}

func (c Config) plan() Plan {
	return Plan{Seed: c.Seed, Duration: c.Duration, Executors: c.Executors, Workers: c.Workers, RESTs: c.RESTs, Tenants: c.Tenants}
}

func execute(ctx context.Context, cfg Config, asJSON, keep bool, out, progress io.Writer) error {
	r, _, err := Attack(ctx, cfg, progress)
	if err != nil {
		return err
	}
	if err := r.print(out, asJSON); err != nil {
		return err
	}
	if !r.Clean() {
		return fmt.Errorf("guarantees were refuted; the logs of all processes are in %s", r.Dir)
	}
	if keep {
		fmt.Fprintln(progress, "the logs of all processes are in", r.Dir)
		return nil
	}
	return os.RemoveAll(r.Dir)
}

func (r *Report) print(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		return e.Encode(r)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, line := range []struct {
		name  string
		count int
	}{
		{"events", r.Events}, {"runs", r.Runs}, {"effects", r.Effects},
		{"lost", r.Lost}, {"reordered", r.Reordered}, {"torn writes", r.TornWrites},
		{"duplicate effects", r.DuplicateEffects}, {"missing effects", r.MissingEffects}, {"version regressions", r.VersionRegressions},
		{"longest takeover, ms", r.MaxTakeover}, {"longest leave, ms", r.MaxLeave},
	} {
		fmt.Fprintf(t, "%s\t%d\n", line.name, line.count)
	}
	for _, k := range slices.Sorted(maps.Keys(r.Faults)) {
		fmt.Fprintf(t, "%s\t%d\n", k, r.Faults[k])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, example := range append(r.Examples, r.Letters...) {
		fmt.Fprintln(out, " -", example)
	}
	return nil
}
