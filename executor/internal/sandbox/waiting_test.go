package sandbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/executor/internal/turns"
	"antiraid/shared/run"
)

// patient makes whoever asks for its Err wait.
type patient struct {
	context.Context
	pause time.Duration
}

func (s patient) Err() error {
	time.Sleep(s.pause)
	return s.Context.Err()
}

// For what a run is made to wait does not count, up to four times its limit. In a bubble, sleeping is what passes time.
func TestWaitingForOthersDoesNotCount(t *testing.T) {
	for name, test := range map[string]struct {
		body    string
		outcome run.Outcome
		took    time.Duration
	}{
		"a run that was only made to wait": {`for i = 1, 15000 do end`, run.OK, 0},
		"one that never ends":              {`while true do end`, run.Timeout, 520 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVM(t, `for i = 1, 5000 do end return { events = { MESSAGE_CREATE = function() `+test.body+` end } }`)
				in := input(t, `{}`, &world{})
				in.Limits.Wall, in.Limits.Instructions = 100*time.Millisecond, 1e12
				var told int
				last := run.Usage{}
				in.Looked = func(used run.Usage, left time.Duration) {
					if told++; used.Wall+left != in.Limits.Wall || used.Instructions < last.Instructions {
						t.Errorf("told that %+v was used and %s of %s is left, after %+v", used, left, in.Limits.Wall, last)
					}
					last = used
				}
				begin := time.Now()
				res := v.Run(patient{t.Context(), 20 * time.Millisecond}, in)
				took := time.Since(begin)
				if res.Failure.Outcome() != test.outcome || res.Err != nil || test.took > 0 && took != test.took {
					t.Errorf("%s after %s: %+v %v", res.Failure.Outcome(), took, res.Failure, res.Err)
				}
				if want := max(0, took-400*time.Millisecond); took < 200*time.Millisecond || res.Usage.Wall != want {
					t.Errorf("it used %s of its wall clock in %s, want %s", res.Usage.Wall, took, want)
				}
				if told < 10 {
					t.Errorf("it was looked at %d times", told)
				}
			})
		})
	}
}

// An honest script that computes for long shares a process with many runs that never end. It is done in a time of which most does not count.
func TestHonestBesideSpinners(t *testing.T) {
	honest := newVM(t, `return { events = { MESSAGE_CREATE = function() local n = 0 for i = 1, 600000 do n = n + i % 7 end return n end } }`)
	in := input(t, `{}`, &world{})
	in.Limits.Wall = time.Minute
	var all turns.Turns
	ctx, cancel := context.WithCancel(t.Context())
	spinner := compile(t, `return { events = { MESSAGE_CREATE = function() while true do end end } }`)
	const spinners = 20
	done := make(chan error, spinners)
	for range spinners {
		go func() {
			v, err := New(spinner)
			for err == nil && ctx.Err() == nil {
				turn := all.Begin(ctx)
				in := input(nil, `{}`, &world{})
				in.Limits.Instructions = 1e12
				v.Run(turn, in)
				turn.End()
				v, err = New(spinner)
			}
			done <- err
		}()
	}
	turn := all.Begin(t.Context())
	begin := time.Now()
	res := honest.Run(turn, in)
	turn.End()
	cancel()
	if res.Failure != nil || res.Err != nil {
		t.Errorf("%+v %v", res.Failure, res.Err)
	}
	took := time.Since(begin)
	if res.Usage.Wall > took/2 {
		t.Errorf("%s of %s count", res.Usage.Wall, took)
	}
	t.Logf("%d instructions took %s, of which %s count", res.Usage.Instructions, took, res.Usage.Wall)
	for range spinners {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
