package socket

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestNoSpanHoldsMoreThanIsAllowed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var w window
	now := time.Unix(0, 0)
	var sent, ordinary []time.Time
	for range 5000 {
		now = now.Add(time.Duration(random.IntN(400)) * time.Millisecond)
		room := sendOrdinary
		if random.IntN(10) == 0 {
			room = sendAll
		}
		if !w.take(now, room) {
			continue
		}
		sent = append(sent, now)
		if room == sendOrdinary {
			ordinary = append(ordinary, now)
		}
	}
	within := func(times []time.Time, limit int) {
		t.Helper()
		for i := limit; i < len(times); i++ {
			if times[i].Sub(times[i-limit]) < sendSpan {
				t.Fatalf("%d sends within %s", limit+1, times[i].Sub(times[i-limit]))
			}
		}
	}
	within(sent, sendAll)
	within(ordinary, sendOrdinary)
	if len(sent) < 1800 {
		t.Errorf("only %d sends in %s", len(sent), now.Sub(time.Unix(0, 0)))
	}
}

func TestHeartbeatsHaveRoomWhenOrdinaryPayloadsHaveNone(t *testing.T) {
	var w window
	now := time.Unix(0, 0)
	for i := range sendOrdinary {
		if !w.take(now, sendOrdinary) {
			t.Fatalf("payload %d was refused", i)
		}
	}
	if w.take(now, sendOrdinary) {
		t.Error("an ordinary payload took the place of a heartbeat")
	}
	for i := range sendAll - sendOrdinary {
		if !w.take(now, sendAll) {
			t.Errorf("heartbeat %d was refused", i)
		}
	}
	if w.take(now, sendAll) {
		t.Error("the 121st payload was let through")
	}
	if !w.take(now.Add(sendSpan), sendOrdinary) {
		t.Error("after 60 s nothing was let through")
	}
}
