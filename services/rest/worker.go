package rest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"antiraid/services/rest/internal/fifo"
	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/metric"
	"antiraid/services/rest/internal/perform"
	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/lease"
	"antiraid/shared/plain"
	"antiraid/shared/subject"
)

// longFlow is how long a lane must have flowed for an interruption not to count as one more of a row.
const longFlow = 10 * time.Second

// worker performs the effects of lanes.
type worker struct {
	cfg       Config
	bus       *bus.Bus
	performer *perform.Performer
	limits    *limit.Limiter
	figures   *metric.Set
	log       *slog.Logger

	mu   sync.Mutex
	held int // lanes
}

// run works on the lanes that this process holds until ctx ends.
func (w *worker) run(ctx context.Context, m *lease.Member) error {
	return m.Run(ctx, func(ctx context.Context, h *lease.Holding) error {
		w.count(1)
		defer w.count(-1)
		return w.lane(ctx, h)
	})
}

// count keeps this process's share of the bot's limit in step with the lanes it holds: replicas divide both in the same way.
func (w *worker) count(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held += n
	w.figures.Lanes(n)
	w.limits.SetShare(float64(w.held) / effect.Lanes)
}

// lane works on one lane until ctx ends, and a little longer for requests that have left. A lane that was lost meanwhile does no harm in
// that time: its successor repeats under the same nonce, and the ledger keeps one result.
//
// When the flow is interrupted, everything under way is brought to an end before the lane is taken again from its oldest unsettled effect:
// so nothing is under way twice.
func (w *worker) lane(ctx context.Context, h *lease.Holding) error {
	wait := w.cfg.RetryAfter
	for ctx.Err() == nil {
		began := time.Now()
		err := w.take(ctx, h)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > longFlow {
			wait = w.cfg.RetryAfter
		}
		w.log.Warn("flow of a lane is interrupted", "lane", h.Slice(), "again", wait, "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
			wait = min(2*wait, 20*w.cfg.RetryAfter)
		}
		if err := h.Err(); err != nil { // a process that was paused must not take the lane from its successor
			return err
		}
	}
	return nil
}

// take works on a lane until ctx ends, the flow is interrupted or an effect cannot be decided.
func (w *worker) take(ctx context.Context, h *lease.Holding) error {
	n := h.Slice()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue, room := fifo.New(keysAtOnce), newRoom(laneBytes)
	taking := bus.Taking{Stream: subject.Effects, Name: fmt.Sprintf("rest-%02d", n), Subject: subject.LaneEffects(n), Window: w.cfg.LaneWindow}
	err := w.bus.Take(ctx, taking, func(m *bus.Taken) error {
		group, key := place(m)
		parked := !room.take(len(m.Data))
		if parked {
			m.Forget()
		}
		w.figures.Waiting(1)
		queue.Push(group, key, func() {
			defer w.figures.Waiting(-1)
			if err := h.Err(); err != nil {
				stop(err)
			}
			if err := w.job(ctx, m, room, parked); err != nil {
				stop(err) // those behind it must not overtake it
			}
		})
		return nil
	})
	stop(err)
	queue.Wait()
	return context.Cause(ctx)
}

// job settles a message. Its error means that it is not settled.
func (w *worker) job(ctx context.Context, m *bus.Taken, room *room, parked bool) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case !parked:
		defer room.give(len(m.Data))
	default:
		if err := m.Recall(ctx); err != nil {
			return err
		}
	}
	e, err := read(m)
	if err != nil {
		err = w.malformed(ctx, m, err)
	} else {
		err = w.handle(ctx, e, m)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWrite)
	defer cancel()
	return m.Done(ctx)
}

// place says which group of the lane a message belongs to, and behind which others it must stay. Answers to interactions are due within
// seconds: they have a group of their own. What is no effect stands alone.
func place(m *bus.Taken) (group, key string) {
	e, err := read(m)
	if err != nil {
		return "", ""
	}
	op, _ := effect.Lookup(e.Op)
	if op.Major == "interaction_id" {
		return e.Tenant.String() + " interactions", e.Major()
	}
	return e.Tenant.String(), e.Major()
}

// read makes an effect of a message and sees that it stands where it belongs.
func read(m *bus.Taken) (effect.Effect, error) {
	_, t, op, err := subject.ParseEffect(m.Subject)
	if err != nil {
		return effect.Effect{}, err
	}
	e, err := effect.Parse(m.Data)
	switch {
	case err != nil:
		return effect.Effect{}, err
	case e.Tenant != t || e.Op != op:
		return effect.Effect{}, fmt.Errorf("effect %s of %s, %s, does not belong to the subject %s", e.ID, e.Tenant, e.Op, m.Subject)
	}
	return e, nil
}

// handle performs an effect and tells who waits for it.
func (w *worker) handle(ctx context.Context, e effect.Effect, m *bus.Taken) error {
	began := time.Now()
	result, err := w.performer.Perform(ctx, e)
	if err != nil {
		return err
	}
	w.figures.Ended(e.Op, result)
	w.log.Info("effect is done", "tenant", e.Tenant, "template", e.Template, "event", e.Event, "effect", e.ID, "op", e.Op,
		"status", result.Status, "refusal", result.Error, "took", time.Since(began))
	if err := w.answer(m, result); err != nil {
		w.log.Warn("an answer could not be sent", "tenant", e.Tenant, "effect", e.ID, "err", err)
	}
	return nil
}

func (w *worker) answer(m *bus.Taken, result effect.Result) error {
	inbox := m.Get(subject.HeaderReply)
	if inbox == "" {
		return nil
	}
	if err := subject.CheckInbox(inbox); err != nil {
		return err
	}
	data, err := plain.JSON(result)
	if err != nil {
		return err
	}
	return w.bus.Send(inbox, data)
}

// malformed keeps a message that is no effect, with its bytes.
func (w *worker) malformed(ctx context.Context, m *bus.Taken, why error) error {
	_, t, _, _ := subject.ParseEffect(m.Subject)
	w.log.Warn("message is no effect", "tenant", t, "subject", m.Subject, "err", why)
	return w.bus.DeadLetter(ctx, bus.Letter{
		Tenant: t, Part: "_rest", ID: fmt.Sprintf("effects.%d", m.Seq), Reason: fmt.Sprintf("message on %s: %v", m.Subject, why), Data: fitting(m.Data),
	})
}
