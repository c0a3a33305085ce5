package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"time"

	"antiraid/services/lab/internal/history"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// record is what is kept of a run record.
type record struct {
	*run.Record
	reply  reply
	number int // of the event
}

// reply is what the template returns: about one flow, or when it is asked, about all.
type reply struct {
	counts
	Messages, Clicks counts
	All              int
}

type counts struct {
	Last, Left, Right int
	Version           uint64
}

func (c counts) state() history.State {
	return history.State{Last: c.Last, Left: c.Left, Right: c.Right}
}

func readRecord(m *bus.Message) (r record, err error) {
	r.Record = &run.Record{}
	if err := json.Unmarshal(m.Data, r.Record); err != nil {
		return r, fmt.Errorf("read run record %d: %w", m.Seq, err)
	}
	if r.Template != templateName {
		return r, nil
	}
	if _, err := fmt.Sscanf(r.Event, r.Tenant.String()+"."+r.Type+".%d", &r.number); err != nil {
		return r, fmt.Errorf("read run record %d: the event %q is not one of ours", m.Seq, r.Event)
	}
	if r.Outcome == run.OK {
		if err := json.Unmarshal(r.Reply, &r.reply); err != nil {
			return r, fmt.Errorf("read run record %d: its reply: %w", m.Seq, err)
		}
	}
	return r, nil
}

// reading is every run record of our template.
func reading() bus.Reading {
	return bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}}
}

// observer counts run records as they are stored, to know when all is done. Nothing is concluded from it.
type observer struct {
	mu    sync.Mutex
	done  map[string]map[int]bool // flow → events
	finds map[tenant.ID]reply
}

func newObserver() *observer {
	return &observer{done: map[string]map[int]bool{}, finds: map[tenant.ID]reply{}}
}

// run reads until ctx ends.
func (o *observer) run(ctx context.Context, b *bus.Bus) error {
	return b.Read(ctx, reading(), func(m *bus.Message) error {
		r, err := readRecord(m)
		if err != nil {
			return err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		switch r.Type {
		case messages, clicks:
			name := flowName(r.Tenant, r.Type)
			if o.done[name] == nil {
				o.done[name] = map[int]bool{}
			}
			o.done[name][r.number] = true
		case asked:
			o.finds[r.Tenant] = r.reply
		}
		return nil
	})
}

// begun is how many flows had a run.
func (o *observer) begun() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.done)
}

// missing is how many of the clients' events have no record.
func (o *observer) missing(clients []*client) (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range flowsOf(clients) {
		n += f.stored() - len(o.done[f.String()])
	}
	return n
}

// found is what the clients' last events were answered.
func (o *observer) found() map[tenant.ID]reply {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.finds)
}

// await polls until done or ctx ends.
func await(ctx context.Context, done func() (bool, error)) error {
	for {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		if !sleep(ctx, 100*time.Millisecond) {
			return ctx.Err()
		}
	}
}

// standstill is how long nothing may happen before what is missing counts as lost.
const standstill = 30 * time.Second

// drained waits until every event has its record and its effect, nothing has changed for a long time, or ctx ends.
func (o *observer) drained(ctx context.Context, d *discord, clients []*client) error {
	left, since := 0, time.Now()
	return await(ctx, func() (bool, error) {
		now := o.missing(clients)
		for _, f := range flowsOf(clients) {
			effects, err := d.effects(f)
			if err != nil {
				return false, err
			}
			now += max(0, f.stored()-len(effects))
		}
		if now != left {
			left, since = now, time.Now()
		}
		return now == 0 || time.Since(since) > standstill, nil
	})
}

// collect reads what is stored of everything that happened, and the dead letters.
func collect(ctx context.Context, s *system, clients []*client) (h history.History, letters []string, err error) {
	for _, c := range clients {
		h.Deploys = append(h.Deploys, c.deploys...)
	}
	for _, f := range flowsOf(clients) {
		for n := range f.stored() {
			h.Events = append(h.Events, history.Event{Tenant: f.String(), Number: n + 1})
		}
		effects, err := s.discord.effects(f)
		if err != nil {
			return h, nil, err
		}
		h.Effects = append(h.Effects, effects...)
	}
	err = s.stage.Bus.ReadAll(ctx, reading(), func(m *bus.Message) error {
		r, err := readRecord(m)
		switch {
		case err != nil || r.Type != messages && r.Type != clicks:
		case r.Outcome != run.OK:
			h.Failures = append(h.Failures, history.Failure{Tenant: flowName(r.Tenant, r.Type), Number: r.number, Reason: failure(r)})
		default:
			h.Runs = append(h.Runs, history.Run{
				Tenant: flowName(r.Tenant, r.Type), Number: r.number, Last: r.reply.Last, Left: r.reply.Left, Right: r.reply.Right,
				Version: r.Bundle, Source: r.reply.Version,
			})
		}
		return err
	})
	if err != nil {
		return h, nil, fmt.Errorf("read the run records: %w", err)
	}
	dead := bus.Reading{Stream: subject.Dead, Subjects: []string{subject.AllDead}}
	err = s.stage.Bus.ReadAll(ctx, dead, func(m *bus.Message) error {
		letters = append(letters, fmt.Sprintf("%s: %s", m.Subject, m.Get(subject.HeaderError)))
		return nil
	})
	if err != nil {
		return h, nil, fmt.Errorf("read the dead letters: %w", err)
	}
	return h, letters, nil
}

// tell adds what the template found in the end to a history.
func tell(h *history.History, found map[tenant.ID]reply) {
	h.States, h.Shared = map[string]history.State{}, map[string]int{}
	for t, r := range found {
		h.States[flowName(t, messages)], h.States[flowName(t, clicks)] = r.Messages.state(), r.Clicks.state()
		h.Shared[t.String()] = r.All
	}
}

func failure(r record) string {
	if r.Failure == nil {
		return string(r.Outcome)
	}
	return fmt.Sprintf("%s: %s", r.Outcome, r.Failure.Message)
}
