package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/event"
	"antiraid/shared/subject"
)

// Message is one stored message.
type Message struct {
	Subject    string
	Header     map[string][]string
	Data       []byte
	Seq        uint64    // place in the stream
	Time       time.Time // when it was stored
	Pending    uint64    // how many more match at the time of delivery
	Deliveries uint64    // how often it was delivered, this time included
}

// Get is the first value of a header, empty without one.
func (m *Message) Get(header string) string {
	if v := m.Header[header]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Event reads the message as one of the stream EVENTS.
func (m *Message) Event() (event.Event, error) {
	t, typ, err := subject.ParseEvent(m.Subject)
	if err != nil {
		return event.Event{}, err
	}
	id := m.Get(jetstream.MsgIDHeader)
	if id == "" {
		id = fmt.Sprintf("seq.%d", m.Seq)
	}
	return event.Event{ID: id, Seq: m.Seq, Tenant: t, Type: typ, Time: m.Time, Payload: m.Data}, nil
}

func message(m jetstream.Msg) (*Message, error) {
	meta, err := m.Metadata()
	if err != nil {
		return nil, fmt.Errorf("read metadata of a message on %s: %w", m.Subject(), err)
	}
	return &Message{
		Subject: m.Subject(), Header: m.Headers(), Data: m.Data(),
		Seq: meta.Sequence.Stream, Time: meta.Timestamp, Pending: meta.NumPending, Deliveries: meta.NumDelivered,
	}, nil
}

// Reading says which messages of a stream to read.
type Reading struct {
	Stream   string
	Subjects []string
	From     uint64    // first place in the stream; 0: see Since
	Since    time.Time // first time, when From is 0; zero: from the beginning
	New      bool      // only what is stored from now on
}

func (r Reading) config() jetstream.OrderedConsumerConfig {
	cfg := jetstream.OrderedConsumerConfig{FilterSubjects: r.Subjects, DeliverPolicy: jetstream.DeliverAllPolicy, InactiveThreshold: 30 * time.Second}
	switch {
	case r.New:
		cfg.DeliverPolicy = jetstream.DeliverNewPolicy
	case r.From > 0:
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, r.From
	case !r.Since.IsZero():
		cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverByStartTimePolicy, &r.Since
	}
	return cfg
}

// Read gives messages to fn in stream order, each once, until ctx ends (nil) or fn returns an error (that error).
// Nothing is acknowledged: the reader keeps its own position. It survives the server's restarts.
func (b *Bus) Read(ctx context.Context, r Reading, fn func(*Message) error) error {
	c, err := b.js.OrderedConsumer(ctx, r.Stream, r.config())
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	it, err := c.Messages(jetstream.PullMaxMessages(2048))
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	defer context.AfterFunc(ctx, it.Stop)()
	defer it.Stop()
	for {
		m, err := it.Next()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", r.Stream, err)
		}
		msg, err := message(m)
		if err != nil {
			return err
		}
		if err := fn(msg); err != nil {
			return err
		}
	}
}

// errEnd ends a ReadAll.
var errEnd = errors.New("end of what was stored")

// ReadAll gives the messages that are stored at the time of the call to fn, in order, and returns; nil means all of them.
func (b *Bus) ReadAll(ctx context.Context, r Reading, fn func(*Message) error) error {
	stream, err := b.js.Stream(ctx, r.Stream)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	c, err := stream.OrderedConsumer(ctx, r.config())
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	info, err := c.Info(ctx)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	if info.NumPending == 0 {
		return nil
	}
	err = b.Read(ctx, r, func(m *Message) error {
		if err := fn(m); err != nil {
			return err
		}
		if m.Pending == 0 {
			return errEnd
		}
		return nil
	})
	switch {
	case errors.Is(err, errEnd):
		return nil
	case err == nil: // Read has stopped before the end
		return fmt.Errorf("read %s: %w", r.Stream, context.Cause(ctx))
	}
	return err
}

// LastSeq is the place of the last message of a stream; 0 when there never was one.
func (b *Bus) LastSeq(ctx context.Context, stream string) (uint64, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("ask for the end of %s: %w", stream, err)
	}
	info, err := s.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask for the end of %s: %w", stream, err)
	}
	return info.State.LastSeq, nil
}
