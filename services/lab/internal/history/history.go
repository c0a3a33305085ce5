// Package history is what was seen of a system under attack, and the checker that tries to refute its guarantees with it.
//
// Every event of a tenant carries the next number, from 1. The template counts the events it sees in two keys that must agree, remembers the
// number of the last one, and sends one effect that names tenant and number. From that alone, without trust in any part of the system, the
// checker says what was lost, reordered, torn, doubled, missed, or run with a version that was older than one before.
package history

import (
	"fmt"
	"slices"
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
	Events  []Event
	Runs    []Run // in the order of their records
	States  map[string]State
	Effects []Effect
}

// Verdict counts each kind of fault. All but Events must be 0.
type Verdict struct {
	Events             int `json:"events"`
	Lost               int `json:"lost"`                // events without a run
	Reordered          int `json:"reordered"`           // runs that did not follow the event before theirs
	TornWrites         int `json:"torn_writes"`         // runs or final states whose two keys disagree, or that were applied twice
	DuplicateEffects   int `json:"duplicate_effects"`   // effects beyond the first of an event
	MissingEffects     int `json:"missing_effects"`     // events without their effect
	VersionRegressions int `json:"version_regressions"` // runs with a bundle version older than an earlier event's

	Examples []string `json:"examples,omitempty"` // at most 20 faults, in words
}

// Clean reports whether nothing was refuted.
func (v *Verdict) Clean() bool {
	return v.Lost+v.Reordered+v.TornWrites+v.DuplicateEffects+v.MissingEffects+v.VersionRegressions == 0
}

func (v *Verdict) fault(count *int, format string, args ...any) {
	*count++
	if len(v.Examples) < 20 {
		v.Examples = append(v.Examples, fmt.Sprintf(format, args...))
	}
}

type key struct {
	tenant string
	number int
}

// Check looks for faults.
func Check(h History) Verdict {
	v := Verdict{Events: len(h.Events)}
	checkRuns(&v, h)
	checkOrder(&v, h)
	checkStates(&v, h)
	checkEffects(&v, h)
	return v
}

func checkRuns(v *Verdict, h History) {
	ran := map[key]bool{}
	for _, r := range h.Runs {
		ran[key{r.Tenant, r.Number}] = true
	}
	for _, e := range h.Events {
		if !ran[key{e.Tenant, e.Number}] {
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
		version[r.Tenant] = max(version[r.Tenant], r.Version)
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
}

func checkEffects(v *Verdict, h History) {
	seen := map[key]int{}
	for _, e := range h.Effects {
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
