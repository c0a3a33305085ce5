package library

import (
	"slices"
	"strings"
	"sync"

	"antiraid/shared/bundle"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// index is the entry of every tenant. Neither keys nor entries hold pointers: a million of them cost the collector nothing.
type index struct {
	mu      sync.RWMutex
	tenants map[tenant.ID]entry
	sets    []wanted          // distinct sets of wanted types
	known   map[string]uint32 // a set's types, joined → its place in sets
}

// entry is all that is kept of a cold tenant.
type entry struct {
	version  uint64
	expected uint64 // announced; above version: everything is wanted
	set      uint32
}

type wanted map[string]struct{}

func newIndex() *index {
	return &index{tenants: map[tenant.ID]entry{}, known: map[string]uint32{"": 0}, sets: []wanted{{}}}
}

func (x *index) put(b *bundle.Bundle) {
	var types []string
	if b.Status == bundle.Active {
		for i := range b.Templates {
			if b.Templates[i].Paused == "" {
				types = append(types, b.Templates[i].Events...)
			}
		}
	}
	slices.Sort(types)
	types = slices.Compact(types)
	x.mu.Lock()
	defer x.mu.Unlock()
	old := x.tenants[b.Tenant]
	if old.version >= b.Version {
		return
	}
	x.tenants[b.Tenant] = entry{version: b.Version, expected: old.expected, set: x.intern(types)}
}

func (x *index) intern(types []string) uint32 {
	name := strings.Join(types, " ")
	if place, ok := x.known[name]; ok {
		return place
	}
	set := make(wanted, len(types))
	for _, typ := range types {
		set[typ] = struct{}{}
	}
	x.known[name] = uint32(len(x.sets))
	x.sets = append(x.sets, set)
	return x.known[name]
}

func (x *index) wants(t tenant.ID, typ string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	e, ok := x.tenants[t]
	if !ok {
		return typ == event.Startup
	}
	if e.expected > e.version || typ == event.Startup {
		return true
	}
	_, ok = x.sets[e.set][typ]
	return ok
}

func (x *index) expect(t tenant.ID, version uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if e := x.tenants[t]; e.expected < version {
		e.expected = version
		x.tenants[t] = e
	}
}

func (x *index) version(t tenant.ID) uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	e := x.tenants[t]
	return max(e.version, e.expected)
}
