package bus

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/event"
	"antiraid/shared/subject"
)

// Message is one stored message.
type Message struct {
	Subject string
	Header  map[string][]string
	Data    []byte
	Seq     uint64    // place in the stream
	Time    time.Time // when it was stored
	Pending uint64    // how many more there were to read when it was sent
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

// receive makes m what a consumer was given, and allocates nothing: most events that an executor reads are wanted by nobody.
func (m *Message) receive(got jetstream.Msg) (delivery, error) {
	d, err := parseDelivery(got.Reply())
	if err != nil {
		return d, fmt.Errorf("read the place of a message on %s: %w", got.Subject(), err)
	}
	*m = Message{Subject: got.Subject(), Header: got.Headers(), Data: got.Data(), Seq: d.seq, Time: d.stored, Pending: d.pending}
	return d, nil
}

// delivery is what the address says under which a message is acknowledged.
type delivery struct {
	seq     uint64 // place in the stream
	nth     uint64 // of what the consumer gave out
	pending uint64
	stored  time.Time
}

// parseDelivery reads $JS.ACK.<stream>.<consumer>.<deliveries>.<seq>.<nth>.<time>.<pending>, and the later form, in which domain and account
// stand before the stream and more tokens may follow (nats-server, ADR-15).
func parseDelivery(address string) (d delivery, err error) {
	rest, ok := strings.CutPrefix(address, "$JS.ACK.")
	tokens := strings.Count(rest, ".") + 1
	if !ok || tokens < 7 || tokens > 7 && tokens < 9 {
		return d, fmt.Errorf("parse delivery %.200q: want $JS.ACK. and 7 tokens, or at least 9", address)
	}
	skip := 3
	if tokens > 7 {
		skip = 5
	}
	for range skip {
		_, rest, _ = strings.Cut(rest, ".")
	}
	var nanos uint64
	for _, to := range []*uint64{&d.seq, &d.nth, &nanos, &d.pending} {
		var token string
		token, rest, _ = strings.Cut(rest, ".")
		if *to, ok = decimal(token); !ok {
			return delivery{}, fmt.Errorf("parse delivery %.200q: %.40q is no number", address, token)
		}
	}
	d.stored = time.Unix(0, int64(nanos))
	return d, nil
}

func decimal(s string) (n uint64, ok bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, 0 < len(s) && len(s) < 20 && n <= math.MaxInt64
}

// Reading says which messages of a stream to read.
type Reading struct {
	Stream   string
	Subjects []string
	From     uint64    // first place in the stream; 0: see Since
	Since    time.Time // first time, when From is 0; zero: from the beginning
	New      bool      // only what is stored from now on
	To       uint64    // last place, for [Bus.ReadAll] and [Bus.ReadSome]
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

// Of what a reader has not handled yet, so much is on its way to it: in messages, and in bytes for each of at most two requests. The server
// ends a connection to which it would have to send more than 64 MB.
const (
	aheadMessages = 2048
	aheadBytes    = 2 << 20
)

// Read gives messages to fn in stream order, each once, until ctx ends (nil) or fn returns an error (that error). A message is fn's until it
// returns; what it points to may be kept.
// Nothing is acknowledged: the reader keeps its own position. It survives the server's restarts, and leaves nothing behind on it.
func (b *Bus) Read(ctx context.Context, r Reading, fn func(*Message) error) error {
	c, err := b.js.OrderedConsumer(ctx, r.Stream, r.config())
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	defer func() { b.forget(r.Stream, c) }()
	// A message over the bound would never come: the bound is above the largest that the server takes.
	it, err := c.Messages(jetstream.PullMaxMessagesWithBytesLimit(aheadMessages, max(aheadBytes, int(b.nc.MaxPayload())+64<<10)))
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Stream, err)
	}
	defer context.AfterFunc(ctx, it.Stop)()
	defer it.Stop()
	var msg Message
	for {
		m, err := it.Next()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", r.Stream, err)
		}
		if _, err := msg.receive(m); err != nil {
			return err
		}
		if err := fn(&msg); err != nil {
			return err
		}
	}
}

// forget deletes a reader's consumer and does not wait for it: what is not deleted, the server forgets after a while.
func (b *Bus) forget(stream string, c jetstream.Consumer) {
	if info := c.CachedInfo(); info != nil {
		_ = b.nc.Publish("$JS.API.CONSUMER.DELETE."+stream+"."+info.Name, nil)
	}
}

// ReadAll gives the messages that are stored at the time of the call to fn, or up to r.To, in order, and returns; nil means all of them.
// r has one subject.
func (b *Bus) ReadAll(ctx context.Context, r Reading, fn func(*Message) error) error {
	if r.To == 0 {
		last, err := b.LastSeq(ctx, r.Stream)
		if err != nil || last == 0 {
			return err
		}
		r.To = last
	}
	for r.From <= r.To {
		messages, next, err := b.ReadSome(ctx, r, partMessages)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if err := fn(m); err != nil {
				return err
			}
		}
		r.From = next
	}
	return nil
}

// LastSeq is the place of the last message of a stream; 0 when there never was one.
func (b *Bus) LastSeq(ctx context.Context, stream string) (uint64, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("ask for the end of %s: %w", stream, err)
	}
	return s.CachedInfo().State.LastSeq, nil
}
