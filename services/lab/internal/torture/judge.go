package torture

import (
	"fmt"
	"slices"
	"time"

	"antiraid/shared/run"
)

// What is called contained.
const (
	late      = 250 * time.Millisecond // a victim's record after its event was sent
	overshoot = 250 * time.Millisecond // a run beyond its wall clock
	excused   = 4                      // times its wall clock that a run may be made to wait for others
	// A worker may grow by this much for each script that attacks: a run's memory, as much garbage before it is collected, and room.
	memoryEach = 2*(32<<20) + 32<<20
	memoryRoom = 64 << 20
)

// Script is what one script came to.
type Script struct {
	File     string      `json:"file"`
	Outcome  run.Outcome `json:"outcome"`    // the worst of its runs; refused: all failed, and it would not have been deployed
	Budget   string      `json:"budget"`     // that was spent
	WallMS   int64       `json:"wall_ms"`    // longest run
	Elapsed  int64       `json:"elapsed_ms"` // longest run by the clock, with what it was made to wait for others
	PeakMB   int64       `json:"peak_mb"`
	Restarts int         `json:"worker_restarts"` // while it attacked
	Deploy   string      `json:"deploy"`          // accepted, or why not
	Reasons  []string    `json:"reasons,omitempty"`
}

// Report is what the attacks came to.
type Report struct {
	Scripts     int `json:"scripts"`
	Contained   int `json:"contained"`
	Uncontained int `json:"uncontained"`
	Restarts    int `json:"worker_restarts"`

	IdleP99     int64   `json:"victim_p99_idle_us"`
	AttackedP99 int64   `json:"victim_p99_attacked_us"`
	Ratio       float64 `json:"ratio"`
	IdleP50     int64   `json:"victim_p50_idle_us"`
	AttackedP50 int64   `json:"victim_p50_attacked_us"`
	Worst       int64   `json:"victim_max_attacked_us"`

	VictimEvents int `json:"victim_events"`
	Lost         int `json:"victim_lost"`
	Reordered    int `json:"victim_reordered"`
	Late         int `json:"victim_late"`
	StateLeaks   int `json:"state_leaks"`

	Reasons []string `json:"reasons"` // why anything is uncontained, at most 50
	Results []Script `json:"results"`
}

// Clean reports whether everything was contained.
func (r *Report) Clean() bool { return r.Uncontained == 0 && len(r.Reasons) == 0 }

// Judge finds out what was contained. What happens to a victim is held against every script that attacked at that time.
func Judge(o *Observations) *Report {
	j := &judge{Observations: o, report: &Report{Scripts: len(o.Attacks), Restarts: len(o.Restarts), Reasons: []string{}}, against: map[*Attack][]string{}}
	j.victims()
	for _, a := range o.Attacks {
		j.script(a)
	}
	for _, at := range o.Restarts {
		if len(j.attackers(at, at)) == 0 {
			j.fault(fmt.Sprintf("a worker ended at %s, when nobody attacked", at.Format(time.TimeOnly)))
		}
	}
	if o.Ended {
		j.fault("the supervisor ended")
	}
	j.latency()
	j.details()
	return j.report
}

type judge struct {
	*Observations
	report  *Report
	against map[*Attack][]string
}

// fault says why, and holds it against the attacks.
func (j *judge) fault(why string, by ...*Attack) {
	for _, a := range by {
		j.against[a] = append(j.against[a], why)
	}
	if len(by) == 1 {
		why = by[0].File + ": " + why
	}
	if len(j.report.Reasons) < 50 {
		j.report.Reasons = append(j.report.Reasons, why)
	}
}

// attackers are the attacks that overlap a stretch of time.
func (j *judge) attackers(from, to time.Time) (out []*Attack) {
	for _, a := range j.Attacks {
		if !a.Began.After(to) && !a.Ended.Before(from) {
			out = append(out, a)
		}
	}
	return out
}

func (j *judge) victims() {
	for _, e := range j.Victims {
		j.report.VictimEvents++
		name := fmt.Sprintf("event %d of victim %s", e.N, e.Tenant)
		end := e.Done
		if end.IsZero() {
			end = e.Sent.Add(late)
		}
		beside := j.attackers(e.Sent, end)
		switch took := e.Done.Sub(e.Sent); {
		case e.Done.IsZero():
			j.report.Lost++
			j.fault(name+" was lost", beside...)
			continue
		case took > late && len(beside) > 0:
			j.report.Late++
			j.fault(fmt.Sprintf("%s took %s", name, took.Round(time.Millisecond)), beside...)
		}
		if e.Last != e.N-1 {
			j.report.Reordered++
			j.fault(fmt.Sprintf("%s followed event %d", name, e.Last), beside...)
		}
		if e.Odd != "" {
			j.report.StateLeaks++
			j.fault(name+": "+e.Odd, beside...)
		}
	}
}

// script judges what a script did by itself, and to its own tenant's other template.
func (j *judge) script(a *Attack) {
	if a.Mute != "" {
		j.fault("nobody answered whether it can be deployed: "+a.Mute, a)
	}
	for _, e := range a.Events {
		switch {
		case e.Done.IsZero():
			j.fault(fmt.Sprintf("its event %d did not come to an end", e.N), a)
			continue
		case e.Last != e.N-1:
			j.fault(fmt.Sprintf("its event %d followed event %d", e.N, e.Last), a)
		}
		if e.Odd != "" {
			j.report.StateLeaks++
			j.fault(fmt.Sprintf("the template behind it: event %d: %s", e.N, e.Odd), a)
		}
	}
	for _, r := range a.Runs {
		if most := (1+excused)*limits().Wall + overshoot; r.Elapsed > most {
			j.fault(fmt.Sprintf("it was there for %s by the clock, at most %s is promised", r.Elapsed.Round(time.Millisecond), most), a)
		}
		if r.Took > limits().Wall+overshoot {
			j.fault(fmt.Sprintf("it ran for %s, the limit is %s", r.Took.Round(time.Millisecond), limits().Wall), a)
		}
		if r.Memory > limits().Memory+limits().Memory/4 {
			j.fault(fmt.Sprintf("it held %d MB, the limit is %d", r.Memory>>20, limits().Memory>>20), a)
		}
		if r.Leak != "" {
			j.report.StateLeaks++
			j.fault(r.Leak, a)
		}
	}
	if bound := int64(j.AtOnce)*memoryEach + memoryRoom; a.Grew > bound {
		j.fault(fmt.Sprintf("a worker grew by %d MB, for %d scripts at once at most %d are in order", a.Grew>>20, j.AtOnce, bound>>20), a)
	}
}

func (j *judge) latency() {
	idle, attacked := latencies(j.Victims, j.Idle), latencies(j.Victims, j.Attacked)
	r := j.report
	r.IdleP50, r.IdleP99 = quantile(idle, 0.5), quantile(idle, 0.99)
	r.AttackedP50, r.AttackedP99, r.Worst = quantile(attacked, 0.5), quantile(attacked, 0.99), quantile(attacked, 1)
	if r.IdleP99 > 0 {
		r.Ratio = float64(r.AttackedP99) / float64(r.IdleP99)
	}
}

// latencies are those of the events sent in a window, sorted.
func latencies(events []Event, w Window) (out []time.Duration) {
	for _, e := range events {
		if w.Has(e.Sent) && !e.Done.IsZero() {
			out = append(out, e.Done.Sub(e.Sent))
		}
	}
	slices.Sort(out)
	return out
}

// quantile is in microseconds, 0 for none.
func quantile(sorted []time.Duration, q float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Microseconds()
}

func (j *judge) details() {
	for _, a := range j.Attacks {
		s := summary(a)
		for _, at := range j.Restarts {
			if !at.Before(a.Began) && !at.After(a.Ended) {
				s.Restarts++
			}
		}
		s.Reasons = j.against[a]
		if len(s.Reasons) > 0 {
			j.report.Uncontained++
		} else {
			j.report.Contained++
		}
		if len(s.Reasons) > 5 {
			s.Reasons = append(slices.Clone(s.Reasons[:5]), fmt.Sprintf("and %d more", len(s.Reasons)-5))
		}
		j.report.Results = append(j.report.Results, s)
	}
}

// severity orders outcomes: a script's is the worst of its runs.
var severity = []run.Outcome{run.OK, run.Error, run.Denied, run.Budget, run.Timeout, run.Quarantined}

// refused is the outcome of a script that cannot be deployed and did nothing else.
const refused run.Outcome = "refused"

// summary is what a script came to. A run that ended well and did nothing leaves no record.
func summary(a *Attack) Script {
	s := Script{File: a.File, Outcome: run.OK, Deploy: "accepted", PeakMB: a.Grew >> 20}
	for _, r := range a.Runs {
		s.Elapsed = max(s.Elapsed, r.Elapsed.Milliseconds())
		s.WallMS, s.PeakMB = max(s.WallMS, r.Took.Milliseconds()), max(s.PeakMB, r.Memory>>20)
		if slices.Index(severity, r.Outcome) >= slices.Index(severity, s.Outcome) {
			s.Outcome, s.Budget = r.Outcome, r.Budget
		}
	}
	switch {
	case a.Mute != "":
		s.Deploy = "no answer: " + a.Mute
	case a.Refused != "":
		s.Deploy = "refused: " + a.Refused
		if s.Outcome == run.Error {
			s.Outcome = refused
		}
	}
	return s
}
