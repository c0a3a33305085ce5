package kv

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// tombstone is how long a deleted key keeps its revision, so that a writer who is late cannot take it for a key that never was.
const tombstone = time.Hour

// Mark says which commit wrote a value. It is its writer's; a bucket only keeps it.
type Mark struct {
	Commit uint64 // a number that grows
	Sum    uint32 // tells commits of the same number apart
}

func (m Mark) String() string { return fmt.Sprintf("%d-%08x", m.Commit, m.Sum) }

// parseMark reads what String wrote; one that cannot be read is the zero Mark.
func parseMark(s string) (m Mark) {
	number, sum, _ := strings.Cut(s, "-")
	m.Commit, _ = strconv.ParseUint(number, 10, 64)
	n, _ := strconv.ParseUint(sum, 16, 32)
	m.Sum = uint32(n)
	return m
}

// Last reads a key with its mark, also when it was deleted (then Deleted is set, for an hour). A key that never was, or was forgotten,
// is the zero Entry.
func (b *Bucket) Last(ctx context.Context, key string) (Entry, error) {
	m, err := b.stream.GetLastMsgForSubject(ctx, "$KV."+b.name+"."+key)
	if errors.Is(err, nats.ErrNoResponders) {
		if s, now := b.js.Stream(ctx, "KV_"+b.name); now == nil { // since it was opened only the leader may answer
			m, err = s.GetLastMsgForSubject(ctx, "$KV."+b.name+"."+key)
		}
	}
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return Entry{Key: key}, nil
	case err != nil:
		return Entry{}, b.fail("get", key, err)
	}
	e := Entry{Key: key, Value: m.Data, Revision: m.Sequence, Time: m.Time}
	e.Deleted = m.Header.Get("KV-Operation") != "" || m.Header.Get("Nats-Marker-Reason") != ""
	e.Mark = parseMark(m.Header.Get(subject.HeaderCommit))
	return e, nil
}

// Write is a conditional write on its way.
type Write struct {
	b      *Bucket
	key    string
	future jetstream.PubAckFuture
}

// Send replaces the value at a revision (0: a key that does not exist) without waiting; a nil value deletes. The mark stays with the
// value and is read by [Bucket.Last].
func (b *Bucket) Send(key string, value []byte, revision uint64, mark Mark) (Write, error) {
	m := &nats.Msg{Subject: "$KV." + b.name + "." + key, Data: value, Header: nats.Header{
		jetstream.ExpectedLastSubjSeqHeader: {strconv.FormatUint(revision, 10)},
		subject.HeaderCommit:                {mark.String()},
	}}
	if value == nil {
		m.Header["KV-Operation"] = []string{"DEL"}
		m.Header[jetstream.MsgTTLHeader] = []string{tombstone.String()}
	}
	f, err := b.js.PublishMsgAsync(m)
	if err != nil {
		return Write{}, b.fail("write", key, err)
	}
	return Write{b, key, f}, nil
}

// Wait returns the new revision, or [ErrConflict], or why it is not known whether the write happened.
func (w Write) Wait(ctx context.Context) (revision uint64, err error) {
	select {
	case ack := <-w.future.Ok():
		return ack.Sequence, nil
	case err := <-w.future.Err():
		return 0, w.b.fail("write", w.key, err)
	case <-ctx.Done():
		return 0, w.b.fail("write", w.key, ctx.Err())
	}
}
