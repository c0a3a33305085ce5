package socket

import (
	"errors"
	"time"
)

// A connection may send 120 payloads in any 60 s, heartbeats included; one more and it is closed with 4008. Ordinary payloads stop at
// 115, so that heartbeats never have to.
const (
	sendSpan     = 60 * time.Second
	sendAll      = 120
	sendOrdinary = 115
)

var errFull = errors.New("write message: 120 payloads were sent in the last 60 s")

// window is the times of the last sends: an exact sliding window, where a token bucket would let twice as many through.
type window struct {
	times [sendAll]time.Time
	next  int
}

// take counts a send at now, unless room sends or more lie within the span before it.
func (w *window) take(now time.Time, room int) bool {
	oldest := w.times[(w.next+sendAll-room)%sendAll]
	if !oldest.IsZero() && now.Sub(oldest) < sendSpan {
		return false
	}
	w.times[w.next] = now
	w.next = (w.next + 1) % sendAll
	return true
}
