package tenure

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"antiraid/gateway/internal/feed"
	"antiraid/shared/lease"
)

// patience is how long NATS may be back before a shard that was not leased again is given up. Joining again takes 2 s and a lease's length.
const patience = 15 * time.Second

// Run runs a shard until ctx ends or it may not connect any more.
type Run func(ctx context.Context, t *Tenure) error

// Bus is the bus.
type Bus interface {
	feed.Publisher
	Connected() bool
}

// Office is a process's tenures.
type Office struct {
	bus Bus
	run Run
	log *slog.Logger
	all sync.WaitGroup // those who watch over gaps

	mu      sync.Mutex
	tenures map[int]*Tenure
}

// New makes an office that runs shards.
func New(bus Bus, run Run, log *slog.Logger) *Office {
	return &Office{bus: bus, run: run, log: log, tenures: map[int]*Tenure{}}
}

// Hold runs a shard while it is leased. It is a lease.Hold: when ctx ends because the shard is handed over, it stops it and returns then;
// when the lease is lost it returns at once, and the shard may go on if it is leased again. An error is what the shard has ended with.
func (o *Office) Hold(ctx context.Context, h Holding) error {
	t := o.tenure(ctx, h)
	select {
	case <-t.done:
	case <-ctx.Done():
		if errors.Is(context.Cause(ctx), lease.ErrLost) {
			back := t.gap()
			o.all.Go(func() { o.watch(t, back) })
			return nil
		}
		t.stop()
		<-t.done
	}
	o.forget(t)
	return t.err
}

// tenure is the one that goes on with a lease, or a new one.
func (o *Office) tenure(ctx context.Context, h Holding) *Tenure {
	o.mu.Lock()
	before := o.tenures[h.Slice()]
	o.mu.Unlock()
	if before != nil {
		err := before.resume(h)
		if err == nil {
			o.log.Info("shard is leased again and goes on", "shard", h.Slice())
			return before
		}
		o.log.Warn("shard begins anew", "shard", h.Slice(), "err", err)
		before.end()
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	t := &Tenure{bus: o.bus, stop: stop, done: make(chan struct{}), held: h}
	o.mu.Lock()
	o.tenures[h.Slice()] = t
	o.mu.Unlock()
	go func() {
		defer close(t.done)
		t.err = o.run(work, t)
	}()
	return t
}

// watch ends a tenure whose gap lasts although NATS is back: the shard is somebody else's now.
func (o *Office) watch(t *Tenure, back <-chan struct{}) {
	o.log.Warn("lease on shard is lost; its connection is kept for now", "shard", t.Shard())
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for reachable := time.Duration(0); reachable < patience; {
		select {
		case <-back:
			return
		case <-t.done:
			o.forget(t)
			return
		case <-tick.C:
		}
		reachable += time.Second
		if !o.bus.Connected() {
			reachable = 0
		}
	}
	o.log.Warn("shard is given up", "shard", t.Shard())
	t.end()
	o.forget(t)
}

func (o *Office) forget(t *Tenure) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tenures[t.Shard()] == t {
		delete(o.tenures, t.Shard())
	}
}

// Close ends the tenures that are left, those in gaps.
func (o *Office) Close() {
	o.mu.Lock()
	var left []*Tenure
	for _, t := range o.tenures {
		left = append(left, t)
	}
	o.mu.Unlock()
	for _, t := range left {
		t.end()
	}
	o.all.Wait()
}
