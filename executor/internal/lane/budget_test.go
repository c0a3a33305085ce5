package lane

import (
	"context"
	"testing"
	"testing/synctest"

	"antiraid/shared/event"
)

func TestABudgetFavoursWhoHasNothing(t *testing.T) {
	for name, test := range map[string]struct {
		free, holds, more int64
		waiting           bool
		want              bool
	}{
		"all that is free":                {free: 100, more: 100, want: true},
		"more than is free":               {free: 99, more: 100},
		"a quarter of what is free":       {free: 100, holds: 15, more: 10, want: true},
		"more than a quarter":             {free: 100, holds: 16, more: 10},
		"nothing, while somebody waits":   {free: 100, holds: 1, more: 1, waiting: true},
		"a first event, beside a waiter":  {free: 100, more: 10, waiting: true, want: true},
		"nothing is left of a small rest": {free: 3, holds: 1, more: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := NewBudget(1000)
			b.free = test.free
			if test.waiting {
				b.waiting = []*waiter{{bytes: 500}}
			}
			if got := b.take(test.holds, test.more); got != test.want || got != (b.free < test.free) {
				t.Errorf("taken: %v, %d of %d are free afterwards", got, b.free, test.free)
			}
		})
	}
}

func TestWhoWaitsIsServedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100)
		b.take(0, 100)
		served := make(chan int64, 3)
		wait := func(ctx context.Context, n int64) {
			go func() {
				if err := b.wait(ctx, n); err == nil {
					served <- n
				}
			}()
			synctest.Wait()
		}
		ctx, leave := context.WithCancel(t.Context())
		wait(t.Context(), 60)
		wait(ctx, 90)
		wait(t.Context(), 30)
		give := func(n int64, want ...int64) {
			t.Helper()
			b.give(n)
			synctest.Wait()
			for _, w := range want {
				if got := <-served; got != w {
					t.Errorf("%d bytes were taken, want %d", got, w)
				}
			}
			if len(served) > 0 {
				t.Errorf("%d bytes were taken too", <-served)
			}
		}
		give(50)
		give(10, 60)
		give(40)
		leave()
		give(0, 30)
		give(90)
		if b.free != 100 || len(b.waiting) > 0 {
			t.Errorf("%d bytes are free and %d wait", b.free, len(b.waiting))
		}
	})
}

func TestAnEventOfAnySizeFits(t *testing.T) {
	b := NewBudget(1000)
	if n := b.size(&event.Event{Payload: make([]byte, 5000)}); n != 1000 {
		t.Errorf("it takes %d of 1000 bytes", n)
	}
}
