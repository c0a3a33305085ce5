package strikes_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// begin is the bucket, the book over it, and a tenant.
func begin(t *testing.T) (*kv.Bucket, *strikes.Book, tenant.ID) {
	t.Helper()
	conn := natstest.Connect(t, natstest.Start(t))
	bucket, err := kv.Open(t.Context(), conn, subject.Strikes)
	if err != nil {
		t.Fatal(err)
	}
	b, err := strikes.Open(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	id, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	return bucket, b, id
}

func TestStrikesAddUpPerRun(t *testing.T) {
	b, err := strikes.Open(t.Context(), natstest.Connect(t, natstest.Start(t)))
	if err != nil {
		t.Fatal(err)
	}
	id, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	one, two := blame.Run{Tenant: id, Seq: 5, Template: "a-b_c"}, blame.Run{Tenant: id, Seq: 6, Template: "a-b_c"}
	for i, r := range []blame.Run{one, two, one} {
		if _, err := b.Add(t.Context(), blame.Suspect{Run: r, Used: run.Usage{Instructions: int64(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Of(t.Context(), id.Partition()); err != nil || !maps.Equal(got, map[blame.Run]strikes.Count{one: {N: 2, Used: run.Usage{Instructions: 2}}, two: {N: 1, Used: run.Usage{Instructions: 1}}}) {
		t.Errorf("strikes %v, %v", got, err)
	}
	if got, err := b.Of(t.Context(), id.Partition()+1); err != nil || len(got) != 0 {
		t.Errorf("another partition's strikes: %v, %v", got, err)
	}
}

func TestFailingTemplatesAreKnownToTheNextOwner(t *testing.T) {
	bucket, b, id := begin(t)
	want := strikes.Failing{Tenant: id, Template: "a-b_c", Deployed: time.Unix(1, 2000).UTC(), Runs: 3, Last: "its process ended"}
	for _, f := range []strikes.Failing{{Tenant: id, Template: "a-b_c", Runs: 2}, want, {Tenant: id, Template: "b"}} {
		if err := b.Keep(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Forget(t.Context(), id, "b"); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"a.b", "c"} { // as a newer version might write them
		if _, err := bucket.Put(t.Context(), "failing."+subject.TenantKey(id)+"."+k, []byte("?")); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Failing(t.Context(), id.Partition()); err != nil || !slices.Equal(got, []strikes.Failing{want}) {
		t.Errorf("failing: %+v, %v", got, err)
	}
	if got, err := b.Failing(t.Context(), id.Partition()+1); err != nil || len(got) != 0 {
		t.Errorf("failing in another partition: %+v, %v", got, err)
	}
	older := func(k string) { t.Errorf("an older version would take %s for a run", k) }
	if err := bucket.Keys(t.Context(), subject.PartitionKeys(id.Partition()), older); err != nil {
		t.Error(err)
	}
}

func TestStrikesOfOlderVersionsCount(t *testing.T) {
	bucket, b, id := begin(t)
	if _, err := bucket.Put(t.Context(), subject.TenantKey(id)+".5.a", []byte("2")); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Add(t.Context(), blame.Suspect{Run: blame.Run{Tenant: id, Seq: 5, Template: "a"}}); n != 3 || err != nil {
		t.Errorf("%d strikes, %v; want 3", n, err)
	}
}
