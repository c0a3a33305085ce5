// Package feed stores a shard's dispatches as events.
//
// It guarantees: every dispatch that it takes is stored as an event or a dead letter, or is one of the counted kinds that are nobody's;
// a tenant's events are stored in the order they came, whatever fails meanwhile (one publish of a tenant at a time, tenants side by
// side); while the stream cannot be reached nothing is lost and nothing more is taken than the window holds. The position it reports
// has everything before it stored. A repeated dispatch has the same message id, `<shard>.<session>.<seq>`, and is stored once within
// the stream's duplicate window.
//
// What it cannot do: while it takes nothing, Discord waits only as long as the session lives (minutes); events after that are lost there.
package feed

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"antiraid/gateway/internal/metric"
	"antiraid/gateway/internal/socket"
	"antiraid/shared/bus"
	"antiraid/shared/tenant"
)

// ErrForbidden, returned by a [Publisher], says that nothing may be stored any more: the shard may have another owner.
var ErrForbidden = errors.New("publishing is forbidden")

// Publisher is the bus.
type Publisher interface {
	PublishEvent(ctx context.Context, t tenant.ID, typ, id string, payload []byte) (uint64, error)
	DeadLetter(ctx context.Context, l bus.Letter) error
}

// Deps are the others a feed works with.
type Deps struct {
	Publisher Publisher
	Stored    func(session string, seq int64) // is told each new position
	Metric    *metric.Set
	Log       *slog.Logger
}

// Config bounds a feed.
type Config struct {
	Shard  int
	Events int           // taken and not yet stored; default 4096
	Bytes  int           // the same in bytes, passed by at most one dispatch; default 64 MiB
	Lanes  int           // tenants published side by side; default 256
	Try    time.Duration // for one publish; default 5 s
	Drain  time.Duration // after ctx has ended, for what was taken; default 3 s
}

func (c Config) withDefaults() Config {
	set := func(at *int, value int) {
		if *at == 0 {
			*at = value
		}
	}
	set(&c.Events, 4096)
	set(&c.Bytes, 64<<20)
	set(&c.Lanes, 256)
	if c.Try == 0 {
		c.Try = 5 * time.Second
	}
	if c.Drain == 0 {
		c.Drain = 3 * time.Second
	}
	return c
}

// Feed is one shard's. The goroutine of Run owns all that is not a channel.
type Feed struct {
	cfg Config
	Deps
	out *outlet

	in      chan socket.Dispatch
	jobs    chan *item
	done    chan *item
	order   queue                // everything that was taken and is not yet reported as stored, oldest first
	lanes   map[tenant.ID]*queue // of each tenant with events on their way, those that have to wait
	ready   queue                // each the first of its lane, waiting for a free place among the publishes
	flying  int                  // on their way to the stream
	workers int
	events  int
	bytes   int
}

// New makes a feed.
func New(cfg Config, deps Deps) *Feed {
	cfg = cfg.withDefaults()
	return &Feed{
		cfg: cfg, Deps: deps, out: &outlet{cfg: cfg, Deps: deps},
		in: make(chan socket.Dispatch, 64), jobs: make(chan *item, cfg.Lanes), done: make(chan *item, cfg.Lanes), lanes: map[tenant.ID]*queue{},
	}
}

// In takes dispatches while there is room.
func (f *Feed) In() chan<- socket.Dispatch { return f.in }

// Run, called once, stores what is taken until ctx ends, and then, for a while, what was taken before. What is not stored then has not been reported.
func (f *Feed) Run(ctx context.Context) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer close(f.jobs)
	defer func() { f.Metric.Waiting.Sub(float64(f.events)) }() // what is given up waits no more
	stop := ctx.Done()
	for {
		in := f.in
		if f.events >= f.cfg.Events || f.bytes >= f.cfg.Bytes {
			in = nil
		}
		select {
		case d := <-in:
			f.take(work, d)
		case i := <-f.done:
			f.settle(work, i)
		case <-stop:
			stop = nil
			f.takeRest(work)
			defer time.AfterFunc(f.cfg.Drain, cancel).Stop()
		}
		if stop == nil && f.flying == 0 {
			return
		}
	}
}

// takeRest takes what was handed over before the end.
func (f *Feed) takeRest(work context.Context) {
	for {
		select {
		case d := <-f.in:
			f.take(work, d)
		default:
			return
		}
	}
}
