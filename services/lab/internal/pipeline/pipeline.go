// Package pipeline measures the way of an event from the publish to the run's commit, beside the same messages through JetStream alone.
//
// The servers and the publisher are processes of their own; executors run in this one, and so does the plain consumer of the yardstick.
// Phases of both alternate, so that whatever else the machine does hits both.
package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"antiraid/services/lab/internal/part"
	"antiraid/services/lab/internal/stage"
)

// Result is what was found.
type Result struct {
	Events    int     `json:"events"` // in each phase
	Tenants   int     `json:"tenants"`
	Executors int     `json:"executors"`
	Match     float64 `json:"match"`
	Rounds    int     `json:"rounds"`

	PerSecond float64 `json:"events_per_s"`  // median of the rounds
	Ceiling   float64 `json:"ceiling_per_s"` // median of the rounds
	Ratio     float64 `json:"ratio"`         // median of the rounds' ratios

	CPU        float64 `json:"cpu_us_per_event"` // of publisher, server and executors; median of the rounds
	CeilingCPU float64 `json:"ceiling_cpu_us_per_event"`

	Rate     float64 `json:"latency_rate_per_s"` // at which latencies were measured: half of events_per_s
	P50      float64 `json:"p50_us"`             // publish → run recorded, and with it committed
	P99      float64 `json:"p99_us"`
	RawP50   float64 `json:"raw_p50_us"` // publish → received
	RawP99   float64 `json:"raw_p99_us"`
	P99Ratio float64 `json:"p99_ratio"`

	Allocs    float64 `json:"allocs_per_event"`
	RSS       float64 `json:"rss_mb"`
	ColdBytes float64 `json:"bytes_per_cold_tenant"` // heap, above that of an executor that knows one tenant of each partition
	WarmBytes float64 `json:"bytes_per_warm_tenant"` // heap, after one run of each of the busiest, above all of them cold
	Loading   float64 `json:"loading_s"`             // start of the executors → all tenants known
}

// Command is `lab bench pipeline`.
func Command() *cobra.Command {
	b := &benchmark{}
	cmd := &cobra.Command{
		Use:   "pipeline",
		Short: "Events per second and latency, beside JetStream alone",
		Long: `Pipeline publishes realistic events of about 1 KB from many tenants, some much busier than others (Zipf 1.1), and runs a small
template that reads and writes one key for those that match. The ceiling is the same messages through JetStream to a consumer that
does nothing. Rounds of both alternate; the ratio is the median of the rounds.

Latency is measured at half of the throughput found: from the call to publish until the run's record is stored, which is after its
commit. The ceiling's is from the call to publish until the message is received.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := b.run(cmd.Context(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if b.json {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r)
			}
			return r.print(cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.IntVar(&b.events, "events", 100_000, "events in each phase")
	f.IntVar(&b.traffic.Tenants, "tenants", 1000, "tenants, each with the template")
	f.IntVar(&b.executors, "executors", 1, "executors that share them")
	f.Float64Var(&b.traffic.Match, "match", 0.1, "part of the events that the template handles")
	f.Uint64Var(&b.traffic.Seed, "seed", 1, "of the events drawn")
	f.IntVar(&b.rounds, "rounds", 3, "phases of each kind")
	f.StringVar(&b.profile, "cpuprofile", "", "write a CPU profile of the executors' phases to this file")
	f.BoolVar(&b.json, "json", false, "print one JSON object")
	return cmd
}

type benchmark struct {
	traffic                   traffic
	events, executors, rounds int
	profile                   string
	json                      bool

	progress io.Writer
	system   *system
	raw      *raw
	rawURL   string
	result   Result
}

func (b *benchmark) validate() error {
	switch {
	case b.events < 1000:
		return fmt.Errorf("--events is %d; want at least 1000", b.events)
	case b.traffic.Tenants < 2:
		return fmt.Errorf("--tenants is %d; want at least 2", b.traffic.Tenants)
	case b.executors < 1:
		return fmt.Errorf("--executors is %d; want at least 1", b.executors)
	case b.traffic.Match < 0 || b.traffic.Match > 1:
		return fmt.Errorf("--match is %g; want 0 to 1", b.traffic.Match)
	case b.rounds < 1:
		return fmt.Errorf("--rounds is %d; want at least 1", b.rounds)
	}
	return nil
}

func (b *benchmark) run(ctx context.Context, progress io.Writer) (Result, error) {
	if err := b.validate(); err != nil {
		return Result{}, err
	}
	dir, err := os.MkdirTemp("", "antiraid-lab-*")
	if err != nil {
		return Result{}, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	b.progress = progress
	b.result = Result{Events: b.events, Tenants: b.traffic.Tenants, Executors: b.executors, Match: b.traffic.Match, Rounds: b.rounds}
	err = b.servers(ctx, dir)
	return b.result, err
}

// servers starts one server for the system and one for the ceiling, and measures.
func (b *benchmark) servers(ctx context.Context, dir string) error {
	log := slog.New(slog.NewTextHandler(b.progress, &slog.HandlerOptions{Level: slog.LevelWarn}))
	ours, url, err := part.StartNATS(ctx, filepath.Join(dir, "system"), 0, b.progress)
	if err != nil {
		return err
	}
	defer ours.Stop(10 * time.Second)
	plain, rawURL, err := part.StartNATS(ctx, filepath.Join(dir, "ceiling"), 0, b.progress)
	if err != nil {
		return err
	}
	defer plain.Stop(10 * time.Second)
	ceiling, err := stage.Open(ctx, rawURL, log) // makes the stream
	if err != nil {
		return err
	}
	defer ceiling.Close()
	st, err := stage.Open(ctx, url, log)
	if err != nil {
		return err
	}
	defer st.Close()
	if b.raw, err = dialRaw(plain, rawURL); err != nil {
		return err
	}
	defer b.raw.close()
	b.rawURL, b.system = rawURL, &system{server: ours, url: url, stage: st, log: log}
	return b.executing(ctx)
}

// executing runs executors while it measures.
func (b *benchmark) executing(ctx context.Context) error {
	few := b.traffic.ofPartition()
	if err := b.system.fill(ctx, slices.Values(few), len(few), io.Discard); err != nil {
		return err
	}
	var base uint64 // heap of executors that know a few tenants
	err := b.started(ctx, func(ctx context.Context) error {
		base = heap()
		return nil
	})
	if err != nil {
		return err
	}
	b.say("%d tenants get the template", b.traffic.Tenants)
	if err := b.system.fill(ctx, ranks(b.traffic.Tenants), b.traffic.Tenants, b.progress); err != nil {
		return err
	}
	began := time.Now()
	return b.started(ctx, func(ctx context.Context) error {
		b.result.Loading = time.Since(began).Seconds()
		cold := heap()
		b.result.ColdBytes = float64(cold-min(cold, base)) / float64(max(1, b.traffic.Tenants-len(few)))
		warm := min(b.traffic.Tenants, 4000)
		b.say("loaded within %.1f s; %d tenants are warmed", b.result.Loading, warm)
		if err := b.system.warm(ctx, b.traffic, slices.Collect(ranks(warm))); err != nil {
			return err
		}
		now := heap()
		b.result.WarmBytes = float64(now-min(now, cold)) / float64(warm)
		return b.phases(ctx)
	})
}

// started has executors run while fn does: each partition has read its tenants, and handled an event of one.
func (b *benchmark) started(ctx context.Context, fn func(ctx context.Context) error) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	g, running := errgroup.WithContext(running)
	err := b.system.start(running, g, b.executors)
	if err == nil {
		err = b.system.warm(running, b.traffic, b.traffic.ofPartition())
	}
	if err == nil {
		err = fn(running)
	}
	stop()
	return cause(err, g.Wait())
}

func ranks(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for rank := range n {
			if !yield(rank) {
				return
			}
		}
	}
}

// cause prefers what made an executor end.
func cause(err, ended error) error {
	if ended != nil {
		return ended
	}
	return err
}

// phases measures throughput and then latency.
func (b *benchmark) phases(ctx context.Context) error {
	if err := b.profiled(func() error { return b.throughput(ctx) }); err != nil {
		return err
	}
	b.result.RSS = rss()
	return b.latency(ctx)
}

func (b *benchmark) profiled(fn func() error) error {
	if b.profile == "" {
		return fn()
	}
	file, err := os.Create(b.profile)
	if err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return fn()
}

func (b *benchmark) throughput(ctx context.Context) error {
	var ours, ceilings, ratios, allocs, cpu, ceilingCPU []float64
	for round := range b.rounds {
		plain, err := b.raw.measure(ctx, order{URL: b.rawURL, Events: b.events, traffic: b.traffic})
		if err != nil {
			return err
		}
		before := mallocs()
		full, err := b.system.measure(ctx, order{URL: b.system.url, Events: b.events, traffic: b.traffic})
		if err != nil {
			return err
		}
		allocs = append(allocs, float64(mallocs()-before)/float64(full.events))
		ours, ceilings, ratios = append(ours, full.rate()), append(ceilings, plain.rate()), append(ratios, full.rate()/plain.rate())
		cpu, ceilingCPU = append(cpu, full.perEvent()), append(ceilingCPU, plain.perEvent())
		b.say("round %d: %.0f events/s of %.1f µs CPU, ceiling %.0f of %.1f, ratio %.2f", round+1,
			full.rate(), full.perEvent(), plain.rate(), plain.perEvent(), ratios[round])
	}
	b.result.PerSecond, b.result.Ceiling, b.result.Ratio, b.result.Allocs = median(ours), median(ceilings), median(ratios), median(allocs)
	b.result.CPU, b.result.CeilingCPU = median(cpu), median(ceilingCPU)
	return nil
}

func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

func (b *benchmark) latency(ctx context.Context) error {
	b.result.Rate = b.result.PerSecond / 2
	events := min(b.events, int(b.result.Rate*10)) // at most 10 s for each phase
	var ours, plain []time.Duration
	for range b.rounds {
		p, err := b.raw.measure(ctx, order{URL: b.rawURL, Events: events, Rate: b.result.Rate, traffic: b.traffic})
		if err != nil {
			return err
		}
		plain = append(plain, p.latencies...)
		if p, err = b.system.measure(ctx, order{URL: b.system.url, Events: events, Rate: b.result.Rate, traffic: b.traffic}); err != nil {
			return err
		}
		ours = append(ours, p.latencies...)
	}
	r := &b.result
	r.P50, r.P99, r.RawP50, r.RawP99 = quantile(ours, 0.5), quantile(ours, 0.99), quantile(plain, 0.5), quantile(plain, 0.99)
	r.P99Ratio = r.P99 / r.RawP99
	return nil
}

// quantile is in microseconds.
func quantile(d []time.Duration, q float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[int(q*float64(len(d)-1))]) / float64(time.Microsecond)
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

func (b *benchmark) say(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }

func (r Result) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "throughput\t%.0f events/s\tceiling %.0f\tratio %.2f\twant ≥ 0.70\n", r.PerSecond, r.Ceiling, r.Ratio)
	fmt.Fprintf(w, "CPU\t%.1f µs per event\tceiling %.1f\tratio %.2f\t\n", r.CPU, r.CeilingCPU, r.CeilingCPU/r.CPU)
	fmt.Fprintf(w, "latency p50\t%.0f µs\traw %.0f\tratio %.1f\t\n", r.P50, r.RawP50, r.P50/r.RawP50)
	fmt.Fprintf(w, "latency p99\t%.0f µs\traw %.0f\tratio %.1f\twant ≤ 10\n", r.P99, r.RawP99, r.P99Ratio)
	fmt.Fprintf(w, "allocations\t%.1f per event\t\t\t\n", r.Allocs)
	fmt.Fprintf(w, "cold tenant\t%.0f bytes\t\t\twant ≤ 400\n", r.ColdBytes)
	fmt.Fprintf(w, "warm tenant\t%.0f bytes\t\t\twant ≤ 32768\n", r.WarmBytes)
	fmt.Fprintf(w, "memory\t%.0f MiB resident\tloaded in %.1f s\t\t\n", r.RSS, r.Loading)
	return w.Flush()
}
