package feed

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"antiraid/shared/bus"
	"antiraid/shared/event"
)

// outlet publishes items, one per call, side by side.
type outlet struct {
	cfg Config
	Deps
	away atomic.Bool // the last publish failed: said once, not for each of the thousands that wait
}

// store publishes an item and tries again until it is stored; false when ctx ended before, or publishing is forbidden.
func (o *outlet) store(ctx context.Context, i *item) bool {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval = 50*time.Millisecond, 2*time.Second
	for {
		err := o.try(ctx, i)
		if err == nil {
			if o.away.CompareAndSwap(true, false) {
				o.Log.Info("events are stored again")
			}
			return true
		}
		if ctx.Err() != nil || errors.Is(err, ErrForbidden) {
			return false
		}
		if o.away.CompareAndSwap(false, true) {
			o.Log.Warn("events cannot be stored and are held back", "err", err)
		}
		o.Metric.Retries.Inc()
		select {
		case <-ctx.Done():
			return false
		case <-time.After(wait.NextBackOff()):
		}
	}
}

func (o *outlet) try(ctx context.Context, i *item) error {
	ctx, cancel := context.WithTimeout(ctx, o.cfg.Try)
	defer cancel()
	if i.reason != "" {
		return o.bury(ctx, i)
	}
	if _, err := o.Publisher.PublishEvent(ctx, i.tenant, i.Type, o.id(i), i.Data); err != nil {
		return err
	}
	o.Metric.Published.Inc()
	return nil
}

// id is the message id: the same for every time Discord sends this dispatch in this session.
func (o *outlet) id(i *item) string {
	b := make([]byte, 0, 64)
	b = append(strconv.AppendInt(b, int64(o.cfg.Shard), 10), '.')
	b = append(append(b, i.Session...), '.')
	return string(strconv.AppendInt(b, i.Seq, 10))
}

// bury keeps an item that is no event as a dead letter, with as many of its bytes as a message may have.
func (o *outlet) bury(ctx context.Context, i *item) error {
	letter := bus.Letter{Tenant: i.tenant, Part: "_gateway", Reason: o.why(i), Data: i.Data[:min(len(i.Data), event.MaxPayload)]}
	if i.Seq > 0 {
		letter.ID = o.id(i)
	}
	if err := o.Publisher.DeadLetter(ctx, letter); err != nil {
		return err
	}
	o.Metric.Dead.WithLabelValues(string(i.reason)).Inc()
	o.Log.Warn("dispatch is kept as a dead letter", "tenant", i.tenant, "reason", letter.Reason)
	return nil
}

// why is the sentence of a dead letter.
func (o *outlet) why(i *item) string {
	why := fmt.Sprintf("%s: dispatch %.80q, %d of session %s, shard %d", i.reason, i.Type, i.Seq, i.Session, o.cfg.Shard)
	if i.Fault != "" {
		why += ": " + i.Fault
	}
	if len(i.Data) > event.MaxPayload {
		why += fmt.Sprintf(": only the first %d of %d bytes are kept", event.MaxPayload, len(i.Data))
	}
	return why
}
