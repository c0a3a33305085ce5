package kv_test

import (
	"errors"
	"slices"
	"testing"

	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// direct reports whether any replica may answer reads of a bucket, and how many there are.
func direct(t *testing.T, c kv.Connection, bucket string) (allowed bool, replicas int) {
	t.Helper()
	s, err := c.JetStream().Stream(t.Context(), "KV_"+bucket)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().Config.AllowDirect, s.CachedInfo().Config.Replicas
}

func TestInAClusterOnlyTheLeaderAnswersWhoReliesOnIt(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t)
	one, three := natstest.ConnectReplicas(t, natstest.URL(servers), 1), natstest.ConnectReplicas(t, natstest.URL(servers), 3)
	fresh := []string{subject.State, subject.Heads, subject.Ledger, subject.Strikes, subject.Gateway}
	var before *kv.Bucket // opened when there was one replica
	for _, name := range append(fresh, subject.Bundles, subject.Blobs) {
		first, err := kv.Open(t.Context(), one, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == subject.State {
			before = first
		}
		for _, c := range []kv.Connection{three, three, one} { // raised, kept, and not lowered
			if _, err := kv.Open(t.Context(), c, name); err != nil {
				t.Fatal(err)
			}
			if allowed, replicas := direct(t, three, name); replicas != 3 || allowed == slices.Contains(fresh, name) {
				t.Errorf("bucket %s, opened by somebody who wants %d replicas: it has %d, direct reads %v", name, c.Replicas(), replicas, allowed)
			}
		}
	}
	b, err := kv.Open(t.Context(), three, subject.State)
	if err != nil {
		t.Fatal(err)
	}
	var revision uint64
	for mark := uint64(1); mark <= 200; mark++ { // a write, then what it left, each time
		w, err := b.Send("g-1.t.a", []byte{byte(mark)}, revision, kv.Mark{Commit: mark})
		if err != nil {
			t.Fatal(err)
		}
		if revision, err = w.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for who, b := range map[string]*kv.Bucket{"its writer": b, "one who opened it before": before} {
			if e, err := b.Last(t.Context(), "g-1.t.a"); err != nil || e.Mark.Commit != mark || e.Revision != revision {
				t.Fatalf("after write %d %s read %+v, %v", mark, who, e, err)
			}
			if e, err := b.Get(t.Context(), "g-1.t.a"); err != nil || e.Revision != revision {
				t.Fatalf("after write %d %s got %+v, %v", mark, who, e, err)
			}
		}
	}
	w, err := b.Send("g-1.t.a", []byte("x"), revision-1, kv.Mark{})
	if err == nil {
		_, err = w.Wait(t.Context())
	}
	if !errors.Is(err, kv.ErrConflict) {
		t.Errorf("a stale write gave %v", err)
	}
}
