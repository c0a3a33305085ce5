package main_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/services/lab/internal/chaos"
	"antiraid/services/lab/internal/history"
)

// TestAShortChaosRefutesNothing attacks a real system in every way there is, and then shows that what was seen of it would not pass with
// anything amiss.
func TestAShortChaosRefutesNothing(t *testing.T) {
	cfg := chaos.Defaults()
	cfg.Seed, cfg.Duration, cfg.Drain, cfg.Workers, cfg.Tenants = 7, 15*time.Second, 30*time.Second, 1, 12
	r, seen, err := chaos.Attack(t.Context(), cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if !r.Clean() {
		t.Fatalf("refuted: %+v; logs are in %s", r, r.Dir)
	}
	os.RemoveAll(r.Dir)
	for _, k := range chaos.Kinds() {
		if r.Faults[k] == 0 {
			t.Errorf("there was no %s", k)
		}
	}
	if r.Events < 200 || r.Runs != r.Events || r.Effects != r.Events || r.Takeovers == 0 || r.Leaves == 0 {
		t.Errorf("too little was seen: %+v", r)
	}
	spoil(t, seen)
}

// spoil changes one thing of a real history at a time.
func spoil(t *testing.T, seen history.History) {
	middle := len(seen.Runs) / 2
	one := seen.Runs[middle]
	is := func(tenant string, number int) bool { return tenant == one.Tenant && number == one.Number }
	for name, tc := range map[string]struct {
		change func(*history.History)
		count  func(history.Verdict) int
	}{
		"a run is missing": {
			func(h *history.History) { h.Runs = slices.Delete(h.Runs, middle, middle+1) },
			func(v history.Verdict) int { return v.Lost },
		},
		"a run counted twice": {
			func(h *history.History) { h.Runs[middle].Left++; h.Runs[middle].Right++ },
			func(v history.Verdict) int { return v.TornWrites },
		},
		"a run wrote half": {
			func(h *history.History) { h.Runs[middle].Right-- },
			func(v history.Verdict) int { return v.TornWrites },
		},
		"a run came early": {
			func(h *history.History) { h.Runs[middle].Last-- },
			func(v history.Verdict) int { return v.Reordered },
		},
		"a run had an old version": {
			func(h *history.History) { h.Runs[middle].Version-- },
			func(v history.Verdict) int { return v.VersionRegressions },
		},
		"an effect is missing": {
			func(h *history.History) {
				h.Effects = slices.DeleteFunc(h.Effects, func(e history.Effect) bool { return is(e.Tenant, e.Number) })
			},
			func(v history.Verdict) int { return v.MissingEffects },
		},
		"an effect was performed twice": {
			func(h *history.History) {
				h.Effects = append(h.Effects, history.Effect{Tenant: one.Tenant, Number: one.Number})
			},
			func(v history.Verdict) int { return v.DuplicateEffects },
		},
		"an update was lost": {
			func(h *history.History) { whole, _, _ := strings.Cut(one.Tenant, "/"); h.Shared[whole]-- },
			func(v history.Verdict) int { return v.TornWrites },
		},
		"a key went back": {
			func(h *history.History) {
				h.States[one.Tenant] = history.State{Last: one.Last, Left: one.Left, Right: one.Right}
			},
			func(v history.Verdict) int { return v.TornWrites },
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := seen
			h.Runs, h.Effects, h.States, h.Shared = slices.Clone(seen.Runs), slices.Clone(seen.Effects), maps.Clone(seen.States), maps.Clone(seen.Shared)
			tc.change(&h)
			if v := history.Check(h); v.Clean() || tc.count(v) == 0 {
				t.Errorf("it was found to be %+v", v)
			}
		})
	}
}
