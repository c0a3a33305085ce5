package lease

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"antiraid/shared/natstest"
)

// TestCutOffMemberStopsByItself: a member that cannot renew gives its slices up before anybody takes them, and comes back by itself.
func TestCutOffMemberStopsByItself(t *testing.T) {
	t.Parallel()
	h, url := newHistory(), natstest.Start(t)
	p := startProxy(t, url)
	start(t, p.url, config("a"), h.counting("a", 100*time.Millisecond))
	start(t, url, config("b"), h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	began := time.Now()
	p.freeze()
	h.waitHeld(t, 2*time.Second, map[string]int{"a": 0})
	t.Logf("the member that was cut off stopped after %s", time.Since(began))
	h.waitHeld(t, 3*time.Second-time.Since(began), map[string]int{"a": 0, "b": 64})
	t.Logf("its slices were taken over after %s", time.Since(began))
	p.thaw()
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	h.check(t)
}

// TestFormerOwnerIsRefused: a process that has no idea of the time it lost is stopped by the record itself.
func TestFormerOwnerIsRefused(t *testing.T) {
	t.Parallel()
	h, url := newHistory(), natstest.Start(t)
	p := startProxy(t, url)
	var mu sync.Mutex
	var former []*Holding
	startBelieving(t, p.url, config("a"), time.Hour, func(ctx context.Context, l *Holding) error {
		mu.Lock()
		former = append(former, l)
		mu.Unlock()
		return h.idle("a")(ctx, l)
	})
	h.waitHeld(t, settle, map[string]int{"a": 64})
	p.freeze()
	b := start(t, url, config("b"), h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, 3*time.Second, map[string]int{"b": 64})
	h.wait(t, settle, "b commits on each slice", func() bool {
		for _, r := range h.records {
			if r.member == "b" && r.last == 0 {
				return false
			}
		}
		return true
	})
	mu.Lock()
	defer mu.Unlock()
	for _, l := range former {
		if l.Err() != nil {
			t.Fatalf("slice %d: the member knows that it lost it; this test wants one that does not", l.Slice())
		}
	}
	p.thaw()
	for _, l := range former {
		// Past all local checks, to the server.
		err := l.write(t.Context(), func() (sliceRecord, bool) {
			return sliceRecord{Owner: l.owner, Position: json.RawMessage("1000000")}, false
		})
		if !errors.Is(err, ErrLost) {
			t.Errorf("slice %d: a former owner's write: %v", l.Slice(), err)
		}
		if err := l.Commit(t.Context(), json.RawMessage("1000000")); !errors.Is(err, ErrLost) {
			t.Errorf("slice %d: a former owner's commit: %v", l.Slice(), err)
		}
		if r := stored(t, b, l.Slice()); r.Epoch <= l.Epoch() || string(r.Position) == "1000000" {
			t.Errorf("slice %d: the record is %+v", l.Slice(), r)
		}
	}
}

// stored is a slice's record on the server.
func stored(t *testing.T, p *peer, n int) sliceRecord {
	t.Helper()
	r, _, err := storeOf(t, p).slice(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func storeOf(t *testing.T, p *peer) *store {
	t.Helper()
	s, err := openStore(t.Context(), p.bus, config("").withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOneOfTwoRivalsWins: of two members that act on the same record only one gets the slice, and only one the epoch.
func TestOneOfTwoRivalsWins(t *testing.T) {
	s := storeOf(t, &peer{bus: natstest.Connect(t, natstest.Start(t))})
	for n := range 64 {
		var rivals [2]*Holding
		var errs [2]error
		var both sync.WaitGroup
		for i, owner := range []string{"a", "b"} {
			_, stop := context.WithCancelCause(t.Context())
			rivals[i] = &Holding{slice: n, epoch: 1, owner: owner, store: s, valid: newValidity(), stop: stop, asked: newOnce(), lost: newOnce()}
			both.Go(func() { errs[i] = rivals[i].acquire(t.Context(), sliceView{}) })
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("slice %d: %v and %v", n, errs[0], errs[1])
		}
		for i := range errs {
			if errs[i] != nil && !errors.Is(errs[i], errStale) {
				t.Errorf("slice %d: %v", n, errs[i])
			}
		}
	}
}

// TestLostAnswers: the server stores, but its answers do not come. Nothing is lost, nothing goes back.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	h, url := newHistory(), natstest.Start(t)
	p := startProxy(t, url)
	cfg := config("a")
	cfg.Slices, cfg.TTL, cfg.Heartbeat = 1, 4*time.Second, 400*time.Millisecond
	held := make(chan *Holding, 8)
	a := start(t, p.url, cfg, func(ctx context.Context, l *Holding) error {
		held <- l
		return h.idle("a")(ctx, l)
	})
	l := <-held
	if err := l.Commit(t.Context(), json.RawMessage("1")); err != nil {
		t.Fatal(err)
	}
	p.down.set(true)
	brief, cancel := context.WithTimeout(t.Context(), 1200*time.Millisecond)
	defer cancel()
	if err := l.Commit(brief, json.RawMessage("2")); err == nil || errors.Is(err, ErrLost) {
		t.Errorf("commit without an answer: %v", err)
	}
	p.down.set(false)
	if err := l.Commit(t.Context(), json.RawMessage("3")); err != nil {
		t.Errorf("commit after one without an answer: %v", err)
	}
	// The renewals of that time had no answer either, so that the next one was refused; the member must live on.
	select {
	case <-l.Lost():
		t.Error("the member lost its slice because answers were late")
	case <-time.After(2 * time.Second): // several renewals
	}
	a.leave()
	<-a.done
	b := &peer{bus: natstest.Connect(t, url)}
	if r := stored(t, b, 0); r.Epoch != l.Epoch() || r.Owner != "" || string(r.Position) != "3" {
		t.Errorf("after leaving the record is %+v", r)
	}
}
