package library

import (
	"slices"
	"strings"
	"sync"

	"antiraid/shared/bundle"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// index is the entry of every tenant of the process's partitions, by the tenant's spelling as it stands in subjects.
type index struct {
	mu      sync.RWMutex
	tenants map[string]entry
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

func (x *index) put(t string, b *bundle.Bundle) {
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
	old := x.tenants[t]
	if old.version >= b.Version {
		return
	}
	x.tenants[t] = entry{version: b.Version, expected: old.expected, set: x.intern(types)}
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
	if x.known == nil {
		x.known = map[string]uint32{}
	}
	x.known[name] = uint32(len(x.sets))
	x.sets = append(x.sets, set)
	return x.known[name]
}

func (x *index) wants(t, typ string) bool {
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

func (x *index) expect(t string, version uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.tenants[t]
	if e.expected < version {
		e.expected = version
		if e.version == 0 {
			e.set = x.intern(nil)
		}
		x.tenants[strings.Clone(t)] = e
	}
}

func (x *index) version(t string) uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	e := x.tenants[t]
	return max(e.version, e.expected)
}

// forget drops a partition's tenants.
func (x *index) forget(partition int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for text := range x.tenants {
		if t, err := tenant.Parse(text); err == nil && t.Partition() == partition {
			delete(x.tenants, text)
		}
	}
}
