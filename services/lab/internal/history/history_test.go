package history_test

import (
	"testing"

	"antiraid/services/lab/internal/history"
)

// good is a history without faults: two tenants, one of them with two flows, four events each, a deploy in the middle.
func good() history.History {
	h := history.History{States: map[string]history.State{}, Shared: map[string]int{"g-1": 8, "u-2": 4}, Deploys: []history.Deploy{
		{Tenant: "g-1", Version: 1}, {Tenant: "u-2", Version: 1}, {Tenant: "g-1", Version: 2, After: 2}, {Tenant: "u-2", Version: 2, After: 3},
	}}
	for n := 1; n <= 4; n++ {
		for _, t := range []string{"g-1", "u-2", "g-1/clicks"} {
			h.Events = append(h.Events, history.Event{Tenant: t, Number: n})
			h.Runs = append(h.Runs, history.Run{Tenant: t, Number: n, Last: n - 1, Left: n, Right: n, Version: uint64(1 + n/3), Source: uint64(1 + n/3)})
			h.Effects = append(h.Effects, history.Effect{Tenant: t, Number: n})
			h.States[t] = history.State{Last: n, Left: n, Right: n}
		}
	}
	return h
}

func TestTheCheckerCanFail(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*history.History)
		count func(history.Verdict) int
	}{
		"lost":               {func(h *history.History) { h.Runs = append(h.Runs[:2], h.Runs[3:]...) }, func(v history.Verdict) int { return v.Lost }},
		"reordered":          {func(h *history.History) { h.Runs[2].Last, h.Runs[4].Last = 2, 0 }, func(v history.Verdict) int { return v.Reordered }},
		"torn":               {func(h *history.History) { h.Runs[3].Right-- }, func(v history.Verdict) int { return v.TornWrites }},
		"applied twice":      {func(h *history.History) { h.Runs[5].Left++; h.Runs[5].Right++ }, func(v history.Verdict) int { return v.TornWrites }},
		"torn in the end":    {func(h *history.History) { h.States["g-1"] = history.State{Last: 4, Left: 4, Right: 3} }, func(v history.Verdict) int { return v.TornWrites }},
		"update lost":        {func(h *history.History) { h.Shared["g-1"]-- }, func(v history.Verdict) int { return v.TornWrites }},
		"state lost":         {func(h *history.History) { delete(h.States, "u-2") }, func(v history.Verdict) int { return v.TornWrites }},
		"duplicate effect":   {func(h *history.History) { h.Effects = append(h.Effects, h.Effects[1]) }, func(v history.Verdict) int { return v.DuplicateEffects }},
		"missing effect":     {func(h *history.History) { h.Effects = h.Effects[1:] }, func(v history.Verdict) int { return v.MissingEffects }},
		"version regression": {func(h *history.History) { h.Runs[9].Version, h.Runs[9].Source = 1, 1 }, func(v history.Verdict) int { return v.VersionRegressions }},
		"mixed versions":     {func(h *history.History) { h.Runs[6].Source = 1 }, func(v history.Verdict) int { return v.VersionRegressions }},
		"stale version":      {func(h *history.History) { h.Deploys[2].After = 1 }, func(v history.Verdict) int { return v.VersionRegressions }},
		"failed": {func(h *history.History) {
			h.Runs = append(h.Runs[:9], h.Runs[10:]...)
			h.Failures = []history.Failure{{Tenant: "g-1", Number: 4, Reason: "timeout"}}
		}, func(v history.Verdict) int { return v.Lost }},
		"reordered effects": {func(h *history.History) { h.Effects[6], h.Effects[9] = h.Effects[9], h.Effects[6] }, func(v history.Verdict) int { return v.Reordered }},
	} {
		t.Run(name, func(t *testing.T) {
			h := good()
			tc.spoil(&h)
			if v := history.Check(h); v.Clean() || tc.count(v) == 0 || len(v.Examples) == 0 {
				t.Errorf("the broken history was found to be %+v", v)
			}
		})
	}
	if v := history.Check(good()); !v.Clean() || v.Events != 12 {
		t.Errorf("a history without faults was found to be %+v", v)
	}
}
