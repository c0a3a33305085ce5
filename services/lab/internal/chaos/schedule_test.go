package chaos

import (
	"slices"
	"testing"
	"time"
)

func plan(seed uint64, d time.Duration) Plan {
	return Plan{Seed: seed, Duration: d, Executors: 3, Workers: 2, RESTs: 2, Tenants: 20}
}

func TestASeedMakesOneSchedule(t *testing.T) {
	first := Schedule(plan(1, time.Minute))
	if !slices.Equal(first, Schedule(plan(1, time.Minute))) {
		t.Error("the same seed made another schedule")
	}
	if slices.Equal(first, Schedule(plan(2, time.Minute))) {
		t.Error("another seed made the same schedule")
	}
}

// Whatever the seed: times grow, nothing lasts beyond the end, one target has one fault at a time, and a minute has every kind.
func TestEverySchedule(t *testing.T) {
	for seed := range uint64(200) {
		faults := Schedule(plan(seed, time.Minute))
		had := map[Kind]bool{}
		type one struct {
			on     target
			number int
		}
		until := map[one]time.Duration{}
		var last time.Duration
		for _, f := range faults {
			on := one{attacks[f.Kind].on, f.Target}
			if f.At <= last || f.At+f.For > time.Minute || f.At < until[on] {
				t.Fatalf("seed %d: %s, after %s, while its target is busy until %s", seed, f, last, until[on])
			}
			had[f.Kind], last, until[on] = true, f.At, f.At+f.For
		}
		if len(had) != len(kinds) {
			t.Errorf("seed %d: %d of %d kinds", seed, len(had), len(kinds))
		}
	}
}
