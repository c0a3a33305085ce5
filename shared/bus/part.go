package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What one ReadSome asks for at most. The last message may go beyond the bytes, so one of any size is read.
const (
	partMessages = 1024
	partBytes    = 256 << 10
)

// answering is how long the server may take to send one part.
const answering = 5 * time.Second

// errBehind says that a server has not stored yet what another has.
var errBehind = errors.New("a server is behind the others")

// ReadSome reads the first messages of r up to r.To, at most limit of them and not many bytes, and says at which place to go on; that is behind
// r.To when there are no more. r has one subject.
//
// There is no consumer: a part is one question to any server that has the stream (direct get), and nothing is sent that was not asked for.
// That server may be behind the others. So what it does not have, the stream's leader is asked for before it counts as not there.
func (b *Bus) ReadSome(ctx context.Context, r Reading, limit int) (messages []*Message, next uint64, err error) {
	q, err := r.question()
	if err != nil {
		return nil, 0, err
	}
	for wait := 5 * time.Millisecond; ; wait *= 2 {
		messages, err = b.part(ctx, r.Stream, q, limit)
		if err != nil {
			return nil, 0, fmt.Errorf("read %s: %w", r.Stream, err)
		}
		for i, m := range messages {
			if m.Seq > r.To {
				return messages[:i], r.To + 1, nil
			}
		}
		if n := len(messages); n > 0 {
			return messages, messages[n-1].Seq + 1, nil
		}
		err = b.nothing(ctx, r, q)
		switch {
		case err == nil:
			return nil, r.To + 1, nil
		case !errors.Is(err, errBehind) || wait > 500*time.Millisecond:
			return nil, 0, fmt.Errorf("read %s: %w", r.Stream, err)
		}
		select {
		case <-ctx.Done():
			return nil, 0, fmt.Errorf("read %s: %w", r.Stream, context.Cause(ctx))
		case <-time.After(wait):
		}
	}
}

// question asks for stored messages; the names are the server's.
type question struct {
	Seq      uint64     `json:"seq,omitempty"`
	Since    *time.Time `json:"start_time,omitempty"`
	Subject  string     `json:"next_by_subj"`
	Batch    int        `json:"batch,omitempty"`
	MaxBytes int        `json:"max_bytes,omitempty"`
}

func (r Reading) question() (question, error) {
	if len(r.Subjects) != 1 || r.New {
		return question{}, fmt.Errorf("read %s: %d subjects; what is stored is read by one", r.Stream, len(r.Subjects))
	}
	q := question{Seq: max(r.From, 1), Subject: r.Subjects[0]}
	if r.From == 0 && !r.Since.IsZero() {
		q.Seq, q.Since = 0, &r.Since
	}
	return q, nil
}

// part is the answer of one server.
func (b *Bus) part(ctx context.Context, stream string, q question, limit int) ([]*Message, error) {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	q.Batch, q.MaxBytes = limit, partBytes
	data, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	inbox, answers := b.nc.NewInbox(), make(chan *nats.Msg, limit+1)
	sub, err := b.nc.ChanSubscribe(inbox, answers)
	if err != nil {
		return nil, err
	}
	defer sub.Unsubscribe()
	if err := b.nc.PublishRequest("$JS.API.DIRECT.GET."+stream, inbox, data); err != nil {
		return nil, err
	}
	var messages []*Message
	for last := uint64(0); ; {
		var m *nats.Msg
		select {
		case m = <-answers:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		previous, _ := strconv.ParseUint(m.Header.Get(jetstream.LastSequenceHeader), 10, 64)
		switch status := m.Header.Get("Status"); {
		case status == "404":
			return nil, nil
		case status != "" && status != "204":
			return nil, fmt.Errorf("the server says %s %s", status, m.Header.Get("Description"))
		case previous != last:
			return nil, fmt.Errorf("message %d was lost on its way", previous)
		case status == "204":
			return messages, nil
		}
		msg, err := stored(m)
		if err != nil {
			return nil, err
		}
		messages, last = append(messages, msg), msg.Seq
	}
}

// pendingHeader says how many messages are behind one.
const pendingHeader = "Nats-Num-Pending"

// stored is a message of a part, with the headers it was stored with.
func stored(m *nats.Msg) (*Message, error) {
	seq, err := strconv.ParseUint(m.Header.Get(jetstream.SequenceHeader), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read the place of a message: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, m.Header.Get(jetstream.TimeStampHeaer))
	if err != nil {
		return nil, fmt.Errorf("read the time of message %d: %w", seq, err)
	}
	pending, _ := strconv.ParseUint(m.Header.Get(pendingHeader), 10, 64)
	msg := &Message{Subject: m.Header.Get(jetstream.SubjectHeader), Header: m.Header, Data: m.Data, Seq: seq, Time: at, Pending: pending}
	for _, name := range []string{
		jetstream.StreamHeader, jetstream.SubjectHeader, jetstream.SequenceHeader, jetstream.TimeStampHeaer, jetstream.LastSequenceHeader, pendingHeader,
	} {
		m.Header.Del(name)
	}
	return msg, nil
}

// notFound is the server's code for a message that is not there.
const notFound = 10037

// nothing is nil when the stream's leader, too, has nothing to answer up to r.To; [errBehind] when it has.
func (b *Bus) nothing(ctx context.Context, r Reading, q question) error {
	last, err := b.LastSeq(ctx, r.Stream)
	if err != nil {
		return err
	}
	if last < r.To {
		return fmt.Errorf("%w: the stream ends at %d, before %d", errBehind, last, r.To)
	}
	data, err := json.Marshal(q)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	m, err := b.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+r.Stream, data)
	if err != nil {
		return err
	}
	var answer struct {
		Error   *jetstream.APIError
		Message struct{ Seq uint64 }
	}
	if err := json.Unmarshal(m.Data, &answer); err != nil {
		return fmt.Errorf("decode the leader's answer: %w", err)
	}
	switch {
	case answer.Error != nil && answer.Error.ErrorCode == notFound:
		return nil
	case answer.Error != nil:
		return answer.Error
	case answer.Message.Seq <= r.To:
		return fmt.Errorf("%w: it has no message %d", errBehind, answer.Message.Seq)
	}
	return nil
}
