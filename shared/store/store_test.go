package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/store"
	"antiraid/shared/storetest"
	"antiraid/shared/tenant"
)

func guild(t testing.TB, n uint64) tenant.ID {
	t.Helper()
	id, err := tenant.New(tenant.Guild, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func version(t tenant.ID, n uint64, templates ...bundle.Template) store.Version {
	at := time.UnixMilli(1_700_000_000_123).UTC()
	if templates == nil {
		templates = []bundle.Template{}
	}
	return store.Version{
		Bundle: bundle.Bundle{Schema: bundle.Schema, Tenant: t, Version: n, Status: bundle.Active, Templates: templates, Updated: at},
		Change: store.Change{ID: fmt.Sprint("change ", n), Kind: "deploy"},
	}
}

func commit(t testing.TB, s *store.Store, v store.Version) {
	t.Helper()
	if err := s.Commit(t.Context(), v); err != nil {
		t.Fatal(err)
	}
}

func TestVersionComesBackAsItWasCommitted(t *testing.T) {
	s, g := storetest.Open(t, storetest.Start(t)), guild(t, 7)
	want := version(g, 1, bundle.Template{
		Name: "counter", Revision: strings.Repeat("ab", 32), Events: []string{"MESSAGE_CREATE"}, Capabilities: []string{},
		Paused: "5 runs in a row failed", Deployed: time.UnixMilli(1_700_000_000_001).UTC(),
	})
	want.Bundle.Limits = run.DefaultLimits()
	want.Bundle.PauseAfter = -1
	want.Change = store.Change{ID: "x", Kind: "deploy", Template: "counter", Revision: "abab", By: "ann"}
	commit(t, s, want)
	got, err := s.Version(t.Context(), g, 1)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
	if _, err := s.Version(t.Context(), g, 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("version 2 was never committed, reading it gave %v", err)
	}
}

func TestOfManyThatCommitTheSameVersionOneWins(t *testing.T) {
	s, g := storetest.Open(t, storetest.Start(t)), guild(t, 7)
	const writers, versions = 8, 20
	var mu sync.Mutex
	winners := map[uint64]string{}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := uint64(1); n <= versions; n++ {
				v := version(g, n)
				v.Change.ID = fmt.Sprintf("writer %d", w)
				err := s.Commit(t.Context(), v)
				if err != nil && !errors.Is(err, store.ErrConflict) {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					if other, taken := winners[n]; taken {
						t.Errorf("version %d was committed by %s and %s", n, other, v.Change.ID)
					}
					winners[n] = v.Change.ID
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	for n := uint64(1); n <= versions; n++ {
		v, err := s.Version(t.Context(), g, n)
		if err != nil || v.Change.ID != winners[n] {
			t.Errorf("version %d is %q, %v; its winner was %q", n, v.Change.ID, err, winners[n])
		}
	}
}

func TestHeadIsTheHighestVersionWhateverTheSnapshotSays(t *testing.T) {
	s, g := storetest.Open(t, storetest.Start(t)), guild(t, 7)
	head := func() uint64 {
		t.Helper()
		v, err := s.Head(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		return v.Bundle.Version
	}
	if _, err := s.Head(t.Context(), g); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("head of an unknown tenant: %v", err)
	}
	if err := s.Register(t.Context(), g); err != nil || head() != 0 {
		t.Fatalf("head after registering is %d, %v", head(), err)
	}
	for n := uint64(1); n <= 5; n++ {
		commit(t, s, version(g, n))
		if head() != n {
			t.Errorf("head is %d, want %d", head(), n)
		}
	}
	for _, snapshot := range []uint64{5, 2, 4} {
		if err := s.SaveSnapshot(t.Context(), version(g, snapshot)); err != nil || head() != 5 {
			t.Errorf("head is %d from snapshot %d, %v", head(), snapshot, err)
		}
	}
	if err := s.Register(t.Context(), g); err != nil || head() != 5 {
		t.Errorf("head is %d after registering again, %v", head(), err)
	}
}

func TestTenantsAreListedInPages(t *testing.T) {
	s := storetest.Open(t, storetest.Start(t))
	want := map[string]bool{}
	for n := range uint64(25) {
		g := guild(t, n+1)
		want[g.String()] = true
		if err := s.Register(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	var after tenant.ID
	for pages := 0; ; pages++ {
		list, err := s.Tenants(t.Context(), after, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			if pages != 3 || len(want) != 0 {
				t.Errorf("%d pages, %d tenants are missing", pages, len(want))
			}
			return
		}
		for _, id := range list {
			if id.String() <= after.String() || !want[id.String()] {
				t.Errorf("%s came after %s, or twice", id, after)
			}
			delete(want, id.String())
			after = id
		}
	}
}

func TestRevisionsAreWriteOnce(t *testing.T) {
	s := storetest.Open(t, storetest.Start(t))
	content, key, err := bundle.Revision{"init.lua": "return {}", "lib/a.b.lua": "-- é\x00"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.SaveRevision(t.Context(), key, content); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Revision(t.Context(), key); err != nil || string(got) != string(content) {
		t.Errorf("got %q, %v; want %q", got, err, content)
	}
	if _, err := s.Revision(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a revision that was never saved: %v", err)
	}
	other := strings.Repeat("1", 64)
	if err := s.SaveRevision(t.Context(), other, content); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Revision(t.Context(), other); err == nil {
		t.Error("content under another's key was read as if it were right")
	}
}

func TestPendingVersionsAreListedInOrder(t *testing.T) {
	s, a, b := storetest.Open(t, storetest.Start(t)), guild(t, 1), guild(t, 2)
	for _, p := range []store.Pending{{Tenant: b, Version: 1}, {Tenant: a, Version: 10}, {Tenant: a, Version: 9}, {Tenant: a, Version: 9}} {
		if err := s.AddPending(t.Context(), p.Tenant, p.Version); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.RemovePending(t.Context(), b, 1); err != nil {
		t.Fatal(err)
	}
	list, err := s.Pending(t.Context())
	if err != nil || len(list) != 2 || list[0].Version != 9 || list[1].Version != 10 || time.Since(list[0].Since) > time.Hour {
		t.Errorf("got %+v, %v; want versions 9 and 10 of %s", list, err, a)
	}
	for n, want := range map[uint64]bool{9: true, 11: false} {
		if got, err := s.IsPending(t.Context(), a, n); got != want || err != nil {
			t.Errorf("version %d is pending: %v, %v", n, got, err)
		}
	}
}
