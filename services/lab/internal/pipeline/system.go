package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"antiraid/executor"
	"antiraid/services/lab/internal/part"
	"antiraid/services/lab/internal/stage"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/lease"
	"antiraid/shared/service"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// small is the template: it looks at the message, and counts in one key.
const small = `
local kv = require "@antiraid/kv"
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.author.bot then return end
      local text = event.content:lower()
      if text:find("discord.gg/", 1, true) then return end
      kv.set("messages", (kv.get("messages") or 0) + 1)
    end,
  },
}`

// system is a server with tenants on it, and executors in this process.
type system struct {
	server *part.Process
	url    string
	stage  *stage.Stage
	log    *slog.Logger
}

// fill gives tenants the small template. It writes what a deploy would have left behind, at the speed that a million tenants need.
func (s *system) fill(ctx context.Context, ranks iter.Seq[int], tenants int, progress io.Writer) error {
	revision, err := s.stage.Upload(ctx, small)
	if err != nil {
		return err
	}
	nc, err := nats.Connect(s.url)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", s.url, err)
	}
	defer nc.Close()
	js := s.stage.Bus.JetStream()
	written := 0
	for rank := range ranks {
		b := bundle.Bundle{Schema: bundle.Schema, Tenant: tenantAt(rank), Version: 1, Status: bundle.Active, Updated: time.Now(), Templates: []bundle.Template{
			{Name: "small", Revision: revision, Events: []string{matching}, Capabilities: []string{"kv:*"}, Deployed: time.Now()},
		}}
		data, err := json.Marshal(b)
		if err != nil {
			return fmt.Errorf("encode a bundle: %w", err)
		}
		if _, err := js.PublishAsync("$KV."+subject.Bundles+"."+subject.TenantKey(b.Tenant), data, jetstream.WithStallWait(time.Minute)); err != nil {
			return fmt.Errorf("write a bundle: %w", err)
		}
		if written++; written%100_000 == 0 {
			fmt.Fprintf(progress, "  %d of %d bundles written\n", written, tenants)
		}
	}
	select {
	case <-js.PublishAsyncComplete():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// start starts executors and returns when they hold every partition and know every tenant.
func (s *system) start(ctx context.Context, g *errgroup.Group, executors int) error {
	for n := range executors {
		cfg := executor.Config{Common: service.Common{NATSURL: s.url}, Name: "executor-" + strconv.Itoa(n)}
		g.Go(func() error { return executor.Run(ctx, cfg, s.log) })
	}
	for {
		slices, err := lease.Read(ctx, s.stage.Bus, executor.Group, tenant.Partitions) // fails while the server is busy with a million tenants
		owners := map[string]int{}
		for _, slice := range slices {
			owners[slice.Owner]++
		}
		if err == nil && owners[""] == 0 && len(owners) == executors {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// warm has one event of each tenant handled.
func (s *system) warm(ctx context.Context, tr traffic, ranks []int) error {
	from, err := s.stage.Bus.LastSeq(ctx, subject.Runs)
	if err != nil {
		return err
	}
	events := tr.source()
	for _, rank := range ranks {
		m := events.event(rank, rank, matching)
		m.ID = "warm" + m.ID
		if _, err := s.stage.Bus.PublishAsync(m); err != nil {
			return err
		}
	}
	return s.await(ctx, from+uint64(len(ranks)))
}

// await waits until that many runs are recorded.
func (s *system) await(ctx context.Context, runs uint64) error {
	last, moved := uint64(0), time.Now()
	for {
		n, err := s.stage.Bus.LastSeq(ctx, subject.Runs)
		switch {
		case err != nil:
			return err
		case n >= runs:
			return nil
		case n > last:
			last, moved = n, time.Now()
		case time.Since(moved) > 5*time.Minute:
			return fmt.Errorf("await runs: %d of %d are recorded, and none came for 5 min", n, runs)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// measure publishes what the order says and waits until every run is recorded.
func (s *system) measure(ctx context.Context, o order) (passage, error) {
	from, err := s.stage.Bus.LastSeq(ctx, subject.Runs)
	if err != nil {
		return passage{}, err
	}
	sentinels := len(o.ofPartition())
	runs := o.matches(o.Events) + sentinels
	before := used(s.server)
	done, err := o.run(ctx)
	if err != nil {
		return passage{}, err
	}
	if err := s.await(ctx, from+uint64(runs)); err != nil {
		return passage{}, err
	}
	seen := passage{events: o.Events + sentinels, cpu: used(s.server) - before + done.cpu, latencies: make([]time.Duration, 0, runs)}
	err = s.stage.Bus.ReadAll(ctx, bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}, From: from + 1}, func(m *bus.Message) error {
		var rec struct{ Event, Outcome string }
		if err := json.Unmarshal(m.Data, &rec); err != nil {
			return fmt.Errorf("read a run record: %w", err)
		}
		if rec.Outcome != "ok" {
			return fmt.Errorf("the run of event %s ended with %s", rec.Event, rec.Outcome)
		}
		seen.latencies = append(seen.latencies, m.Time.Sub(sentAt(rec.Event)))
		seen.elapsed = max(seen.elapsed, m.Time.Sub(done.First))
		return nil
	})
	if err == nil && len(seen.latencies) != runs {
		err = fmt.Errorf("%d runs are recorded, want %d", len(seen.latencies), runs)
	}
	return seen, err
}

// heap is what is in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers and pools held goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// rss is this process's resident memory in MiB.
func rss() float64 {
	data, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kb / 1024
		}
	}
	return 0
}
