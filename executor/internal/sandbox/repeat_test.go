package sandbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// FuzzRepeat runs random programs: none breaks the machine, and each gives and costs the same on a new machine, on another, however the collector
// works, and on one that has run it before.
func FuzzRepeat(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		text := randomProgram(seed)
		p, failure := Compile("test", bundle.Revision{bundle.Entry: text})
		if failure != nil {
			return
		}
		var first string
		var v *VM
		for i, machine := range []string{"a new machine", "another", "the same again", "and again"} {
			if i < 2 || !v.Usable() {
				v, _ = New(p)
			}
			if i == 1 {
				defer debug.SetGCPercent(debug.SetGCPercent(10))
			}
			got, err := outcomeOf(v)
			if err != nil {
				t.Fatalf("seed %d:\n%s\n%v", seed, text, err)
			}
			if i == 0 {
				first = got
			} else if got != first {
				t.Fatalf("seed %d:\n%s\na new machine gives\n%s\n%s gives\n%s", seed, text, first, machine, got)
			}
		}
	})
}

// outcomeOf is all that a run gives, and costs.
func outcomeOf(v *VM) (string, error) {
	in := input(nil, typicalPayload, &world{answer: refusal})
	in.Limits.Instructions, in.Limits.Wall, in.Limits.Memory = 300_000, time.Minute, 12<<20
	res := v.Run(context.Background(), in)
	res.Usage.Wall = 0
	f := run.Failure{}
	if res.Failure != nil {
		f = *res.Failure
	}
	return fmt.Sprintf("%s %+v %+v %v", res.Reply, f, res.Usage, res.Log), res.Err
}

// Machines share programs and nothing else: side by side each gives what it gives alone. Run it with the race detector.
func TestMachinesSideBySide(t *testing.T) {
	type program struct {
		*Program
		alone string
	}
	var programs []program
	for seed := range uint64(60) {
		p, failure := Compile("test", bundle.Revision{bundle.Entry: randomProgram(1000 + seed)})
		if failure != nil {
			continue
		}
		v, _ := New(p)
		alone, err := outcomeOf(v)
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, program{p, alone})
	}
	var g errgroup.Group
	for range 4 {
		g.Go(func() error {
			for _, p := range programs {
				v, err := New(p.Program)
				if err != nil {
					return err
				}
				if got, err := outcomeOf(v); err != nil || got != p.alone {
					return fmt.Errorf("%w\nalone it gives\n%s\nbeside others\n%s", err, p.alone, got)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}
