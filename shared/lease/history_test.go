package lease

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// record is what one member did with one slice under one epoch, as seen from inside hold.
type record struct {
	member   string
	slice    int
	epoch    uint64
	from, to time.Time // when hold began; when it gave up the slice: returned or lost it. Zero: still has it
	first    uint64    // position found
	last     uint64    // last position whose commit was acknowledged
	maybe    uint64    // last position whose commit was tried
	at       time.Time // of the last acknowledged commit
}

// history is what all members of a test did. Its methods may be called from everywhere.
type history struct {
	mu      sync.Mutex
	records []*record
	refused int
	changed chan struct{}
}

func newHistory() *history { return &history{changed: make(chan struct{})} }

func (h *history) note(fn func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fn()
	close(h.changed)
	h.changed = make(chan struct{})
}

// wait returns when cond is true; cond is asked after every change.
func (h *history) wait(t *testing.T, limit time.Duration, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for {
		h.mu.Lock()
		ok, changed := cond(), h.changed
		h.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-deadline.C:
			h.mu.Lock()
			defer h.mu.Unlock()
			t.Fatalf("%s: not within %s; held: %v", what, limit, h.held())
		}
	}
}

// held counts what each member has now.
func (h *history) held() map[string]int {
	count := map[string]int{}
	for _, r := range h.records {
		if r.to.IsZero() {
			count[r.member]++
		}
	}
	return count
}

func (h *history) waitHeld(t *testing.T, limit time.Duration, want map[string]int) {
	t.Helper()
	h.wait(t, limit, fmt.Sprintf("members hold %v", want), func() bool {
		have := h.held()
		for m, n := range want {
			if have[m] != n {
				return false
			}
		}
		return true
	})
}

// idle is a hold that works on nothing until it is told to end.
func (h *history) idle(member string) Hold {
	return func(ctx context.Context, l *Holding) error {
		r := h.begin(member, l)
		defer h.finish(r)
		<-ctx.Done()
		return nil
	}
}

// counting is a hold that commits the next number at every step of the given length, and once more when it hands over.
func (h *history) counting(member string, step time.Duration) Hold {
	return func(ctx context.Context, l *Holding) error {
		r := h.begin(member, l)
		defer h.finish(r)
		tick := time.NewTicker(step)
		defer tick.Stop()
		for ctx.Err() == nil {
			h.commit(ctx, r, l)
			select {
			case <-ctx.Done():
			case <-tick.C:
			}
		}
		h.commit(context.WithoutCancel(ctx), r, l)
		return nil
	}
}

func (h *history) begin(member string, l *Holding) *record {
	r := &record{member: member, slice: l.Slice(), epoch: l.Epoch(), from: time.Now(), first: number(l.Position())}
	h.add(r)
	go func() {
		<-l.Lost()
		h.lost(r, l)
	}()
	return r
}

// lost ends a record when its holder stopped to believe in it, by its own clock: the news of that may have come late on a busy machine.
func (h *history) lost(r *record, l *Holding) {
	to := time.Now()
	if left := l.valid.left(); left < 0 {
		to = to.Add(left)
	}
	h.note(func() {
		if r.to.IsZero() || r.to.After(to) {
			r.to = to
		}
	})
}

func (h *history) add(r *record) {
	r.last, r.maybe = r.first, r.first
	h.note(func() { h.records = append(h.records, r) })
}

func (h *history) finish(r *record) {
	now := time.Now()
	h.note(func() {
		if r.to.IsZero() {
			r.to = now
		}
	})
}

func (h *history) commit(ctx context.Context, r *record, l *Holding) {
	next := r.maybe + 1
	h.note(func() { r.maybe = next })
	err := l.Commit(ctx, position(next))
	h.note(func() {
		switch {
		case err == nil:
			r.last, r.at = next, time.Now()
		case errors.Is(err, ErrLost):
			h.refused++
		}
	})
}

func position(n uint64) json.RawMessage { return json.RawMessage(strconv.FormatUint(n, 10)) }

func number(position json.RawMessage) uint64 {
	if position == nil {
		return 0
	}
	n, err := strconv.ParseUint(string(position), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// faults lists everything that must never be seen, whatever crashes whenever.
func (h *history) faults() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []string
	bySlice := map[int][]*record{}
	for _, r := range h.records {
		bySlice[r.slice] = append(bySlice[r.slice], r)
	}
	for n, list := range bySlice {
		slices.SortStableFunc(list, func(a, b *record) int { return cmp.Compare(a.epoch, b.epoch) })
		for i, next := range list[1:] {
			if fault := between(list[i], next); fault != "" {
				found = append(found, fmt.Sprintf("slice %d: %s: %+v then %+v", n, fault, *list[i], *next))
			}
		}
	}
	return found
}

func between(r, next *record) string {
	switch {
	case r.epoch == next.epoch:
		return "two holders of one epoch"
	case next.from.Before(r.from):
		return "a lower epoch began later"
	case r.to.IsZero() || r.to.After(next.from):
		return "two holders at one time"
	case next.first < r.last:
		return "an acknowledged position was lost"
	case next.first > r.maybe:
		return "a position that nobody committed"
	}
	return ""
}

func (h *history) check(t *testing.T) {
	t.Helper()
	for _, fault := range h.faults() {
		t.Error(fault)
	}
}

// TestCheckerFindsFaults feeds the checker a broken history of each kind.
func TestCheckerFindsFaults(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	good := []record{
		{member: "a", epoch: 1, from: at(0), to: at(10), first: 0, last: 5, maybe: 6},
		{member: "b", epoch: 2, from: at(11), first: 6, last: 8, maybe: 8},
	}
	for name, spoil := range map[string]func(a, b *record){
		"":                                  func(a, b *record) {},
		"two holders of one epoch":          func(a, b *record) { b.epoch = 1 },
		"a lower epoch began later":         func(a, b *record) { a.epoch = 3 },
		"two holders at one time":           func(a, b *record) { a.to = at(12) },
		"an acknowledged position was lost": func(a, b *record) { b.first = 4 },
		"a position that nobody committed":  func(a, b *record) { b.first = 7 },
	} {
		a, b := good[0], good[1]
		spoil(&a, &b)
		h := newHistory()
		h.records = []*record{&a, &b}
		found := h.faults()
		if name == "" && len(found) > 0 || name != "" && (len(found) != 1 || !strings.Contains(found[0], name)) {
			t.Errorf("spoilt by %q: found %q", name, found)
		}
	}
}
