package torture_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/services/lab/internal/torture"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

var begin = time.Unix(1_700_000_000, 0)

func at(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }

func guild(t *testing.T, n uint64) tenant.ID {
	t.Helper()
	id, err := tenant.New(tenant.Guild, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// good is ten seconds with one victim, alone in the first five; then a.lua attacks, then b.lua. Nobody does harm.
func good(t *testing.T) *torture.Observations {
	o := &torture.Observations{AtOnce: 1, Idle: torture.Window{From: at(0), To: at(5000)}, Attacked: torture.Window{From: at(5000), To: at(10000)}}
	for n := range 100 {
		took := 2
		if n >= 50 {
			took = 6
		}
		o.Victims = append(o.Victims, torture.Event{Tenant: guild(t, 1), N: n + 1, Last: n, Sent: at(100 * n), Done: at(100*n + took)})
	}
	for i, file := range []string{"a.lua", "b.lua"} {
		a := &torture.Attack{File: file, Began: at(5000 + 2500*i), Ended: at(7499 + 2500*i), Grew: 40 << 20}
		for n := range 10 {
			a.Events = append(a.Events, torture.Event{Tenant: guild(t, uint64(2+i)), N: n + 1, Last: n, Sent: a.Began, Done: a.Ended})
			a.Runs = append(a.Runs, torture.Run{N: n + 1, Outcome: run.Budget, Budget: "memory", Took: 240 * time.Millisecond, Memory: 33 << 20})
		}
		o.Attacks = append(o.Attacks, a)
	}
	return o
}

func TestJudgeFindsNothingInGoodObservations(t *testing.T) {
	r := torture.Judge(good(t))
	if !r.Clean() || r.Contained != 2 || r.Scripts != 2 || r.VictimEvents != 100 {
		t.Errorf("got %+v", r)
	}
	if r.IdleP99 != 2000 || r.AttackedP99 != 6000 || r.Ratio != 3 {
		t.Errorf("p99 %d and %d, ratio %g; want 2000, 6000 and 3", r.IdleP99, r.AttackedP99, r.Ratio)
	}
	s := r.Results[0]
	if s.File != "a.lua" || s.Outcome != run.Budget || s.Budget != "memory" || s.WallMS != 240 || s.PeakMB != 40 || s.Deploy != "accepted" {
		t.Errorf("got %+v", s)
	}
}

func TestJudgeFindsEachKindOfHarm(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*torture.Observations)
		by    string // who is not contained; empty: nobody in particular
		why   string
	}{
		"lost":            {func(o *torture.Observations) { o.Victims[60].Done = time.Time{} }, "a.lua", "was lost"},
		"late":            {func(o *torture.Observations) { o.Victims[80].Done = at(8000 + 251) }, "b.lua", "took 251ms"},
		"reordered":       {func(o *torture.Observations) { o.Victims[80].Last = 82 }, "b.lua", "followed event 82"},
		"globals":         {func(o *torture.Observations) { o.Victims[60].Odd = "its world changed" }, "a.lua", "its world changed"},
		"own other world": {func(o *torture.Observations) { o.Attacks[1].Events[3].Odd = "string" }, "b.lua", "string"},
		"secret":          {func(o *torture.Observations) { o.Attacks[0].Runs[2].Leak = "a victim's secret" }, "a.lua", "a victim's secret"},
		"no end":          {func(o *torture.Observations) { o.Attacks[0].Events[9].Done = time.Time{} }, "a.lua", "did not come to an end"},
		"own order":       {func(o *torture.Observations) { o.Attacks[0].Events[5].Last = 3 }, "a.lua", "followed event 3"},
		"clock":           {func(o *torture.Observations) { o.Attacks[1].Runs[0].Elapsed = 10300 * time.Millisecond }, "b.lua", "it was there for 10.3s"},
		"wall":            {func(o *torture.Observations) { o.Attacks[1].Runs[0].Took = 2300 * time.Millisecond }, "b.lua", "it ran for 2.3s"},
		"memory":          {func(o *torture.Observations) { o.Attacks[1].Runs[0].Memory = 50 << 20 }, "b.lua", "it held 50 MB"},
		"resident memory": {func(o *torture.Observations) { o.Attacks[0].Grew = 600 << 20 }, "a.lua", "grew by 600 MB"},
		"mute":            {func(o *torture.Observations) { o.Attacks[0].Mute = "timeout" }, "a.lua", "nobody answered"},
		"supervisor":      {func(o *torture.Observations) { o.Ended = true }, "", "supervisor"},
		"worker, alone":   {func(o *torture.Observations) { o.Restarts = append(o.Restarts, at(1000)) }, "", "a worker ended"},
		"not measured":    {func(o *torture.Observations) { o.Attacked.To = o.Attacked.From }, "", "nothing was measured"},
		"harm by again": {func(o *torture.Observations) {
			o.Attacks = append(o.Attacks, &torture.Attack{File: "a.lua", Began: at(9900), Ended: at(9950), Mute: "timeout"})
		}, "a.lua", "nobody answered"},
		"lost, alone": {func(o *torture.Observations) { o.Victims[10].Done = time.Time{} }, "", "was lost"},
	} {
		t.Run(name, func(t *testing.T) {
			o := good(t)
			tc.spoil(o)
			r := torture.Judge(o)
			if r.Clean() || !slices.ContainsFunc(r.Reasons, func(why string) bool { return strings.Contains(why, tc.why) }) {
				t.Errorf("got reasons %q, want one with %q", r.Reasons, tc.why)
			}
			for _, s := range r.Results {
				if guilty := len(s.Reasons) > 0; guilty != (s.File == tc.by) {
					t.Errorf("%s: %q", s.File, s.Reasons)
				}
			}
			if want := map[bool]int{true: 0, false: 1}[tc.by == ""]; r.Uncontained != want || r.Contained != 2-want {
				t.Errorf("%d contained and %d not, want %d not", r.Contained, r.Uncontained, want)
			}
		})
	}
}

// A late event with nobody attacking is the machine's fault; a worker that ends while a script attacks is told with the script.
func TestJudgeTellsApart(t *testing.T) {
	o := good(t)
	o.Victims[3].Done = at(300 + 900)
	o.Restarts = append(o.Restarts, at(6000))
	o.Attacks[1].Refused = "no table"
	for i := range o.Attacks[1].Runs {
		o.Attacks[1].Runs[i].Outcome, o.Attacks[1].Runs[i].Budget = run.Error, ""
	}
	r := torture.Judge(o)
	if !r.Clean() || r.Restarts != 1 || r.Results[0].Restarts != 1 || r.Results[1].Restarts != 0 {
		t.Errorf("got %+v", r)
	}
	if s := r.Results[1]; s.Outcome != "refused" || s.Deploy != "refused: no table" {
		t.Errorf("got %+v", s)
	}
}

// A script's figures are those of its first attack, restarts and harm those of all. One that was not sent is blamed for nothing.
func TestJudgeKeepsAScriptsAttacksTogether(t *testing.T) {
	o := good(t)
	o.Attacks = append(o.Attacks,
		&torture.Attack{File: "large.lua", Refused: "too large"},
		&torture.Attack{File: "a.lua", Began: at(10000), Ended: at(10100), Runs: []torture.Run{{N: 1, Outcome: run.Timeout, Took: 2 * time.Second}}},
	)
	o.Restarts = append(o.Restarts, at(6000), at(10050))
	o.Victims[80].Done = time.Time{}
	r := torture.Judge(o)
	if r.Scripts != 3 || len(r.Results) != 3 || r.Contained != 2 || r.Uncontained != 1 {
		t.Fatalf("got %+v", r)
	}
	if s := r.Results[0]; s.File != "a.lua" || s.Outcome != run.Budget || s.WallMS != 240 || s.Restarts != 2 {
		t.Errorf("got %+v", s)
	}
	if s := r.Results[2]; s.File != "large.lua" || s.Outcome != "refused" || s.Deploy != "refused: too large" || len(s.Reasons)+s.Restarts > 0 {
		t.Errorf("got %+v", s)
	}
}

// A corpus of which nothing can be sent attacks nobody, so there is nothing to measure.
func TestJudgeOfACorpusThatIsRefused(t *testing.T) {
	o := good(t)
	o.Attacked, o.Victims = torture.Window{}, o.Victims[:50]
	o.Attacks = []*torture.Attack{{File: "large.lua", Refused: "too large"}}
	if r := torture.Judge(o); !r.Clean() || r.Contained != 1 || r.Ratio != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestJudgeBoundsRunsWithoutARecord(t *testing.T) {
	sent := func(n, from, to int) torture.Event {
		return torture.Event{N: n, Last: n - 1, Sent: at(5000), From: at(from), To: at(to), Done: at(to)}
	}
	o := good(t)
	a := o.Attacks[0]
	a.Runs = a.Runs[:1] // of event 1
	a.Events = []torture.Event{sent(1, 5900, 5910), sent(2, 6210, 6300), sent(3, 6310, 6320)}
	o.Attacks[1].Runs, o.Attacks[1].Events = nil, []torture.Event{{N: 1, Sent: at(8000), From: at(8000).Add(time.Microsecond), Done: at(8001)}}
	r := torture.Judge(o)
	if s := r.Results[0]; s.WallMS != 300 || s.Elapsed != 300 {
		t.Errorf("got %d and %d ms, want 300: the second event's run", s.WallMS, s.Elapsed)
	}
	if s := r.Results[1]; s.WallMS != 1 || s.Outcome != run.OK {
		t.Errorf("got %d ms, %s; a run takes some time", s.WallMS, s.Outcome)
	}
}
