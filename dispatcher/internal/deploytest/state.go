package deploytest

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"

	"antiraid/dispatcher/internal/publish"
	"antiraid/shared/kv"
	"antiraid/shared/store"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// State is all that a dispatcher could have written.
type State struct {
	Bundles map[string]string // key → record
	Blobs   []string
	Tenants []tenant.ID
	Heads   map[tenant.ID]string // what MongoDB says is in force, as a record
	Pending []store.Pending
	Lanes   map[tenant.ID][]Startup
}

// Look reads everything.
func (s Surroundings) Look(t testing.TB, p *publish.Publisher) State {
	t.Helper()
	state := State{Bundles: map[string]string{}, Heads: map[tenant.ID]string{}, Lanes: map[tenant.ID][]Startup{}}
	for _, key := range keys(t, p.Bundles) {
		state.Bundles[key] = Record(t, p.Bundles, key)
	}
	state.Blobs = keys(t, p.Blobs)
	var err error
	if state.Tenants, err = p.Store.Tenants(t.Context(), tenant.ID{}, 1000); err != nil {
		t.Fatal(err)
	}
	for _, id := range state.Tenants {
		state.Heads[id] = Head(t, p.Store, id)
		state.Lanes[id] = s.Startups(t, id)
	}
	if state.Pending, err = p.Store.Pending(t.Context()); err != nil {
		t.Fatal(err)
	}
	return state
}

// Record is what executors see of a key; empty without one.
func Record(t testing.TB, b *kv.Bucket, key string) string {
	t.Helper()
	e, err := b.Get(t.Context(), key)
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		t.Fatal(err)
	}
	return string(e.Value)
}

// Seen is the record of a tenant that executors see.
func Seen(t testing.TB, p *publish.Publisher, id tenant.ID) string {
	t.Helper()
	return Record(t, p.Bundles, subject.TenantKey(id))
}

// Head is the record of the version that is in force according to MongoDB; empty when there is none.
func Head(t testing.TB, s *store.Store, id tenant.ID) string {
	t.Helper()
	v, err := s.Head(t.Context(), id)
	if errors.Is(err, store.ErrNotFound) || err == nil && v.Bundle.Version == 0 {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return Text(t, v)
}

// Text is a version as a record.
func Text(t testing.TB, v store.Version) string {
	t.Helper()
	data, err := json.Marshal(v.Bundle)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func keys(t testing.TB, b *kv.Bucket) []string {
	t.Helper()
	found := map[string]bool{}
	if err := b.Keys(t.Context(), ">", func(key string) { found[key] = true }); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}
