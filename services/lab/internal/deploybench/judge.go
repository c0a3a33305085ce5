package deploybench

import (
	"fmt"
	"slices"

	"antiraid/shared/tenant"
)

// Deployed is a deploy that was answered: since Version the tenant's template has files that all carry Number.
type Deployed struct {
	Tenant   tenant.ID
	Version  uint64
	Template string
	Number   int
	Startup  uint64 // place of the event from which on the version is in force
}

// Run is a run of a template, with the numbers that its files carried.
type Run struct {
	Tenant   tenant.ID
	Seq      uint64
	Template string
	Version  uint64
	Numbers  []int
}

// Verdict is what deploys and runs say about each other.
type Verdict struct {
	Mixed       int      // runs with files that their bundle version does not hold, or with another version than the event's first run
	Regressions int      // runs with an older version than one of an earlier event
	Stale       int      // runs with an older version than one that was in force before their event
	Reasons     []string // at most 20
}

// Clean reports whether nothing was refuted.
func (v *Verdict) Clean() bool { return v.Mixed+v.Regressions+v.Stale == 0 }

// Judge compares runs with what was deployed. Every deploy must be there, runs may be missing.
func Judge(deploys []Deployed, runs []Run) *Verdict {
	v := &Verdict{}
	for t, own := range byTenant(runs, func(r Run) tenant.ID { return r.Tenant }) {
		deploys := byTenant(deploys, func(d Deployed) tenant.ID { return d.Tenant })[t]
		v.tenant(deploys, own)
	}
	return v
}

func byTenant[T any](list []T, of func(T) tenant.ID) map[tenant.ID][]T {
	out := map[tenant.ID][]T{}
	for _, x := range list {
		out[of(x)] = append(out[of(x)], x)
	}
	return out
}

// content is what a bundle version holds: the number of each template.
type content map[string]int

// contents are all versions of one tenant, each made of the one before and one deploy.
func contents(deploys []Deployed) map[uint64]content {
	slices.SortFunc(deploys, func(a, b Deployed) int { return int(a.Version) - int(b.Version) })
	all, last := map[uint64]content{}, content{}
	for _, d := range deploys {
		next := content{d.Template: d.Number}
		for name, number := range last {
			if name != d.Template {
				next[name] = number
			}
		}
		all[d.Version], last = next, next
	}
	return all
}

// tenant judges the runs of one tenant.
func (v *Verdict) tenant(deploys []Deployed, runs []Run) {
	holds := contents(deploys)
	slices.SortStableFunc(runs, func(a, b Run) int { return int(a.Seq) - int(b.Seq) })
	slices.SortFunc(deploys, func(a, b Deployed) int { return int(a.Startup) - int(b.Startup) })
	var first Run     // of the event
	var before uint64 // highest version of earlier events
	var newest uint64 // of the event and earlier ones
	var inForce uint64
	for _, r := range runs {
		if r.Seq != first.Seq {
			first, before = r, newest
		}
		newest = max(newest, r.Version)
		for len(deploys) > 0 && deploys[0].Startup <= r.Seq {
			inForce = max(inForce, deploys[0].Version)
			deploys = deploys[1:]
		}
		switch want, known := holds[r.Version][r.Template]; {
		case r.Version != first.Version:
			v.fault(&v.Mixed, r, "the event's first run had version %d", first.Version)
		case !known:
			v.fault(&v.Mixed, r, "no such template was deployed by then")
		case len(r.Numbers) == 0 || slices.ContainsFunc(r.Numbers, func(n int) bool { return n != want }):
			v.fault(&v.Mixed, r, "its files carried %v, want %d", r.Numbers, want)
		}
		if r.Version < before {
			v.fault(&v.Regressions, r, "an earlier event ran with version %d", before)
		}
		if r.Version < inForce {
			v.fault(&v.Stale, r, "version %d was in force", inForce)
		}
	}
}

func (v *Verdict) fault(count *int, r Run, format string, args ...any) {
	*count++
	if len(v.Reasons) < 20 {
		v.Reasons = append(v.Reasons, fmt.Sprintf("run of template %s of %s for event %d with version %d: ", r.Template, r.Tenant, r.Seq, r.Version)+
			fmt.Sprintf(format, args...))
	}
}
