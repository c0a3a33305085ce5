package kv_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

func TestOneWriterWinsARevision(t *testing.T) {
	ctx := t.Context()
	b, err := kv.Open(ctx, natstest.Connect(t, natstest.Start(t)), subject.Bundles)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get(ctx, "07.g-1"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("reading nothing gave %v", err)
	}
	first, err := b.Create(ctx, "07.g-1", []byte("1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Create(ctx, "07.g-1", []byte("x")); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("creating twice gave %v", err)
	}
	second, err := b.Update(ctx, "07.g-1", []byte("2"), first)
	if err != nil || second <= first {
		t.Errorf("revision %d after %d, %v", second, first, err)
	}
	if _, err := b.Update(ctx, "07.g-1", []byte("x"), first); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("a stale update gave %v", err)
	}
	if _, err := b.Update(ctx, "07.g-2", []byte("x"), 5); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("an update of nothing gave %v", err)
	}
	if err := b.Delete(ctx, "07.g-1", first); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("a stale delete gave %v", err)
	}
	if err := b.Delete(ctx, "07.g-1", second); err != nil {
		t.Error(err)
	}
	if _, err := b.Get(ctx, "07.g-1"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("reading what was deleted gave %v", err)
	}
	if _, err := b.Update(ctx, "07.g-1", []byte("3"), 0); err != nil {
		t.Errorf("writing what was deleted gave %v", err)
	}
}

// A watch that its own reader ends has not been closed by anybody: which of the two is seen first is chance, so there are many.
func TestAWatchThatIsEndedIsNotClosed(t *testing.T) {
	b, err := kv.Open(t.Context(), natstest.Connect(t, natstest.Start(t)), subject.Strikes)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		ctx, end := context.WithCancel(t.Context())
		endAndWait := func() {
			end()
			<-time.After(5 * time.Millisecond) // the library closes what it watches, which nothing tells of
		}
		if err := b.Watch(ctx, []string{"00.>"}, endAndWait, func(kv.Entry) {}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWatchShowsWhatIsThenWhatChanges(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	b, err := kv.Open(ctx, natstest.Connect(t, natstest.Start(t)), subject.Bundles)
	if err != nil {
		t.Fatal(err)
	}
	put := func(key, value string) {
		if _, err := b.Put(ctx, key, []byte(value)); err != nil {
			t.Error(err)
		}
	}
	put("07.g-1", "old")
	put("08.g-2", "of another partition")
	var got []string
	err = b.Watch(ctx, []string{subject.PartitionKeys(7), subject.PartitionKeys(9)}, func() {
		got = append(got, "ready")
		put("09.g-3", "new")
		if err := b.Delete(ctx, "07.g-1", 0); err != nil {
			t.Error(err)
		}
	}, func(e kv.Entry) {
		if e.Deleted {
			got = append(got, e.Key+" gone")
			stop()
			return
		}
		got = append(got, e.Key+" "+string(e.Value))
	})
	if want := []string{"07.g-1 old", "ready", "09.g-3 new", "07.g-1 gone"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("saw %q, %v; want %q", got, err, want)
	}
	var keys []string
	if err := b.Keys(t.Context(), "*.*", func(k string) { keys = append(keys, k) }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	if want := []string{"08.g-2", "09.g-3"}; !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	broken, stop := context.WithCancel(t.Context())
	if err := b.Keys(broken, ">", func(string) { stop() }); err == nil {
		t.Error("a list that was broken off after its first key passed for all keys")
	}
}

func TestConditionalWritesKeepTheirMark(t *testing.T) {
	ctx := t.Context()
	b, err := kv.Open(ctx, natstest.Connect(t, natstest.Start(t)), subject.State)
	if err != nil {
		t.Fatal(err)
	}
	send := func(value []byte, revision, commit uint64) (uint64, error) {
		w, err := b.Send("g-1.t.a", value, revision, kv.Mark{Commit: commit, Sum: 7})
		if err != nil {
			t.Fatal(err)
		}
		return w.Wait(ctx)
	}
	if e, err := b.Last(ctx, "g-1.t.a"); err != nil || e.Revision != 0 {
		t.Errorf("a key that never was is %+v, %v", e, err)
	}
	first, err := send([]byte("1"), 0, 41)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := send([]byte("x"), 0, 42); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("a stale write gave %v", err)
	}
	if e, err := b.Last(ctx, "g-1.t.a"); err != nil || e.Revision != first || e.Mark != (kv.Mark{Commit: 41, Sum: 7}) || string(e.Value) != "1" || e.Deleted {
		t.Errorf("read %+v, %v", e, err)
	}
	gone, err := send(nil, first, 43)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := b.Last(ctx, "g-1.t.a"); err != nil || e.Revision != gone || e.Mark != (kv.Mark{Commit: 43, Sum: 7}) || !e.Deleted {
		t.Errorf("a deleted key is %+v, %v", e, err)
	}
	if _, err := b.Get(ctx, "g-1.t.a"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("reading a deleted key gave %v", err)
	}
	if _, err := send([]byte("x"), 0, 44); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("a late writer took a deleted key for a new one: %v", err)
	}
	if _, err := send([]byte("2"), gone, 45); err != nil {
		t.Errorf("writing a deleted key again: %v", err)
	}
}
