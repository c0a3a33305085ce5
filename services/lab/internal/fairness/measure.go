package fairness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/services/lab/internal/part"
	"antiraid/services/lab/internal/quantile"
	"antiraid/services/lab/internal/stage"
	"antiraid/shared/tenant"
)

const (
	settling  = time.Second      // at the beginning of a phase, not measured
	patience  = 60 * time.Second // for anything that must happen
	mostTries = 30               // of a round, on average, until one is calm
)

// Measure starts a system and measures.
func Measure(ctx context.Context, cfg Config, progress io.Writer) (*Result, error) {
	dir, err := os.MkdirTemp("", "antiraid-lab-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	server, url, err := part.StartNATS(ctx, dir, 0, cfg.Parts)
	if err != nil {
		return nil, err
	}
	defer server.Stop(10 * time.Second)
	st, err := stage.Open(ctx, url, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer st.Close()
	running := machine{parts: []*part.Process{server}}
	for n := range cfg.Executors {
		executor, err := part.Start(part.Config{Part: part.Executor, Log: cfg.Parts, Settings: map[string]string{
			"nats_url": url, "name": "fairness-" + strconv.Itoa(n), "workers": strconv.Itoa(cfg.Workers),
		}})
		if err != nil {
			return nil, err
		}
		defer executor.Stop(10 * time.Second)
		running.parts = append(running.parts, executor)
	}
	m := &measurement{Config: cfg, stage: st, machine: running, records: newRecords(), progress: progress}
	m.loud, m.quiet = choose(cfg.Loud, cfg.Tenants, cfg.Near)
	return m.run(ctx)
}

// measurement is one execution of the command.
type measurement struct {
	Config
	stage    *stage.Stage
	machine  machine
	records  *records
	progress io.Writer

	loud, quiet  []tenant.ID
	version      uint64       // of the loud tenants' bundles
	published    atomic.Int64 // events of the loud tenants
	passed       int          // of them, without a run
	result       Result
	idle, loudly []sent          // measured events: alone, beside the loud tenants
	runs         []time.Duration // of the loud tenants, meanwhile
}

// run has records read and quiet tenants at work while it measures.
func (m *measurement) run(ctx context.Context) (*Result, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return m.records.read(ctx, m.stage.Bus) })
	g.Go(func() error {
		defer stop()
		return m.measure(ctx)
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return m.sum(), nil
}

func (m *measurement) measure(ctx context.Context) error {
	if err := m.deploy(ctx); err != nil {
		return err
	}
	fmt.Fprintf(m.progress, "%d quiet tenants, %d of them in partition %d beside a loud one, %d events/s in all\n",
		len(m.quiet), m.near(), m.loud[0].Partition(), int(m.Rate*float64(len(m.quiet))))
	moving, halt := context.WithCancel(ctx)
	defer halt()
	var traffic errgroup.Group
	traffic.Go(func() error {
		return steadily(moving, m.Rate*float64(len(m.quiet)), func(n int) error { return m.sendQuiet(m.quiet[n%len(m.quiet)]) })
	})
	err := m.rounds(ctx)
	halt()
	if err := errors.Join(err, traffic.Wait()); err != nil {
		return err
	}
	return m.records.until(ctx, "the last runs", patience, func() bool { return m.records.open == 0 })
}

// deploy gives every quiet tenant its template and waits until each has run once.
func (m *measurement) deploy(ctx context.Context) error {
	for _, t := range m.quiet {
		if err := m.stage.Deploy(ctx, t, 1, quietTemplate()); err != nil {
			return err
		}
		if err := m.sendQuiet(t); err != nil {
			return err
		}
	}
	if err := m.silence(ctx); err != nil {
		return err
	}
	return m.records.until(ctx, "the first run of every quiet tenant", patience, func() bool { return m.records.open == 0 })
}

func (m *measurement) sendQuiet(t tenant.ID) error {
	_, err := m.stage.Bus.PublishAsync(message(t, m.records.send(t)))
	return err
}

// rounds lets phases with and without the loud tenants take turns.
func (m *measurement) rounds(ctx context.Context) error {
	for tries := 0; len(m.result.Ratios) < m.Rounds; tries++ {
		if tries == mostTries*m.Rounds {
			return fmt.Errorf("measure %d rounds: %d of %d were calm; ask for less with --calm, or measure when the machine has less to do",
				m.Rounds, len(m.result.Ratios), tries)
		}
		if err := m.round(ctx, m.Duration/time.Duration(m.Rounds)); err != nil {
			return err
		}
	}
	return nil
}

// round is a phase of each kind. It does not count if other programs had too much to do.
func (m *measurement) round(ctx context.Context, length time.Duration) error {
	alone, err := m.window(ctx, length)
	if err != nil || !m.calm(alone) {
		return err
	}
	beside, err := m.beside(ctx, length)
	if err != nil {
		return err
	}
	if err := m.records.until(ctx, "the runs of a round", patience, func() bool { return m.doneBefore(beside.to) }); err != nil {
		return err
	}
	if m.calm(beside) {
		m.take(alone, beside)
	}
	return nil
}

// calm reports whether a window counts, and notes it if not.
func (m *measurement) calm(w window) bool {
	if m.Calm == 0 || w.others <= m.Calm {
		return true
	}
	fmt.Fprintf(m.progress, "a round does not count: other programs used %.2f processors\n", w.others)
	m.result.Skipped++
	return false
}

// window lets the traffic settle and then go on for a while.
func (m *measurement) window(ctx context.Context, length time.Duration) (w window, err error) {
	if err := wait(ctx, settling); err != nil {
		return w, err
	}
	w.from = time.Now()
	before := m.machine.usage()
	if err := wait(ctx, length); err != nil {
		return w, err
	}
	w.to, w.others = time.Now(), m.machine.usage().others(before)
	return w, nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// beside is a window with the loud tenants.
func (m *measurement) beside(ctx context.Context, length time.Duration) (w window, err error) {
	m.version++
	for _, t := range m.loud {
		if err := m.stage.Deploy(ctx, t, m.version, loudTemplate(m.Loops)); err != nil {
			return w, err
		}
	}
	flooding, halt := context.WithCancel(ctx)
	defer halt()
	var flood errgroup.Group
	flood.Go(func() error {
		return steadily(flooding, m.Rate*m.Times*float64(len(m.loud)), func(n int) error { return m.sendLoud(m.loud[n%len(m.loud)]) })
	})
	before := m.published.Load()
	w, err = m.window(ctx, length)
	m.result.LoudEvents += int(m.published.Load() - before)
	m.result.Backlog = max(m.result.Backlog, m.backlog())
	halt()
	return w, errors.Join(err, flood.Wait(), m.silence(ctx))
}

func (m *measurement) sendLoud(t tenant.ID) error {
	_, err := m.stage.Bus.PublishAsync(message(t, loudPrefix+strconv.FormatInt(m.published.Add(1), 10)))
	return err
}

// backlog is how many events of the loud tenants wait.
func (m *measurement) backlog() int {
	m.records.mu.Lock()
	defer m.records.mu.Unlock()
	return int(m.published.Load()) - m.passed - len(m.records.loud)
}

// silence deploys a version of the loud tenants that wants nothing and waits until their backlog has passed.
func (m *measurement) silence(ctx context.Context) error {
	m.version++
	for _, t := range m.loud {
		if err := m.stage.Deploy(ctx, t, m.version); err != nil {
			return err
		}
	}
	err := m.records.until(ctx, "the end of the loud tenants' backlog", patience, func() bool {
		return !slices.ContainsFunc(m.loud, func(t tenant.ID) bool { return m.records.inForce[t] < m.version })
	})
	m.passed += m.backlog()
	return err
}

// doneBefore reports whether every event sent before a time has its record.
func (m *measurement) doneBefore(t time.Time) bool {
	return !slices.ContainsFunc(m.records.quiet, func(s sent) bool { return s.done.IsZero() && s.at.Before(t) })
}

// take adds what a round has shown.
func (m *measurement) take(alone, beside window) {
	idle, loud, runs := m.records.measured(alone), m.records.measured(beside), m.records.loudRuns(beside)
	m.idle, m.loudly, m.runs = append(m.idle, idle...), append(m.loudly, loud...), append(m.runs, runs...)
	a, b := latencies(idle), latencies(loud)
	ratio := float64(quantile.Of(b, 0.99)) / float64(quantile.Of(a, 0.99))
	m.result.Ratios = append(m.result.Ratios, ratio)
	m.result.Others = max(m.result.Others, alone.others, beside.others)
	fmt.Fprintf(m.progress, "round %d: p50 %s, p99 %s alone; p50 %s, p99 %s beside %d runs of %s: ratio %.2f; others used %.2f and %.2f processors\n",
		len(m.result.Ratios), quantile.Of(a, 0.5), quantile.Of(a, 0.99),
		quantile.Of(b, 0.5), quantile.Of(b, 0.99), len(runs), quantile.Of(runs, 0.5), ratio, alone.others, beside.others)
}

func (m *measurement) sum() *Result {
	r := &m.result
	r.Tenants, r.Near, r.Loud, r.Executors, r.Rounds = len(m.quiet), m.near(), len(m.loud), m.Executors, m.Rounds
	idle, loud := latencies(m.idle), latencies(m.loudly)
	r.IdleP50, r.IdleP99 = micros(idle, 0.5), micros(idle, 0.99)
	r.LoudP50, r.LoudP99 = micros(loud, 0.5), micros(loud, 0.99)
	r.NearIdleP99, r.NearLoudP99 = micros(latencies(m.nearOf(m.idle)), 0.99), micros(latencies(m.nearOf(m.loudly)), 0.99)
	r.IdleWaitP99, r.LoudWaitP99 = micros(waits(m.idle), 0.99), micros(waits(m.loudly), 0.99)
	r.Ratio, r.RatioMedian = float64(r.LoudP99)/float64(r.IdleP99), median(r.Ratios)
	r.QuietEvents, r.LoudRuns, r.LoudRun = len(idle)+len(loud), len(m.runs), micros(m.runs, 0.5)
	return r
}

func latencies(events []sent) (out []time.Duration) {
	for _, s := range events {
		out = append(out, s.done.Sub(s.at))
	}
	return out
}

// waits are the parts of the latencies before the runs begin.
func waits(events []sent) (out []time.Duration) {
	for _, s := range events {
		out = append(out, s.began.Sub(s.at))
	}
	return out
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// nearOf are the events of tenants that share a partition with a loud one.
func (m *measurement) nearOf(events []sent) (out []sent) {
	for _, s := range events {
		if m.isNear(s.tenant) {
			out = append(out, s)
		}
	}
	return out
}

func micros(values []time.Duration, q float64) int64 { return quantile.Of(values, q).Microseconds() }

// isNear reports whether a tenant shares a partition with a loud one.
func (m *measurement) isNear(t tenant.ID) bool {
	return slices.ContainsFunc(m.loud, func(loud tenant.ID) bool { return loud.Partition() == t.Partition() })
}

func (m *measurement) near() (n int) {
	for _, t := range m.quiet {
		if m.isNear(t) {
			n++
		}
	}
	return n
}

// steadily does something at a rate until ctx ends: what is late is made up for.
func steadily(ctx context.Context, perSecond float64, do func(n int) error) error {
	tick := time.NewTicker(max(time.Duration(float64(time.Second)/perSecond), time.Millisecond))
	defer tick.Stop()
	began := time.Now()
	for n := 0; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for ; float64(n) < time.Since(began).Seconds()*perSecond; n++ {
			if err := do(n); err != nil {
				return err
			}
		}
	}
}
