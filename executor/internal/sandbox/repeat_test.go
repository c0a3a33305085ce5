package sandbox

import (
	"fmt"
	"runtime/debug"
	"testing"
	"time"

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
			got := outcomeOf(t, v)
			if i == 0 {
				first = got
			} else if got != first {
				t.Fatalf("seed %d:\n%s\na new machine gives\n%s\n%s gives\n%s", seed, text, first, machine, got)
			}
		}
	})
}

// outcomeOf is all that a run gives, and costs.
func outcomeOf(t *testing.T, v *VM) string {
	in := input(t, typicalPayload, &world{answer: refusal})
	in.Limits.Instructions, in.Limits.Wall, in.Limits.Memory = 300_000, time.Minute, 12<<20
	res := v.Run(t.Context(), in)
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	res.Usage.Wall = 0
	f := run.Failure{}
	if res.Failure != nil {
		f = *res.Failure
	}
	return fmt.Sprintf("%s %+v %+v %v", res.Reply, f, res.Usage, res.Log)
}
