package turns_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/executor/internal/turns"
)

// compute lets a run compute for a while, looked at every so often, and returns how long that took by the clock. In a bubble, sleeping is
// what passes time.
func compute(t *turns.Turn, d, every time.Duration) time.Duration {
	begin := time.Now()
	for done := time.Duration(0); done < d; done += every {
		time.Sleep(every)
		_ = t.Err()
	}
	return time.Since(begin)
}

const look = 100 * time.Microsecond

func TestAShortRunNeverPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all turns.Turns
		for range 3 { // each run begins anew
			turn := all.Begin(t.Context())
			if took := compute(turn, 4900*time.Microsecond, look); took != 4900*time.Microsecond {
				t.Errorf("4.9 ms of computing took %s", took)
			}
			turn.End()
		}
	})
}

func TestALongRunLeavesHalfOfAProcessor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all turns.Turns
		turn := all.Begin(t.Context())
		defer turn.End()
		if took := compute(turn, 105*time.Millisecond, look); took < 300*time.Millisecond || took > 320*time.Millisecond {
			t.Errorf("105 ms of computing took %s, want about 305 ms", took)
		}
	})
}

func TestLongRunsTogetherTakeAThirdOfAProcessor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const runs = 8
		var all turns.Turns
		took := make(chan time.Duration)
		for range runs {
			go func() {
				turn := all.Begin(context.Background())
				defer turn.End()
				took <- compute(turn, 55*time.Millisecond, look)
			}()
		}
		for range runs {
			if d := <-took; d < 1000*time.Millisecond || d > 1200*time.Millisecond {
				t.Errorf("one of %d runs of 55 ms took %s, want about 1.1 s", runs, d)
			}
		}
		synctest.Wait()
		turn := all.Begin(t.Context()) // all others are over
		defer turn.End()
		if d := compute(turn, 55*time.Millisecond, look); d > 170*time.Millisecond {
			t.Errorf("a run that is the only one took %s for 55 ms", d)
		}
	})
}

func TestWaitingIsNotComputing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all turns.Turns
		turn := all.Begin(t.Context())
		defer turn.End()
		if took := compute(turn, 400*time.Millisecond, 100*time.Millisecond); took != 400*time.Millisecond {
			t.Errorf("four waits of 100 ms took %s", took)
		}
	})
}

func TestErrIsTheContexts(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var all turns.Turns
	turn := all.Begin(ctx)
	defer turn.End()
	if turn.Err() != nil {
		t.Error("a context that goes on has an error")
	}
	cause := errors.New("the lease is lost")
	cancel(cause)
	if !errors.Is(turn.Err(), context.Canceled) || !errors.Is(context.Cause(turn), cause) {
		t.Errorf("got %v because of %v", turn.Err(), context.Cause(turn))
	}
}
