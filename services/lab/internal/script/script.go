// Package script is the lab's measurement of what one run of a template costs.
package script

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"antiraid/executor/scriptbench"
)

// Config says how to measure.
type Config struct {
	Rounds int
	Slot   time.Duration // of each way in a round
}

// Report is what was measured: times of one run in microseconds, the median of all rounds. The ratios are the medians of the rounds' ratios.
type Report struct {
	Bare      float64 `json:"bare_us"`
	Warm      float64 `json:"warm_us"`
	Dirty     float64 `json:"dirty_us"`
	Cold      float64 `json:"cold_us"`
	Naive     float64 `json:"naive_us"`
	Unmetered float64 `json:"unmetered_us"`

	WarmOverBare  float64 `json:"warm_over_bare"`
	NaiveOverWarm float64 `json:"naive_over_warm"`
	MeteringCost  float64 `json:"metering_cost"` // of a warm run, as a part of an unmetered one
	Rounds        int     `json:"rounds"`
}

// Command is `lab bench script`.
func Command() *cobra.Command {
	cfg := Config{Rounds: 60, Slot: 20 * time.Millisecond}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "script",
		Short: "Measure what one run of a typical template costs",
		Long: `Script runs one template of about 20 lines (it looks at a message's text and answers) in this process, in different ways:

  bare       plain gopher-lua calls the handler with a table that is ready
  unmetered  a warm run without the look at each instruction
  warm       a full run: event, context, budgets, doors, on a machine that has loaded the template
  dirty      warm, but each run changes a global, so that the template is loaded again for the next
  cold       the first run after a deploy: compile, make a machine, load, run
  naive      plain gopher-lua with a new state and the whole event decoded for each run

The ways take turns, a slot each, so that what else the machine does hits all of them; the figures are medians of the rounds. The host
does nothing: what a commit costs is bench pipeline's to tell.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Rounds < 1 || cfg.Slot <= 0 {
				return fmt.Errorf("check flags: --rounds and --slot must be above 0")
			}
			r, err := Measure(cmd.Context(), cfg, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			return r.print(cmd.OutOrStdout(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().IntVar(&cfg.Rounds, "rounds", cfg.Rounds, "rounds")
	cmd.Flags().DurationVar(&cfg.Slot, "slot", cfg.Slot, "time of each way in a round")
	return cmd
}

// way is a way that is ready, with the time of one run in each round.
type way struct {
	once  func() error
	runs  int // in a slot
	times []float64
}

// Measure lets the ways take turns.
func Measure(ctx context.Context, cfg Config, progress io.Writer) (*Report, error) {
	ways := map[string]*way{}
	var order []*way
	for _, w := range scriptbench.Ways() {
		once, err := w.Start()
		if err != nil {
			return nil, fmt.Errorf("get ready to run %s: %w", w.Name, err)
		}
		ready := &way{once: once}
		if err := ready.calibrate(cfg.Slot); err != nil {
			return nil, fmt.Errorf("run %s: %w", w.Name, err)
		}
		ways[w.Name], order = ready, append(order, ready)
	}
	fmt.Fprintf(progress, "%d ways take turns, %d rounds of %s each\n", len(order), cfg.Rounds, cfg.Slot)
	for range cfg.Rounds {
		for _, w := range order {
			took, err := w.slot()
			if err != nil {
				return nil, err
			}
			w.times = append(w.times, float64(took.Nanoseconds())/1000/float64(w.runs))
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return report(ways, cfg.Rounds), nil
}

// calibrate finds out how many runs fill a slot.
func (w *way) calibrate(slot time.Duration) error {
	for w.runs = 1; ; w.runs *= 2 {
		took, err := w.slot()
		if err != nil {
			return err
		}
		if took > slot/4 {
			w.runs = max(1, int(float64(w.runs)*float64(slot)/float64(took)))
			return nil
		}
	}
}

func (w *way) slot() (time.Duration, error) {
	begin := time.Now()
	for range w.runs {
		if err := w.once(); err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

func report(ways map[string]*way, rounds int) *Report {
	time := func(name string) float64 { return median(ways[name].times) }
	ratio := func(a, b string) float64 {
		ratios := slices.Clone(ways[a].times)
		for i := range ratios {
			ratios[i] /= ways[b].times[i]
		}
		return median(ratios)
	}
	return &Report{
		Bare: time(scriptbench.Bare), Warm: time(scriptbench.Warm), Dirty: time(scriptbench.Dirty), Cold: time(scriptbench.Cold),
		Naive: time(scriptbench.Naive), Unmetered: time(scriptbench.Unmetered),
		WarmOverBare: ratio(scriptbench.Warm, scriptbench.Bare), NaiveOverWarm: ratio(scriptbench.Naive, scriptbench.Warm),
		MeteringCost: ratio(scriptbench.Warm, scriptbench.Unmetered) - 1, Rounds: rounds,
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func (r *Report) print(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range []struct {
		name string
		time float64
	}{{"bare", r.Bare}, {"unmetered", r.Unmetered}, {"warm", r.Warm}, {"dirty", r.Dirty}, {"cold", r.Cold}, {"naive", r.Naive}} {
		fmt.Fprintf(t, "%s\t%.1f µs\t\n", row.name, row.time)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nwarm is %.2f x bare, naive %.1f x warm; metering costs %.0f %%\n", r.WarmOverBare, r.NaiveOverWarm, 100*r.MeteringCost)
	return err
}
