package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrBroken says that messages may have been lost on their way to a taker: what is unsettled comes again, in order, with the next Take.
var ErrBroken = errors.New("the flow of messages was interrupted")

// Taking says which part of a work queue to take.
type Taking struct {
	Stream  string
	Name    string // of the part; whoever takes it next ends the flow to whoever took it before
	Subject string
	Window  int // how many messages may be unsettled at once; default 1024
}

// ErrGone says that a message could not be found in its stream: it was settled elsewhere or grew too old, or a replica that lags was asked.
var ErrGone = errors.New("the message is gone")

// Taken is a message that stays in the queue until it is Done.
type Taken struct {
	*Message
	bus    *Bus
	stream jetstream.Stream
	reply  string // where it is acknowledged
}

// Done takes the message out of the queue. A message whose Done was not heard comes again.
func (t *Taken) Done(ctx context.Context) error {
	if _, err := t.bus.nc.RequestWithContext(ctx, t.reply, []byte("+ACK")); err != nil {
		return fmt.Errorf("settle message %d of %s: %w", t.Seq, t.Subject, err)
	}
	return nil
}

// Forget drops header and data from memory: a place in the queue stays, at about 300 bytes.
func (t *Taken) Forget() { t.Header, t.Data = nil, nil }

// Recall reads header and data again after Forget; [ErrGone] when they are not found.
func (t *Taken) Recall(ctx context.Context) error {
	m, err := t.stream.GetMsg(ctx, t.Seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		err = ErrGone
	}
	if err != nil {
		return fmt.Errorf("recall message %d of %s: %w", t.Seq, t.Subject, err)
	}
	t.Header, t.Data = m.Header, m.Data
	return nil
}

// Take gives the messages of a part of a work queue to fn, each once in stream order, many unsettled at a time, until ctx ends (nil), fn
// returns an error (that error) or the flow is interrupted ([ErrBroken]).
//
// Each Take begins at the oldest message that is not Done: this is how order survives a crash, where a consumer that is merely resumed
// gives out what its predecessor held after what it did not. To keep that true nothing is ever delivered a second time within a Take.
func (b *Bus) Take(ctx context.Context, w Taking, fn func(*Taken) error) error {
	if w.Window == 0 {
		w.Window = 1024
	}
	reconnects := b.nc.Stats().Reconnects
	stream, err := b.js.Stream(ctx, w.Stream)
	if err != nil {
		return fmt.Errorf("take %s: %w", w.Subject, err)
	}
	c, err := b.takeOver(ctx, stream, w)
	if err != nil {
		return fmt.Errorf("take %s: %w", w.Subject, err)
	}
	it, err := c.Messages(jetstream.PullMaxMessages(min(w.Window, 256)))
	if err != nil {
		return fmt.Errorf("take %s: %w", w.Subject, err)
	}
	defer context.AfterFunc(ctx, it.Stop)()
	defer it.Stop()
	for delivered := uint64(1); ; {
		m, err := it.Next(jetstream.NextMaxWait(2 * time.Second))
		switch {
		case ctx.Err() != nil:
			return nil
		case b.nc.Stats().Reconnects != reconnects:
			return fmt.Errorf("take %s: %w: the connection was lost", w.Subject, ErrBroken)
		case errors.Is(err, nats.ErrTimeout):
			continue
		case err != nil:
			return fmt.Errorf("take %s: %w: %w", w.Subject, ErrBroken, err)
		}
		msg := new(Message)
		d, err := msg.receive(m)
		if err != nil || d.nth != delivered {
			return fmt.Errorf("take %s: %w: a message is missing", w.Subject, ErrBroken)
		}
		delivered++
		if err := fn(&Taken{msg, b, stream, m.Reply()}); err != nil {
			return err
		}
	}
}

// takeOver makes a consumer of its own for this Take, after removing those of predecessors: their parked requests would swallow messages.
func (b *Bus) takeOver(ctx context.Context, stream jetstream.Stream, w Taking) (jetstream.Consumer, error) {
	names := stream.ConsumerNames(ctx)
	for name := range names.Name() {
		if !strings.HasPrefix(name, w.Name+"-") {
			continue
		}
		if err := stream.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, err
		}
	}
	if err := names.Err(); err != nil {
		return nil, err
	}
	return stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Name: w.Name + "-" + rand.Text(), FilterSubject: w.Subject, AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: 48 * time.Hour, MaxAckPending: w.Window, MaxDeliver: -1, InactiveThreshold: 5 * time.Minute, Replicas: b.cfg.Replicas,
	})
}
