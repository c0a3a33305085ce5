package bus_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// store publishes events of two tenants in turn, with payloads of a size.
func store(t *testing.T, b *bus.Bus, n, size int) {
	t.Helper()
	for i := range n {
		_, err := b.PublishEvent(t.Context(), guild(t, fmt.Sprint("g-", 7+i%2)), "X", fmt.Sprint("m", i), []byte(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestStoredMessagesAreReadInParts(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	store(t, b, 40, 1)
	all := bus.Reading{Stream: subject.Events, Subjects: []string{subject.TenantEvents(guild(t, "g-7"))}}
	for name, test := range map[string]struct {
		from, to uint64
		limit    int
		want     []uint64
		next     uint64
	}{
		"the beginning":           {0, 40, 3, []uint64{1, 3, 5}, 6},
		"the middle":              {6, 40, 3, []uint64{7, 9, 11}, 12},
		"up to a place":           {30, 33, 100, []uint64{31, 33}, 34},
		"up to a place of others": {30, 34, 100, []uint64{31, 33}, 35},
		"the end":                 {38, 40, 100, []uint64{39}, 40},
		"behind the end":          {40, 40, 100, nil, 41},
	} {
		r := all
		r.From, r.To = test.from, test.to
		messages, next, err := b.ReadSome(t.Context(), r, test.limit)
		var got []uint64
		for _, m := range messages {
			got = append(got, m.Seq)
			if ev, err := m.Event(); err != nil || ev.ID != fmt.Sprint("m", m.Seq-1) || string(ev.Payload) != "x" || time.Since(ev.Time) > time.Minute || len(m.Header) != 1 {
				t.Errorf("%s: message %d is %+v, %v", name, m.Seq, m, err)
			}
		}
		if err != nil || !slices.Equal(got, test.want) || next != test.next {
			t.Errorf("%s: read %v, then from %d, %v; want %v, then from %d", name, got, next, err, test.want, test.next)
		}
	}
	if _, _, err := b.ReadSome(t.Context(), bus.Reading{Stream: subject.Events, Subjects: all.Subjects, From: 1, To: 41}, 100); err != nil {
		t.Error(err)
	}
	if _, _, err := b.ReadSome(t.Context(), bus.Reading{Stream: subject.Events, Subjects: all.Subjects, From: 41, To: 41}, 100); err == nil {
		t.Error("a place that the stream has not reached was read")
	}
}

func TestAPartIsSmallAndHasMessagesOfAnySize(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	store(t, b, 20, 900<<10)
	r := bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}, To: 20}
	messages, next, err := b.ReadSome(t.Context(), r, 100)
	if err != nil || len(messages) != 1 || next != 2 {
		t.Errorf("a part has %d messages, then from %d, %v", len(messages), next, err)
	}
	n := 0
	if err := b.ReadAll(t.Context(), r, func(*bus.Message) error { n++; return nil }); err != nil || n != 20 {
		t.Errorf("read %d messages, %v", n, err)
	}
}

func TestReadingLeavesNoConsumers(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	store(t, b, 10, 1)
	r := bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}
	for range 5 {
		if err := b.ReadAll(t.Context(), r, func(*bus.Message) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if err := b.Read(t.Context(), r, func(*bus.Message) error { return errEnough }); err != errEnough {
			t.Fatal(err)
		}
	}
	for wait := time.Now().Add(5 * time.Second); ; {
		stream, err := b.JetStream().Stream(t.Context(), subject.Events)
		if err != nil {
			t.Fatal(err)
		}
		switch left := stream.CachedInfo().State.Consumers; {
		case left == 0:
			return
		case time.Now().After(wait):
			t.Fatalf("%d consumers are left", left)
		}
	}
}

// TestWhatAServerDoesNotHaveYetIsWaitedFor has a server that lags: the test answers for it.
func TestWhatAServerDoesNotHaveYetIsWaitedFor(t *testing.T) {
	url := natstest.Start(t)
	b := natstest.Connect(t, url)
	stream, err := b.JetStream().CreateStream(t.Context(), jetstream.StreamConfig{Name: "LATE", Subjects: []string{"late.>"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := b.Publish(t.Context(), bus.Outgoing{Subject: "late.x", Data: fmt.Append(nil, i)}); err != nil {
			t.Fatal(err)
		}
	}
	server, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	asked := 0
	_, err = server.Subscribe("$JS.API.DIRECT.GET.LATE", func(m *nats.Msg) {
		if asked++; asked < 3 {
			m.RespondMsg(&nats.Msg{Header: nats.Header{"Status": {"404"}, "Description": {"Message Not Found"}}})
			return
		}
		last := uint64(0)
		for seq := uint64(1); seq <= 3; seq++ {
			stored, err := stream.GetMsg(context.Background(), seq)
			if err != nil {
				t.Error(err)
				return
			}
			m.RespondMsg(&nats.Msg{Data: stored.Data, Header: nats.Header{
				"Nats-Sequence": {fmt.Sprint(seq)}, "Nats-Subject": {stored.Subject}, "Nats-Time-Stamp": {stored.Time.Format(time.RFC3339Nano)}, "Nats-Last-Sequence": {fmt.Sprint(last)},
			}})
			last = seq
		}
		m.RespondMsg(&nats.Msg{Header: nats.Header{"Status": {"204"}, "Nats-Last-Sequence": {fmt.Sprint(last)}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Flush(); err != nil {
		t.Fatal(err)
	}
	var got []string
	err = b.ReadAll(t.Context(), bus.Reading{Stream: "LATE", Subjects: []string{"late.x"}}, func(m *bus.Message) error {
		got = append(got, string(m.Data))
		return nil
	})
	if err != nil || strings.Join(got, " ") != "0 1 2" || asked != 3 {
		t.Errorf("read %v, %v, after %d questions", got, err, asked)
	}
}

// TestAReaderThatWaitsIsSentLittle has a reader that handles one message and waits.
func TestAReaderThatWaitsIsSentLittle(t *testing.T) {
	s := natstest.Run(t, t.TempDir(), -1)
	b := natstest.Connect(t, s.ClientURL())
	const count, size = 100, 900 << 10
	store(t, b, count, size)
	sent := func() int64 {
		varz, err := s.Varz(nil)
		if err != nil {
			t.Fatal(err)
		}
		return varz.OutBytes
	}
	before, n := sent(), 0
	err := b.Read(t.Context(), bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(*bus.Message) error {
		if n++; n == 1 {
			if _, err := b.LastSeq(t.Context(), subject.Events); err != nil { // answered after what was sent before
				t.Error(err)
			}
			if mb := (sent() - before) >> 20; mb > 4 {
				t.Errorf("%d MB were sent to a reader that waits", mb)
			}
		}
		if n == count {
			return errEnough
		}
		return nil
	})
	if err != errEnough {
		t.Errorf("read %d messages, %v", n, err)
	}
}
