package deploybench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/services/lab/internal/part"
	"antiraid/services/lab/internal/quantile"
	"antiraid/services/lab/internal/stage"
	"antiraid/shared/api"
	"antiraid/shared/bus"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

const (
	firstID  = 1_160_000_000_000_000_000
	patience = 60 * time.Second // for anything that must happen
)

// Measure starts a system and measures.
func Measure(ctx context.Context, cfg Config, progress io.Writer) (*Result, error) {
	dir, err := os.MkdirTemp("", "antiraid-lab-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	server, url, err := part.StartNATS(ctx, filepath.Join(dir, "nats"), 0, cfg.Parts)
	if err != nil {
		return nil, err
	}
	defer server.Stop(10 * time.Second)
	database, uri, err := part.StartMongoDB(ctx, filepath.Join(dir, "mongodb"), cfg.Parts)
	if err != nil {
		return nil, err
	}
	defer database.Stop(10 * time.Second)
	st, err := stage.Open(ctx, url, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer st.Close()
	for _, p := range append(executors(cfg, url), part.Config{Part: part.Dispatcher, Settings: map[string]string{"nats_url": url, "mongo_uri": uri}}) {
		p.Log = cfg.Parts
		running, err := part.Start(p)
		if err != nil {
			return nil, err
		}
		defer running.Stop(10 * time.Second)
	}
	m := &measurement{Config: cfg, stage: st, records: newRecords(), progress: progress}
	return m.run(ctx)
}

func executors(cfg Config, url string) (parts []part.Config) {
	for n := range cfg.Executors {
		parts = append(parts, part.Config{Part: part.Executor, Settings: map[string]string{
			"nats_url": url, "name": "deploy-" + strconv.Itoa(n), "workers": strconv.Itoa(cfg.Workers),
		}})
	}
	return parts
}

// measurement is one execution of the command.
type measurement struct {
	Config
	stage    *stage.Stage
	records  *records
	progress io.Writer
	tenants  []tenant.ID

	mu      sync.Mutex
	number  int // of the last deploy
	deploys []Deployed
	calls   []time.Duration // call → answer
	handled []time.Duration // call → first run with the new version
	events  int
}

// run has records read while it measures.
func (m *measurement) run(ctx context.Context) (*Result, error) {
	for n := range m.Tenants {
		t, err := tenant.New(tenant.Guild, firstID+uint64(n))
		if err != nil {
			return nil, err
		}
		m.tenants = append(m.tenants, t)
	}
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
	return m.result(), nil
}

func (m *measurement) measure(ctx context.Context) error {
	if err := m.begin(ctx); err != nil {
		return err
	}
	fmt.Fprintf(m.progress, "%d tenants with %d templates; %d events/s in all, %d deploys at once for %s\n", len(m.tenants), len(templates),
		int(m.Rate*float64(len(m.tenants))), m.AtOnce, m.Duration)
	moving, halt := context.WithCancel(ctx)
	defer halt()
	var traffic errgroup.Group
	traffic.Go(func() error { return m.traffic(moving) })
	err := m.deployers(ctx, time.Now().Add(m.Duration))
	halt()
	if err := errors.Join(err, traffic.Wait()); err != nil {
		return err
	}
	return m.records.until(ctx, "the last runs", patience, func() bool { return m.records.open == 0 })
}

// begin deploys every template once, and forgets how long that took.
func (m *measurement) begin(ctx context.Context) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(m.AtOnce)
	for _, t := range m.tenants {
		g.Go(func() error {
			for _, name := range templates {
				if err := m.deploy(ctx, t, name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := g.Wait()
	m.calls, m.handled = nil, nil
	return err
}

// ready waits until dispatcher and executors answer.
func (m *measurement) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for tick := time.Tick(50 * time.Millisecond); ; {
		var page api.TemplatesReply
		var declared api.InspectReply
		err := errors.Join(
			m.stage.Bus.Call(ctx, subject.CallTemplates, api.TemplatesRequest{}, &page),
			m.stage.Bus.Call(ctx, subject.CallInspect, api.InspectRequest{Template: templates[0], Files: revision(0)}, &declared))
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for dispatcher and executors: %w", err)
		case <-tick:
		}
	}
}

// deployers deploy until a time, one after another, each to tenants of its own.
func (m *measurement) deployers(ctx context.Context, end time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range m.AtOnce {
		g.Go(func() error {
			for round := 0; time.Now().Before(end); round++ {
				for i := n; i < len(m.tenants) && time.Now().Before(end); i += m.AtOnce {
					if err := m.deploy(ctx, m.tenants[i], templates[round%len(templates)]); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// deploy deploys a template with the next number and waits until it has run.
func (m *measurement) deploy(ctx context.Context, t tenant.ID, name string) error {
	m.mu.Lock()
	m.number++
	number := m.number
	m.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	called := time.Now()
	var reply api.DeployReply
	err := m.stage.Bus.Call(ctx, subject.CallDeploy, api.DeployRequest{Tenant: t, Template: name, Files: revision(number), GrantAll: true, By: "lab"}, &reply)
	answered := time.Now()
	if err == nil && reply.Error != nil {
		err = reply.Error
	}
	if err != nil {
		return fmt.Errorf("deploy template %s to %s: %w", name, t, err)
	}
	m.mu.Lock()
	m.deploys = append(m.deploys, Deployed{Tenant: t, Version: reply.Version, Template: name, Number: number, Startup: reply.Startup})
	m.mu.Unlock()
	handled, err := m.records.handled(ctx, t, reply.Version)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls, m.handled = append(m.calls, answered.Sub(called)), append(m.handled, handled.Sub(called))
	return nil
}

// traffic sends every tenant its events at a steady rate until ctx ends.
func (m *measurement) traffic(ctx context.Context) error {
	perSecond := m.Rate * float64(len(m.tenants))
	tick := time.NewTicker(max(time.Duration(float64(time.Second)/perSecond), time.Millisecond))
	defer tick.Stop()
	for began := time.Now(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for ; float64(m.events) < time.Since(began).Seconds()*perSecond; m.events++ {
			id := m.records.send()
			t := m.tenants[m.events%len(m.tenants)]
			payload := fmt.Appendf(nil, `{"id":"%d","channel_id":"1100000000000000014","content":"hello","author":{"id":"1100000000000000015"}}`, firstID+m.events)
			if _, err := m.stage.Bus.PublishAsync(bus.EventMessage(t, eventType, id, payload)); err != nil {
				return err
			}
		}
	}
}

// result is what was found, with the judge's verdict.
func (m *measurement) result() *Result {
	v, events := Judge(m.deploys, m.records.runs), m.records.latencies()
	return &Result{
		Tenants: len(m.tenants), Executors: m.Executors, Deploys: len(m.handled), Events: m.events, Runs: len(m.records.runs),
		P50: millis(m.handled, 0.5), P99: millis(m.handled, 0.99), CallP50: millis(m.calls, 0.5), CallP99: millis(m.calls, 0.99),
		EventP50: millis(events, 0.5), EventP99: millis(events, 0.99),
		Mixed: v.Mixed, Regressions: v.Regressions, Stale: v.Stale, Reasons: v.Reasons,
	}
}

func millis(values []time.Duration, q float64) float64 {
	return float64(quantile.Of(values, q).Microseconds()) / 1000
}
