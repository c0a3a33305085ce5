package deploybench_test

import (
	"slices"
	"strings"
	"testing"

	"antiraid/services/lab/internal/deploybench"
	"antiraid/shared/tenant"
)

func guild(t *testing.T, n uint64) tenant.ID {
	t.Helper()
	id, err := tenant.New(tenant.Guild, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestTheJudgeFindsEachFault changes one run of a history that is as it should be.
func TestTheJudgeFindsEachFault(t *testing.T) {
	one, two := guild(t, 1), guild(t, 2)
	deploys := []deploybench.Deployed{
		{Tenant: one, Version: 1, Template: "a", Number: 101, Startup: 10},
		{Tenant: one, Version: 2, Template: "b", Number: 102, Startup: 20},
		{Tenant: one, Version: 4, Template: "b", Number: 104, Startup: 40}, // answered out of order
		{Tenant: one, Version: 3, Template: "a", Number: 103, Startup: 30},
		{Tenant: two, Version: 1, Template: "a", Number: 201, Startup: 11},
	}
	runs := []deploybench.Run{
		{Tenant: one, Seq: 10, Template: "a", Version: 1, Numbers: []int{101, 101}},
		{Tenant: one, Seq: 20, Template: "a", Version: 2, Numbers: []int{101, 101}},
		{Tenant: one, Seq: 20, Template: "b", Version: 2, Numbers: []int{102, 102}},
		{Tenant: one, Seq: 29, Template: "a", Version: 3, Numbers: []int{103, 103}}, // new before it is announced
		{Tenant: one, Seq: 29, Template: "b", Version: 3, Numbers: []int{102, 102}},
		{Tenant: one, Seq: 35, Template: "a", Version: 3, Numbers: []int{103, 103}},
		{Tenant: one, Seq: 35, Template: "b", Version: 3, Numbers: []int{102, 102}},
		{Tenant: one, Seq: 41, Template: "a", Version: 4, Numbers: []int{103, 103}},
		{Tenant: one, Seq: 41, Template: "b", Version: 4, Numbers: []int{104, 104}},
		{Tenant: two, Seq: 50, Template: "a", Version: 1, Numbers: []int{201, 201}},
	}
	if v := deploybench.Judge(deploys, slices.Clone(runs)); !v.Clean() || len(v.Reasons) > 0 {
		t.Fatalf("a good history: %+v", v)
	}
	for name, tc := range map[string]struct {
		change                    func(runs []deploybench.Run)
		mixed, regressions, stale int
		says                      string
	}{
		"one file of another version":    {func(runs []deploybench.Run) { runs[8].Numbers[1] = 102 }, 1, 0, 0, "carried [104 102], want 104"},
		"all files of another version":   {func(runs []deploybench.Run) { runs[5].Numbers = []int{101, 101} }, 1, 0, 0, "carried [101 101], want 103"},
		"files of another tenant":        {func(runs []deploybench.Run) { runs[9].Numbers = []int{101, 101} }, 1, 0, 0, "of g-2 for event 50"},
		"no files":                       {func(runs []deploybench.Run) { runs[5].Numbers = nil }, 1, 0, 0, "carried []"},
		"a template that was not there":  {func(runs []deploybench.Run) { runs[0].Template = "b" }, 1, 0, 0, "no such template"},
		"a version that never was":       {func(runs []deploybench.Run) { runs[9].Version = 7 }, 1, 0, 0, "no such template"},
		"two versions in one event":      {func(runs []deploybench.Run) { runs[4].Version = 2 }, 1, 0, 0, "first run had version 3"},
		"an older version than before":   {func(runs []deploybench.Run) { runs[5].Seq, runs[6].Seq = 28, 28; back(runs[3:5]) }, 0, 2, 0, "earlier event ran with version 3"},
		"an older version than in force": {func(runs []deploybench.Run) { runs[3].Seq, runs[4].Seq = 30, 30; back(runs[3:5]) }, 0, 0, 2, "version 3 was in force"},
		"an older version in both ways":  {func(runs []deploybench.Run) { runs[7].Seq, runs[8].Seq = 36, 36; runs[5].Seq, runs[6].Seq = 42, 42 }, 0, 2, 2, "version 4 was in force"},
	} {
		t.Run(name, func(t *testing.T) {
			history := slices.Clone(runs)
			for i := range history {
				history[i].Numbers = slices.Clone(history[i].Numbers)
			}
			tc.change(history)
			v := deploybench.Judge(slices.Clone(deploys), history)
			if v.Mixed != tc.mixed || v.Regressions != tc.regressions || v.Stale != tc.stale || v.Clean() {
				t.Errorf("%+v, want %d mixed, %d regressions, %d stale", v, tc.mixed, tc.regressions, tc.stale)
			}
			if !strings.Contains(strings.Join(v.Reasons, "\n"), tc.says) {
				t.Errorf("%q does not say %q", v.Reasons, tc.says)
			}
		})
	}
}

// back gives the runs of both templates version 2 and what it holds.
func back(runs []deploybench.Run) {
	runs[0].Version, runs[0].Numbers = 2, []int{101, 101}
	runs[1].Version, runs[1].Numbers = 2, []int{102, 102}
}
