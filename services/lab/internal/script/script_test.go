package script_test

import (
	"testing"
	"time"

	"antiraid/services/lab/internal/script"
)

// The figures themselves are for the command: here only what holds on any machine.
func TestMeasure(t *testing.T) {
	r, err := script.Measure(t.Context(), script.Config{Rounds: 9, Slot: 4 * time.Millisecond}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	for name, us := range map[string]float64{"bare": r.Bare, "unmetered": r.Unmetered, "warm": r.Warm, "dirty": r.Dirty, "cold": r.Cold, "naive": r.Naive} {
		if us < 0.5 || us > 1e5 {
			t.Errorf("%s took %.3f µs: that was no run", name, us)
		}
	}
	if r.Cold < r.Warm || r.Naive < r.Bare || r.Dirty < r.Warm || r.NaiveOverWarm < 2 {
		t.Errorf("loading the template cost nothing: %+v", r)
	}
}
