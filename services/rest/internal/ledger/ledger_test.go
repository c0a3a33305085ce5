package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"antiraid/services/rest/internal/ledger"
	"antiraid/shared/effect"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

func bucket(t *testing.T) *kv.Bucket {
	t.Helper()
	b, err := kv.Open(t.Context(), natstest.Connect(t, natstest.Start(t)), subject.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(t *testing.T, l *ledger.Ledger, id string) *ledger.Page {
	t.Helper()
	p, err := l.Open(t.Context(), effect.Effect{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOfManyResultsOneIsRemembered(t *testing.T) {
	b, id := bucket(t), effect.ID("e", "t", 0)
	var all sync.WaitGroup
	got := make(chan int, 16)
	for i := range 16 {
		l := ledger.New(b, fmt.Sprint("rest", i))
		p := open(t, l, id)
		all.Go(func() {
			if err := l.Begin(t.Context(), p); err != nil && !errors.Is(err, kv.ErrConflict) {
				t.Error(err)
			}
			r, err := l.Finish(t.Context(), p, effect.Result{ID: id, Status: 200 + i})
			if err != nil {
				t.Error(err)
			}
			got <- r.Status
		})
	}
	all.Wait()
	want := open(t, ledger.New(b, "later"), id).Result
	for range 16 {
		if status := <-got; want == nil || status != want.Status {
			t.Fatalf("one was told %d, remembered is %+v", status, want)
		}
	}
}

func TestASuccessorTakesTheDoubtOverAndFencesItsPredecessor(t *testing.T) {
	b, id := bucket(t), effect.ID("e", "t", 0)
	before, after := ledger.New(b, "before"), ledger.New(b, "after")
	old := open(t, before, id)
	if err := before.Begin(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	since := old.Since
	if since.IsZero() || time.Since(since) > time.Minute {
		t.Fatalf("begun at %s", since)
	}
	page := open(t, after, id)
	if err := after.Begin(t.Context(), page); err != nil || !page.Since.Equal(since) || page.By != "after" {
		t.Errorf("the successor's page is %+v, %v; want the doubt since %s", page, err, since)
	}
	stale := open(t, before, id)
	if err := after.Clear(t.Context(), page); err != nil || !page.Since.IsZero() {
		t.Errorf("cleared: %+v, %v", page, err)
	}
	if err := before.Begin(t.Context(), stale); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("the predecessor began again: %v", err)
	}
	// Whoever knows a result may say so, whoever owns the lane.
	if r, err := before.Finish(t.Context(), old, effect.Result{ID: id, Status: 204}); err != nil || r.Status != 204 {
		t.Errorf("the predecessor's result gave %+v, %v", r, err)
	}
	if r, err := after.Finish(t.Context(), page, effect.Result{ID: id, Status: 500}); err != nil || r.Status != 204 {
		t.Errorf("the second result gave %+v, %v; want the first", r, err)
	}
}

func TestARecordThatCannotBeReadIsADoubt(t *testing.T) {
	b, id := bucket(t), effect.ID("e", "t", 0)
	if _, err := b.Put(t.Context(), id, []byte("{")); err != nil {
		t.Fatal(err)
	}
	l := ledger.New(b, "x")
	p := open(t, l, id)
	if p.Result != nil || p.Since.IsZero() || time.Since(p.Since) > time.Minute {
		t.Errorf("it was read as %+v", p)
	}
	if r, err := l.Finish(t.Context(), p, effect.Result{ID: id, Status: 204}); err != nil || r.Status != 204 {
		t.Errorf("its effect ended as %+v, %v", r, err)
	}
}
