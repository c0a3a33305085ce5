package torture

import (
	"fmt"
	"slices"
	"time"

	"antiraid/services/lab/internal/quantile"

	"antiraid/shared/run"
)

// What is called contained.
const (
	late       = 250 * time.Millisecond // a victim's record after its event was sent
	overshoot  = 250 * time.Millisecond // a run beyond its wall clock
	memoryRoom = 64 << 20
)

// memoryEach is by how much a worker may grow for each script that attacks: a run's memory, as much garbage before it is collected, and room.
func memoryEach() int64 { return 3 * limits().Memory }

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
	j := &judge{Observations: o, report: &Report{Restarts: len(o.Restarts), Reasons: []string{}, Results: []Script{}}, against: map[string][]string{}}
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
	against map[string][]string // by file
}

// fault says why, and holds it against files.
func (j *judge) fault(why string, by ...string) {
	for _, file := range by {
		j.against[file] = append(j.against[file], why)
	}
	if len(by) == 1 {
		why = by[0] + ": " + why
	}
	if len(j.report.Reasons) < 50 {
		j.report.Reasons = append(j.report.Reasons, why)
	}
}

// attackers are the files whose attacks overlap a stretch of time.
func (j *judge) attackers(from, to time.Time) (files []string) {
	for _, a := range j.Attacks {
		if !a.Began.After(to) && !a.Ended.Before(from) && !slices.Contains(files, a.File) {
			files = append(files, a.File)
		}
	}
	return files
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
		j.fault("nobody answered whether it can be deployed: "+a.Mute, a.File)
	}
	for _, e := range a.Events {
		switch {
		case e.Done.IsZero():
			j.fault(fmt.Sprintf("its event %d did not come to an end", e.N), a.File)
			continue
		case e.Last != e.N-1:
			j.fault(fmt.Sprintf("its event %d followed event %d", e.N, e.Last), a.File)
		}
		if e.Odd != "" {
			j.report.StateLeaks++
			j.fault(fmt.Sprintf("the template behind it: event %d: %s", e.N, e.Odd), a.File)
		}
	}
	for _, r := range a.Runs {
		if most := (1+run.Excusable)*limits().Wall + overshoot; r.Elapsed > most {
			j.fault(fmt.Sprintf("it was there for %s by the clock, at most %s is promised", r.Elapsed.Round(time.Millisecond), most), a.File)
		}
		if r.Took > limits().Wall+overshoot {
			j.fault(fmt.Sprintf("it ran for %s, the limit is %s", r.Took.Round(time.Millisecond), limits().Wall), a.File)
		}
		if r.Memory > limits().Memory+limits().Memory/4 {
			j.fault(fmt.Sprintf("it held %d MB, the limit is %d", r.Memory>>20, limits().Memory>>20), a.File)
		}
		if r.Leak != "" {
			j.report.StateLeaks++
			j.fault(r.Leak, a.File)
		}
	}
	if bound := int64(j.AtOnce)*memoryEach() + memoryRoom; a.Grew > bound {
		j.fault(fmt.Sprintf("a worker grew by %d MB, for %d scripts at once at most %d are in order", a.Grew>>20, j.AtOnce, bound>>20), a.File)
	}
}

func (j *judge) latency() {
	idle, attacked := latencies(j.Victims, j.Idle), latencies(j.Victims, j.Attacked)
	r := j.report
	r.IdleP50, r.IdleP99 = micro(idle, 0.5), micro(idle, 0.99)
	r.AttackedP50, r.AttackedP99, r.Worst = micro(attacked, 0.5), micro(attacked, 0.99), micro(attacked, 1)
	if r.IdleP99 > 0 {
		r.Ratio = float64(r.AttackedP99) / float64(r.IdleP99)
	}
	if sent := func(a *Attack) bool { return !a.Began.IsZero() }; slices.ContainsFunc(j.Attacks, sent) && len(idle)*len(attacked) == 0 {
		j.fault("nothing was measured of the victims; a longer --warmup sees more")
	}
}

// latencies are those of the events sent in a window.
func latencies(events []Event, w Window) (out []time.Duration) {
	for _, e := range events {
		if w.Has(e.Sent) && !e.Done.IsZero() {
			out = append(out, e.Done.Sub(e.Sent))
		}
	}
	return out
}

// micro is a quantile in microseconds, 0 for none.
func micro(values []time.Duration, q float64) int64 { return quantile.Of(values, q).Microseconds() }
