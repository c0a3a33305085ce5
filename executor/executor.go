// Package executor runs templates for events: stateless, side by side with as many others as there are.
//
// The executors of a system share the partitions of the stream EVENTS out among themselves by leases of the group `executor`. Each reads its
// partitions in order, runs each tenant's events one after another, and commits each run as a transaction; it writes the buckets heads and
// state, the streams EFFECTS and RUNS, and dead letters. Nothing that matters is kept in the process: whenever it dies, another goes on.
//
// It also answers the calls that need Lua: what does a template declare, and what would it do with events that were.
package executor

import (
	"context"
	"errors"
	"log/slog"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/commit"
	"antiraid/executor/internal/engine"
	"antiraid/executor/internal/library"
	"antiraid/executor/internal/metric"
	"antiraid/executor/internal/strikes"
	"antiraid/executor/internal/workbench"
	"antiraid/shared/bus"
	"antiraid/shared/lease"
	"antiraid/shared/service"
	"antiraid/shared/tenant"
)

// Group is the name under which executors share the partitions out.
const Group = "executor"

// Run connects and runs events in this process until ctx ends; runs under way are finished within cfg.Drain.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	board, err := metric.NewBoard(prometheus.DefaultRegisterer)
	if err != nil {
		return err
	}
	figures := metric.New()
	defer board.Show(figures)()
	return service.Clean(ctx, work(ctx, cfg.withDefaults(), nil, figures, log))
}

// largeShare is which part of a process's memory the runs have that are not small. There may be as many small ones as there are runs; the rest
// is for caches, for events that wait, and for garbage.
const largeShare = 6

// codeShare is which part of a process's memory decoded bundles may have, and compiled programs.
const codeShare = 16

// ballastShare is which part of a process's memory is never touched, and so never resident: it only counts. The collector runs whenever the heap
// has doubled, which for a process of some MB is many times a second when one script makes garbage, and each time other tenants' runs find half
// of the processors taken, and stopped twice. With ballast there are so many more bytes between two collections; a process holds that much more
// garbage at most.
const ballastShare = 8

// work is what a process does that runs events. page is shared with its supervisor, if it has one.
func work(ctx context.Context, cfg Config, page *blame.Page, figures *metric.Set, log *slog.Logger) error {
	untouched := make([]byte, cfg.WorkerMemory/ballastShare)
	defer runtime.KeepAlive(untouched)
	b, err := bus.Connect(ctx, bus.Config{URL: cfg.NATSURL, Name: "executor " + cfg.Name, Replicas: cfg.Replicas}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	code, err := library.Open(ctx, b, library.Config{Bundles: cfg.BundleCache, Programs: cfg.ProgramCache, Bytes: cfg.WorkerMemory / codeShare, VMBytes: cfg.VMBytes}, log)
	if err != nil {
		return err
	}
	store, err := commit.Open(ctx, b)
	if err != nil {
		return err
	}
	book, err := strikes.Open(ctx, b)
	if err != nil {
		return err
	}
	e, err := engine.New(engine.Config{
		Name: cfg.Name, Runs: cfg.Runs, Depth: cfg.LaneDepth, Parked: cfg.ParkedLanes, Bytes: cfg.LaneBytes, Memory: cfg.WorkerMemory / largeShare,
		Page: page, Figures: figures,
	}, engine.Parts{Bus: b, Library: code, Store: store, Strikes: book}, log)
	if err != nil {
		return err
	}
	signs, err := bus.Connect(ctx, bus.Config{URL: cfg.NATSURL, Name: "executor " + cfg.Name + " leases", Replicas: cfg.Replicas}, log)
	if err != nil {
		return err
	}
	defer signs.Close() // a connection of its own: a renewal never waits behind a flood of events
	member, err := lease.New(lease.Config{Group: Group, Slices: tenant.Partitions, Member: cfg.Name, Drain: cfg.Drain}, signs, log)
	if err != nil {
		return err
	}
	return serve(ctx, code, e, member, workbench.New(b, code, store, e, log))
}

// serve runs the parts. Bundles are watched and results of effects received until the last run is over; nothing is held before every
// bundle is known.
func serve(ctx context.Context, code *library.Library, e *engine.Engine, member *lease.Member, bench *workbench.Workbench) error {
	runs, stop := context.WithCancel(context.WithoutCancel(ctx))
	var late errgroup.Group
	late.Go(func() error { return code.Run(runs) })
	late.Go(func() error { return e.Run(runs) })
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error {
		if err := code.Current(ctx); err != nil {
			return err
		}
		return member.Run(ctx, e.Hold)
	})
	parts.Go(func() error { return bench.Run(ctx) })
	err := parts.Wait()
	stop()
	return errors.Join(err, late.Wait())
}
