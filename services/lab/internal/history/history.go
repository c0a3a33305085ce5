// Package history is what was seen of a system under attack, and the checker that tries to refute its guarantees with it.
//
// Every event of a tenant carries the next number, from 1. The template counts the events it sees in two keys that must agree, remembers the
// number of the last one, and sends one effect that names tenant and number; its source names its version. A tenant may have several flows of
// events that run side by side, g-1 and g-1/x: each is here a tenant of its own, and beside its keys all count in one. From that alone, without trust in any part of the system, the
// checker says what was lost, reordered, torn, doubled, missed, or run with a version that was older than one before.
package history

import (
	"fmt"
	"slices"
	"strings"
)

// Event is an event whose publication was acknowledged.
type Event struct {
	Tenant string
	Number int
}

// Run is a run that was recorded as committed.
type Run struct {
	Tenant  string
	Number  int
	Last    int    // the number the template remembered before
	Left    int    // first of the two counters, as the run left it
	Right   int    // second of the two counters
	Version uint64 // of the bundle
	Source  uint64 // the version that the template's own source names
}

// Failure is a run that was recorded as failed: the template has no fault, so its event is lost.
type Failure struct {
	Tenant string
	Number int
	Reason string
}

// Deploy is a version whose deploy was acknowledged: events after that one run with it or a newer one.
type Deploy struct {
	Tenant  string
	Version uint64
	After   int
}

// State is what a tenant's keys hold in the end.
type State struct{ Last, Left, Right int }

// Effect is something Discord did.
type Effect struct {
	Tenant string
	Number int
}

// History is everything that was seen.
type History struct {
	Events   []Event
	Deploys  []Deploy
	Runs     []Run // in the order of their records
	Failures []Failure
	States   map[string]State
	Shared   map[string]int // by tenant without flow: the key that all its flows count in
	Effects  []Effect       // in the order in which Discord performed each tenant's
}

// Verdict counts each kind of fault. All but Events must be 0.
type Verdict struct {
	Events             int `json:"events"`
	Lost               int `json:"lost"`                // events without a run, or whose run failed
	Reordered          int `json:"reordered"`           // runs that did not follow the event before theirs; effects performed before an earlier event's
	TornWrites         int `json:"torn_writes"`         // runs or final states whose two keys disagree, or that were applied twice
	DuplicateEffects   int `json:"duplicate_effects"`   // effects beyond the first of an event
	MissingEffects     int `json:"missing_effects"`     // events without their effect
	VersionRegressions int `json:"version_regressions"` // runs with a version older than an earlier event's or than one deployed before, or of mixed versions

	Examples []string `json:"examples,omitempty"` // the first few faults of each kind, in words
}

// Clean reports whether nothing was refuted.
func (v *Verdict) Clean() bool {
	return v.Lost+v.Reordered+v.TornWrites+v.DuplicateEffects+v.MissingEffects+v.VersionRegressions == 0
}

func (v *Verdict) fault(count *int, format string, args ...any) {
	*count++
	if *count <= fewExamples {
		v.Examples = append(v.Examples, fmt.Sprintf(format, args...))
	}
}

// fewExamples is how many faults of a kind are told in words: one fault often has many others behind it.
const fewExamples = 5

type key struct {
	tenant string
	number int
}

// Check looks for faults.
func Check(h History) Verdict {
	v := Verdict{Events: len(h.Events)}
	checkRuns(&v, h)
	checkOrder(&v, h)
	checkDeploys(&v, h)
	checkStates(&v, h)
	checkEffects(&v, h)
	return v
}

func checkRuns(v *Verdict, h History) {
	ran := map[key]bool{}
	for _, r := range h.Runs {
		ran[key{r.Tenant, r.Number}] = true
	}
	failed := map[key]string{}
	for _, f := range h.Failures {
		failed[key{f.Tenant, f.Number}] = f.Reason
	}
	for _, e := range h.Events {
		why := failed[key{e.Tenant, e.Number}]
		switch {
		case why != "":
			v.fault(&v.Lost, "event %d of %s ended as %s", e.Number, e.Tenant, why)
		case !ran[key{e.Tenant, e.Number}]:
			v.fault(&v.Lost, "event %d of %s was never run", e.Number, e.Tenant)
		}
	}
}

// checkOrder follows each tenant's runs in the order of their events: each must have met the state its predecessor left.
func checkOrder(v *Verdict, h History) {
	version := map[string]uint64{}
	runs := slices.Clone(h.Runs)
	slices.SortStableFunc(runs, func(a, b Run) int { return a.Number - b.Number })
	for _, r := range runs {
		if r.Last != r.Number-1 {
			v.fault(&v.Reordered, "event %d of %s followed event %d", r.Number, r.Tenant, r.Last)
		}
		if r.Left != r.Right || r.Left != r.Number {
			v.fault(&v.TornWrites, "event %d of %s left the counters at %d and %d", r.Number, r.Tenant, r.Left, r.Right)
		}
		if r.Version < version[r.Tenant] {
			v.fault(&v.VersionRegressions, "event %d of %s ran with version %d after %d", r.Number, r.Tenant, r.Version, version[r.Tenant])
		}
		if r.Source != r.Version {
			v.fault(&v.VersionRegressions, "event %d of %s ran the source of version %d as version %d", r.Number, r.Tenant, r.Source, r.Version)
		}
		version[r.Tenant] = max(version[r.Tenant], r.Version)
	}
}

// checkDeploys sees that every event behind a deploy ran with that version or a newer one.
func checkDeploys(v *Verdict, h History) {
	runs := map[string][]Run{}
	for _, r := range h.Runs {
		runs[r.Tenant] = append(runs[r.Tenant], r)
	}
	for _, d := range h.Deploys {
		for _, r := range runs[d.Tenant] {
			if r.Number > d.After && r.Version < d.Version {
				v.fault(&v.VersionRegressions, "event %d of %s ran with version %d, though %d was deployed before it", r.Number, r.Tenant, r.Version, d.Version)
			}
		}
	}
}

// checkStates compares what is stored in the end with the number of events.
func checkStates(v *Verdict, h History) {
	last := map[string]int{}
	for _, e := range h.Events {
		last[e.Tenant] = max(last[e.Tenant], e.Number)
	}
	for tenant, n := range last {
		if s := h.States[tenant]; s.Left != n || s.Right != n || s.Last != n {
			v.fault(&v.TornWrites, "%s ends with counters %d and %d and last event %d, want %d", tenant, s.Left, s.Right, s.Last, n)
		}
	}
	all := map[string]int{}
	for tenant, n := range last {
		whole, _, _ := strings.Cut(tenant, "/")
		all[whole] += n
	}
	for tenant, n := range all {
		if found := h.Shared[tenant]; found != n {
			v.fault(&v.TornWrites, "%s ends with %d events counted by all its flows together, want %d", tenant, found, n)
		}
	}
}

func checkEffects(v *Verdict, h History) {
	seen, last := map[key]int{}, map[string]int{}
	for _, e := range h.Effects {
		if seen[key{e.Tenant, e.Number}] == 0 && e.Number < last[e.Tenant] {
			v.fault(&v.Reordered, "the effect of event %d of %s was performed after that of event %d", e.Number, e.Tenant, last[e.Tenant])
		}
		last[e.Tenant] = max(last[e.Tenant], e.Number)
		seen[key{e.Tenant, e.Number}]++
		if seen[key{e.Tenant, e.Number}] > 1 {
			v.fault(&v.DuplicateEffects, "the effect of event %d of %s was performed %d times", e.Number, e.Tenant, seen[key{e.Tenant, e.Number}])
		}
	}
	for _, e := range h.Events {
		if seen[key{e.Tenant, e.Number}] == 0 {
			v.fault(&v.MissingEffects, "the effect of event %d of %s was never performed", e.Number, e.Tenant)
		}
	}
}
