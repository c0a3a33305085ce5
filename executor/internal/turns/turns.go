// Package turns keeps runs that compute for long from taking what others need: a short run must find a free processor, and so must the
// network.
//
// Go's scheduler alone does not see to that. A goroutine that computes and yields is put back in line, and while there is a line, the
// scheduler does not look at the network: what arrives may wait 10 ms for each message that a run needs. So a run that has computed for a
// while pauses after each slice, the longer the more such runs the process has: together they take about a third of one processor.
//
// A pause is no part of the run's wall clock: whoever asks for Err takes the time that it took for others'.
package turns

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	short = 5 * time.Millisecond  // of computing, before a run counts as long
	slice = time.Millisecond      // of computing between two pauses
	pause = 2 * time.Millisecond  // after a slice of the process's only long run
	more  = 3 * time.Millisecond  // for each other one
	most  = 20 * time.Millisecond // of one pause
	gap   = time.Millisecond      // the most that counts as computing between two looks: what is longer was spent waiting
)

// Turns is one process's. The zero Turns is ready.
type Turns struct{ long atomic.Int64 }

// Turn is the context of one run: whoever computes asks for its Err every so often, and pauses in there. It is for one goroutine.
type Turn struct {
	context.Context
	turns *Turns
	last  time.Time     // when it was looked at
	used  time.Duration // for computing
	next  time.Duration // when used reaches it, the run pauses
	long  bool
}

// Begin makes the context of a run that begins now. The caller must End it.
func (t *Turns) Begin(ctx context.Context) *Turn {
	return &Turn{Context: ctx, turns: t, last: time.Now(), next: short}
}

// End says that the run is over.
func (t *Turn) End() {
	if t.long {
		t.turns.long.Add(-1)
	}
}

// Err is the context's. A long run whose slice is over pauses first.
func (t *Turn) Err() error {
	now := time.Now()
	t.used += min(now.Sub(t.last), gap)
	t.last = now
	if t.used >= t.next {
		t.pause()
	}
	return t.Context.Err()
}

func (t *Turn) pause() {
	if !t.long {
		t.long = true
		t.turns.long.Add(1)
	}
	others := time.Duration(t.turns.long.Load() - 1)
	time.Sleep(min(pause+others*more, most))
	t.next, t.last = t.used+slice, time.Now()
}
