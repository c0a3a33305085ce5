// Package engine runs a tenant's templates for its events: it holds partitions, reads their events in order, and takes each run from the
// bundle to the commit.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/commit"
	"antiraid/executor/internal/feed"
	"antiraid/executor/internal/lane"
	"antiraid/executor/internal/library"
	"antiraid/executor/internal/metric"
	"antiraid/executor/internal/strikes"
	"antiraid/executor/internal/turns"
	"antiraid/shared/bus"
	"antiraid/shared/effect"
)

// Config bounds an engine.
type Config struct {
	Name   string // of this process, in run records
	Runs   int    // runs that compute at once; four times as many may wait for effects
	Depth  int    // events a tenant's lane holds before the lane is parked
	Parked int    // parked lanes a partition may have before it waits
	Bytes  int64  // payload bytes held by all lanes
	Memory int64  // bytes that runs which are not small may hold, all together
	// Page is shared with the supervisor of this process; nil: there is none.
	Page *blame.Page
	// Figures are what this process counts; nil: it counts nothing.
	Figures *metric.Set
}

// Parts are what an engine works with.
type Parts struct {
	Bus     *bus.Bus
	Library *library.Library
	Store   *commit.Store
	Strikes *strikes.Book
}

// Engine runs events. One process has one.
type Engine struct {
	cfg     Config
	bus     *bus.Bus
	library *library.Library
	store   *commit.Store
	strikes *strikes.Book
	feed    *feed.Feed
	await   *awaiter
	active  shares              // lanes that are at work
	seats   shares              // runs that compute
	waiting *semaphore.Weighted // runs that wait for an effect
	memory  *semaphore.Weighted
	alone   sync.RWMutex // held for writing by a run that must be the only one
	bytes   *lane.Budget
	pauses  *pauses
	turns   turns.Turns
	log     *slog.Logger
}

// New makes an engine of its parts.
func New(cfg Config, p Parts, log *slog.Logger) (*Engine, error) {
	await, err := newAwaiter(p.Bus)
	if err != nil {
		return nil, fmt.Errorf("make an engine: %w", err)
	}
	return &Engine{
		cfg: cfg, bus: p.Bus, library: p.Library, store: p.Store, strikes: p.Strikes, feed: feed.New(p.Bus, log), await: await, pauses: newPauses(p.Bus, p.Strikes, log), log: log,
		active: newShares(8 * cfg.Runs), seats: newShares(cfg.Runs), waiting: semaphore.NewWeighted(4 * int64(cfg.Runs)),
		memory: semaphore.NewWeighted(cfg.Memory), bytes: lane.NewBudget(cfg.Bytes),
	}, nil
}

// Await performs an effect and returns its result, as [commit.Awaiter] wants it.
func (e *Engine) Await(ctx context.Context, f effect.Effect) (effect.Result, error) {
	return e.await.Await(ctx, f)
}

// Run reads for the partitions that are held and receives the results that runs wait for, until ctx ends; that is after the last run.
func (e *Engine) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return e.feed.Run(ctx) })
	g.Go(func() error { return e.await.run(ctx) })
	return g.Wait()
}
