package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/event"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Outgoing is a message to be stored.
type Outgoing struct {
	Subject string
	ID      string            // message id: a repeated publish with it is dropped inside the duplicate window; may be empty
	Header  map[string]string // further headers
	Data    []byte
}

func (o Outgoing) msg() *nats.Msg {
	m := &nats.Msg{Subject: o.Subject, Data: o.Data}
	if o.ID != "" || len(o.Header) > 0 {
		m.Header = make(nats.Header, len(o.Header)+1)
	}
	if o.ID != "" {
		m.Header[jetstream.MsgIDHeader] = []string{o.ID}
	}
	for k, v := range o.Header {
		m.Header[k] = []string{v}
	}
	return m
}

// Publish stores a message and returns its place in the stream. A duplicate returns the place of the first.
func (b *Bus) Publish(ctx context.Context, o Outgoing) (seq uint64, err error) {
	ack, err := b.js.PublishMsg(ctx, o.msg())
	if err != nil {
		return 0, fmt.Errorf("publish to %s: %w", o.Subject, err)
	}
	return ack.Sequence, nil
}

// Pending is a message on its way into a stream.
type Pending struct {
	subject string
	future  jetstream.PubAckFuture
}

// stall is how long a publish waits for room; the client's own 200 ms are less than a busy server takes.
const stall = 5 * time.Second

// PublishAsync sends a message without waiting for the acknowledgement; messages of one caller are stored in the order of the calls.
// It waits up to [stall] when too many are on their way.
func (b *Bus) PublishAsync(o Outgoing) (Pending, error) {
	f, err := b.js.PublishMsgAsync(o.msg(), jetstream.WithStallWait(stall))
	if err != nil {
		return Pending{}, fmt.Errorf("publish to %s: %w", o.Subject, err)
	}
	return Pending{o.Subject, f}, nil
}

// Wait returns when the message is stored, or with the reason why it is not known to be.
func (p Pending) Wait(ctx context.Context) (seq uint64, err error) {
	select {
	case ack := <-p.future.Ok():
		return ack.Sequence, nil
	case err := <-p.future.Err():
		return 0, fmt.Errorf("publish to %s: %w", p.subject, err)
	case <-ctx.Done():
		return 0, fmt.Errorf("publish to %s: %w", p.subject, ctx.Err())
	}
}

// EventMessage is an event of a tenant, ready to be published. id is the same for a repeated publish.
func EventMessage(t tenant.ID, typ, id string, payload []byte) Outgoing {
	return Outgoing{Subject: subject.Event(t, typ), ID: id, Data: payload}
}

// PublishEvent stores an event of a tenant.
func (b *Bus) PublishEvent(ctx context.Context, t tenant.ID, typ, id string, payload []byte) (seq uint64, err error) {
	if err := subject.CheckType(typ); err != nil {
		return 0, err
	}
	if len(payload) > event.MaxPayload {
		return 0, fmt.Errorf("publish %s of %s: the payload has %d bytes, at most %d are allowed", typ, t, len(payload), event.MaxPayload)
	}
	return b.Publish(ctx, EventMessage(t, typ, id, payload))
}
