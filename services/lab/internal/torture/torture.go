// Package torture runs hostile templates on a real executor, beside well-behaved ones, and looks for harm.
package torture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// Command is the command.
func Command() *cobra.Command {
	cfg := Config{Workers: runtime.NumCPU(), Victims: 50, Rate: 4, Events: 10, AtOnce: 4, Warmup: 12 * time.Second}
	var asJSON bool
	var log string
	cmd := &cobra.Command{
		Use:   "torture DIR",
		Short: "Run hostile templates beside well-behaved ones and look for harm",
		Long: `Torture runs every .lua file of DIR, each as a tenant of its own, on an executor with its pool of workers. Each script gets its events
while well-behaved tenants, the victims, on the same workers handle theirs.

A file is a template: return { events = { MESSAGE_CREATE = function(ctx, event) ... end } }. It may be broken: its events reach it anyhow.
It gets the capabilities it declares; whatever it asks of Discord is refused. A run has the default budgets, and a script is never paused.

A victim keeps the number of its last event and a secret, and compares in every run its globals, library functions and keys with those
of its first run. The same template stands behind every hostile script of its own tenant: it shows that the script's event came to an end.
The latency of a victim is the time from sending its event to the storing of its record, on one machine's clock.

Uncontained is: a victim's event lost, out of order, or later than 250 ms; anything changed in its world; a record of a script that shows
another tenant's secret or id, or an error, a reply or a log line that begins with "saw " or has the words "another tenant"; an event of a
script without an end; a run longer than its limit and 250 ms; memory far over its limit; the end of the supervisor. What happens to a
victim counts against every script that attacked at that time: with --at-once 1 that is one. A worker that ends meanwhile is shown with
those scripts (worker_restarts) and does not count by itself: what it does to others does. One that ends when nobody attacks counts.

The scripts attack again, as new tenants, until the victims were attacked for as long as they had been alone before (--warmup): what is
compared has been measured as often. The figures of a script are those of its first --events events; harm and restarts count whenever.
A file that a deploy refuses before it loads it, such as one of over 256 KiB, or that cannot be read is refused here too: nothing is sent.

wall_ms is the longest run, rounded up, without the time for which it was made to wait for others; elapsed_ms is with it. A run that ends
well and does nothing leaves no record: both are then the time that it took at most, by the clock, from when its event was sent or the
event before had ended to when the template behind it began. peak_mb is what the script's runs held by their own account, or by how much
the resident memory of a worker grew while it attacked (looked at every 10 ms; whatever else ran there counts too), whichever is more.

Exit codes: 0 everything was contained; 1 something was not, or nothing was measured; 2 wrong usage, such as a DIR without .lua files.`,
		Args: func(cmd *cobra.Command, args []string) error {
			err := errors.Join(cobra.ExactArgs(1)(cmd, args), cfg.validate())
			if err == nil {
				_, err = list(args[0])
			}
			return err
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg.Dir = args[0]
			return execute(cmd.Context(), cfg, log, asJSON, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&asJSON, "json", false, "print one JSON object")
	flags.IntVar(&cfg.AtOnce, "at-once", cfg.AtOnce, "scripts that attack side by side")
	flags.IntVar(&cfg.Events, "events", cfg.Events, "events that each script gets")
	flags.IntVar(&cfg.Workers, "workers", cfg.Workers, "worker processes of the executor")
	flags.IntVar(&cfg.Victims, "victims", cfg.Victims, "well-behaved tenants")
	flags.Float64Var(&cfg.Rate, "rate", cfg.Rate, "events that each of them gets in a second")
	flags.DurationVar(&cfg.Warmup, "warmup", cfg.Warmup, "time with the victims alone, before the first attack, and of the attacks at least")
	flags.StringVar(&log, "log", "", "file for what the parts say")
	return cmd
}

func (c Config) validate() error {
	if c.AtOnce < 1 || c.Events < 1 || c.Workers < 1 || c.Victims < 1 || c.Rate <= 0 || c.Warmup <= 0 {
		return fmt.Errorf("check flags: --at-once, --events, --workers, --victims, --rate and --warmup must be above 0")
	}
	return nil
}

func execute(ctx context.Context, cfg Config, log string, asJSON bool, out, progress io.Writer) error {
	if log != "" {
		f, err := os.Create(log)
		if err != nil {
			return fmt.Errorf("write what the parts say: %w", err)
		}
		defer f.Close()
		cfg.Parts = f
	}
	seen, err := Observe(ctx, cfg, progress)
	if err != nil {
		return err
	}
	r := Judge(seen)
	if err := r.print(out, asJSON); err != nil {
		return err
	}
	switch {
	case r.Uncontained == 0 && !r.Clean():
		return fmt.Errorf("torture: %s", r.Reasons[0])
	case !r.Clean():
		return fmt.Errorf("%d of %d scripts were not contained", r.Uncontained, r.Scripts)
	}
	return nil
}

func (r *Report) print(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		return e.Encode(r)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FILE\tOUTCOME\tBUDGET\tLONGEST RUN\tMEMORY\tRESTARTS\t")
	for _, s := range r.Results {
		mark := ""
		if len(s.Reasons) > 0 {
			mark = "uncontained"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d ms\t%d MB\t%d\t%s\n", s.File, s.Outcome, s.Budget, s.WallMS, s.PeakMB, s.Restarts, mark)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d scripts, %d contained, %d not; %d worker restarts, %d leaks\n", r.Scripts, r.Contained, r.Uncontained, r.Restarts, r.StateLeaks)
	fmt.Fprintf(out, "victims: %d events, %d lost, %d out of order, %d late; ", r.VictimEvents, r.Lost, r.Reordered, r.Late)
	if r.AttackedP99 == 0 {
		fmt.Fprintln(out, "none was measured under attack")
	} else {
		fmt.Fprintf(out, "p99 %.1f ms alone, %.1f ms attacked, ratio %.1f\n", float64(r.IdleP99)/1000, float64(r.AttackedP99)/1000, r.Ratio)
	}
	for _, why := range r.Reasons {
		fmt.Fprintln(out, " -", why)
	}
	return nil
}
