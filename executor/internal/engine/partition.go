package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/feed"
	"antiraid/executor/internal/lane"
	"antiraid/executor/internal/metric"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/lease"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// commitEvery is how often a partition's position is stored: at most so much is read again after a crash.
const commitEvery = 250 * time.Millisecond

// batch is how many events of a lane that waits are taken at once: their runs may share commits.
const batch = 32

// Hold works on one partition until ctx ends, then lets each lane finish the event it is at; when the holding is lost, it stops at once.
func (e *Engine) Hold(ctx context.Context, h *lease.Holding) error {
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	go func() {
		select {
		case <-h.Lost():
			stop(lease.ErrLost)
		case <-work.Done():
		}
	}()
	p := &partition{Engine: e, holding: h, number: h.Slice()}
	if data := h.Position(); data != nil {
		if err := json.Unmarshal(data, &p.start); err != nil {
			return fmt.Errorf("read the position of partition %d: %w", p.number, err)
		}
	}
	e.cfg.Figures.Held(1)
	defer e.cfg.Figures.Held(-1)
	defer e.store.Forget(p.number)
	err := p.run(ctx, work)
	if errors.Is(err, lease.ErrLost) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// partition is one partition while this process holds it.
type partition struct {
	*Engine
	holding *lease.Holding
	number  int
	start   position
	counted metric.Lanes // last
	lanes   *lane.Lanes
	struck  map[blame.Run]strikes.Count // runs that were there when a process ended
}

// run reads until ctx ends and works until work does.
func (p *partition) run(ctx, work context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := p.retry(ctx, "read bundles", func() error { return p.library.Current(ctx) }); err != nil {
		return nil // nothing was begun
	}
	if err := p.retry(work, "find the end of the events", func() error { return p.rewind(work) }); err != nil {
		return err
	}
	if err := p.retry(work, "read strikes", func() (err error) { p.struck, err = p.strikes.Of(work, p.number); return err }); err != nil {
		return err
	}
	if err := p.retry(work, "read which templates fail", func() error { return p.pauses.resume(work, p.number) }); err != nil {
		return err
	}
	lanes, failed, err := lane.New(work, lane.Config{Depth: p.cfg.Depth, Parked: p.cfg.Parked, Batch: batch, Bytes: p.bytes, Handle: p.events, Fetch: p.fetch}, p.start.Position)
	if err != nil {
		return fmt.Errorf("start partition %d: %w", p.number, err)
	}
	p.lanes = lanes
	defer lanes.Close()
	context.AfterFunc(failed, cancel)

	reading := make(chan error, 1)
	go func() { reading <- p.read(ctx) }()
	p.keepPosition(ctx, work)
	err = <-reading
	lanes.Drain()
	if failed.Err() != nil {
		return context.Cause(failed)
	}
	return errors.Join(err, p.commitPosition(work))
}

// read gives every event behind the position to its lane.
func (p *partition) read(ctx context.Context) error {
	take := func(m *bus.Message) error { return p.take(ctx, m) }
	return p.feed.Read(ctx, p.number, p.start.Seq+1, feed.Sink{Take: take, Offer: p.offer})
}

// take decides what one stored event needs, and waits for room in its lane until ctx ends.
func (p *partition) take(ctx context.Context, m *bus.Message) error {
	if !p.wanted(m) {
		p.lanes.Skip(m.Seq)
		return nil
	}
	ev, err := m.Event()
	if err != nil {
		p.log.Warn("event is given up", "subject", m.Subject, "err", err)
		letter := bus.Letter{Part: "_executor", ID: fmt.Sprint("event.", m.Seq), Reason: err.Error(), Data: m.Data}
		if err := p.retry(ctx, "bury an event", func() error { return p.bus.DeadLetter(ctx, letter) }); err != nil {
			return err
		}
		p.lanes.Skip(m.Seq)
		return nil
	}
	return p.lanes.Push(ctx, ev)
}

// offer is take for a reader that serves other partitions too and cannot wait.
func (p *partition) offer(m *bus.Message) bool {
	if !p.wanted(m) {
		p.lanes.Skip(m.Seq)
		return true
	}
	ev, err := m.Event()
	return err == nil && p.lanes.Offer(ev)
}

// wanted reports whether any template wants the event. A new bundle version is in force from its announcement on.
func (p *partition) wanted(m *bus.Message) bool {
	owner, typ := split(m.Subject)
	if typ == event.Startup {
		var s event.StartupPayload
		if json.Unmarshal(m.Data, &s) == nil {
			p.library.Expect(owner, s.Version)
		}
	}
	return p.library.Wants(owner, typ)
}

// split takes tenant and type out of an event's subject without looking further; both are empty for one of another shape.
func split(subj string) (owner tenant.ID, typ string) {
	const head = len("events.00.")
	if len(subj) <= head {
		return tenant.ID{}, ""
	}
	text, typ, _ := strings.Cut(subj[head:], ".")
	owner, err := tenant.Parse(text)
	if err != nil {
		return tenant.ID{}, ""
	}
	return owner, typ
}

// applied is up to where a tenant's commits were known to be applied when this process began: the partition's position, or where the first
// of the tenant's lanes was parked.
func (p *partition) applied(t tenant.ID) uint64 {
	seq := p.start.Seq
	if len(p.start.Parked) == 0 {
		return seq
	}
	for _, interactive := range []bool{false, true} {
		if first, parked := p.start.Parked[lane.Key{Tenant: t, Interactive: interactive}.String()]; parked {
			seq = min(seq, first-1)
		}
	}
	return seq
}

// fetch reads a part of a parked lane's backlog by the subject of its events.
func (p *partition) fetch(ctx context.Context, key lane.Key, from, to uint64, limit int) (events []event.Event, next uint64, err error) {
	r := bus.Reading{Stream: subject.Events, Subjects: []string{subject.TenantEvents(key.Tenant)}, From: from, To: to}
	if key.Interactive {
		r.Subjects[0] = subject.Event(key.Tenant, event.Interaction)
	}
	var messages []*bus.Message
	err = p.retry(ctx, "read a parked lane", func() (err error) { messages, next, err = p.bus.ReadSome(ctx, r, limit); return err })
	for _, m := range messages {
		ev, err := m.Event()
		if err == nil && lane.KeyOf(&ev) == key && p.library.Wants(ev.Tenant, ev.Type) {
			events = append(events, ev)
		}
	}
	return events, next, err
}

// retry does it again until it works or ctx ends.
func (p *partition) retry(ctx context.Context, what string, fn func() error) error {
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := fn()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p.log.Warn(what+" again", "partition", p.number, "after", wait, "err", err)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait):
		}
	}
}

// keepPosition stores the position every so often until ctx ends, and counts the lanes.
func (p *partition) keepPosition(ctx, work context.Context) {
	defer p.count(metric.Lanes{})
	tick := time.NewTicker(commitEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.count(p.lanes.Load())
			if err := p.commitPosition(work); err != nil && !errors.Is(err, lease.ErrLost) {
				p.log.Warn("position was not stored", "partition", p.number, "err", err)
			}
		}
	}
}

func (p *partition) count(now metric.Lanes) {
	p.cfg.Figures.Moved(now, p.counted)
	p.counted = now
}

func (p *partition) commitPosition(ctx context.Context) error {
	data, err := json.Marshal(position{p.lanes.Position(), p.start.Cut})
	if err != nil {
		return fmt.Errorf("encode position: %w", err)
	}
	return p.holding.Commit(ctx, data)
}
