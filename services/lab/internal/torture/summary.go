package torture

import (
	"fmt"
	"slices"
	"time"

	"antiraid/shared/run"
)

// Script is what one script came to in its first attack. Reasons and restarts are those of all.
type Script struct {
	File     string      `json:"file"`
	Outcome  run.Outcome `json:"outcome"`    // the worst of its runs; refused: it cannot be deployed and did nothing
	Budget   string      `json:"budget"`     // that was spent
	WallMS   int64       `json:"wall_ms"`    // longest run; of runs without a record: a bound
	Elapsed  int64       `json:"elapsed_ms"` // longest run by the clock, with what it was made to wait for others
	PeakMB   int64       `json:"peak_mb"`
	Restarts int         `json:"worker_restarts"` // while it attacked
	Deploy   string      `json:"deploy"`          // accepted, or why not
	Reasons  []string    `json:"reasons,omitempty"`
}

// severity orders outcomes: a script's is the worst of its runs.
var severity = []run.Outcome{run.OK, run.Error, run.Denied, run.Budget, run.Timeout, run.Quarantined}

// refused is the outcome of a script that cannot be deployed and did nothing else.
const refused run.Outcome = "refused"

// details are what each script came to.
func (j *judge) details() {
	results := j.report.Results
	for _, a := range j.Attacks {
		at := slices.IndexFunc(results, func(s Script) bool { return s.File == a.File })
		if at < 0 {
			at, results = len(results), append(results, summary(a))
		}
		for _, end := range j.Restarts {
			if !end.Before(a.Began) && !end.After(a.Ended) {
				results[at].Restarts++
			}
		}
	}
	for i := range results {
		s := &results[i]
		s.Reasons = j.against[s.File]
		if len(s.Reasons) > 0 {
			j.report.Uncontained++
		} else {
			j.report.Contained++
		}
		if len(s.Reasons) > 5 {
			s.Reasons = append(slices.Clone(s.Reasons[:5]), fmt.Sprintf("and %d more", len(s.Reasons)-5))
		}
	}
	j.report.Scripts, j.report.Results = len(results), results
}

// summary is what a script came to in one attack.
func summary(a *Attack) Script {
	s := Script{File: a.File, Outcome: run.OK, Deploy: "accepted", PeakMB: a.Grew >> 20}
	for _, r := range a.Runs {
		s.Elapsed = max(s.Elapsed, milliseconds(r.Elapsed))
		s.WallMS, s.PeakMB = max(s.WallMS, milliseconds(r.Took)), max(s.PeakMB, r.Memory>>20)
		if slices.Index(severity, r.Outcome) >= slices.Index(severity, s.Outcome) {
			s.Outcome, s.Budget = r.Outcome, r.Budget
		}
	}
	most := milliseconds(silent(a))
	s.WallMS, s.Elapsed = max(s.WallMS, most), max(s.Elapsed, most)
	switch {
	case a.Mute != "":
		s.Deploy = "no answer: " + a.Mute
	case a.Refused != "":
		s.Deploy = "refused: " + a.Refused
		if s.Outcome == run.Error || a.Began.IsZero() {
			s.Outcome = refused
		}
	}
	return s
}

// silent is what the longest of the runs took at most that left no record: they ended well and did nothing. Such a run began after its event
// was sent and the checking template's run for the event before had ended, and had ended when that template's run behind it began.
func silent(a *Attack) (longest time.Duration) {
	for i, e := range a.Events {
		if e.From.IsZero() || slices.ContainsFunc(a.Runs, func(r Run) bool { return r.N == e.N }) {
			continue
		}
		began := e.Sent
		if i > 0 && a.Events[i-1].To.After(began) {
			began = a.Events[i-1].To
		}
		longest = max(longest, e.From.Sub(began))
	}
	return longest
}

// milliseconds rounds up: 0 is for what did not run.
func milliseconds(d time.Duration) int64 { return int64((d + time.Millisecond - 1) / time.Millisecond) }
