package bus

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// received is a message as nats.go hands it over.
type received struct {
	jetstream.Msg
	reply string
}

func (r *received) Subject() string      { return "events.07.g-7.MESSAGE_CREATE" }
func (r *received) Reply() string        { return r.reply }
func (r *received) Data() []byte         { return nil }
func (r *received) Headers() nats.Header { return nil }

func TestReceivingAllocatesNothing(t *testing.T) {
	got, msg := &received{reply: "$JS.ACK._.dGhhbGVz.EVENTS.consumer_1.1.123456.789.1700000000000000000.5.token"}, new(Message)
	allocs := testing.AllocsPerRun(100, func() {
		if _, err := msg.receive(got); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 0 || msg.Seq != 123456 {
		t.Errorf("%v allocations for message %d", allocs, msg.Seq)
	}
}

func TestDeliveriesOfBothForms(t *testing.T) {
	want := delivery{seq: 12, nth: 3, pending: 9, stored: time.Unix(1700000000, 5)}
	for _, address := range []string{
		"$JS.ACK.EVENTS.c_1.1.12.3.1700000000000000005.9",
		"$JS.ACK._.hash.EVENTS.c_1.1.12.3.1700000000000000005.9",
		"$JS.ACK.hub.hash.EVENTS.c_1.1.12.3.1700000000000000005.9.token",
	} {
		if d, err := parseDelivery(address); err != nil || d != want {
			t.Errorf("%s: %+v, %v", address, d, err)
		}
	}
}

func FuzzParseDelivery(f *testing.F) {
	f.Add("$JS.ACK.EVENTS.c_1.1.12.3.1700000000000000005.9")
	f.Add("$JS.ACK.hub.hash.EVENTS.c_1.1.12.3.1700000000000000005.9.token")
	f.Add("$JS.ACK.EVENTS.c.1.12.x.1.9")
	f.Add("$JS.ACK.EVENTS.c.1.12.3.9700000000000000000.9")
	f.Add("_INBOX.a.b.c.d.e.f.g.h.i")
	f.Fuzz(func(t *testing.T, address string) {
		d, err := parseDelivery(address)
		if err != nil {
			return
		}
		again := fmt.Sprintf("$JS.ACK.S.c.1.%d.%d.%d.%d", d.seq, d.nth, d.stored.UnixNano(), d.pending)
		if back, err := parseDelivery(again); err != nil || back != d {
			t.Errorf("%q is %+v, then %+v, %v", address, d, back, err)
		}
	})
}
