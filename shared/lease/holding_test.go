package lease

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// holdOne starts a member of a group of one slice and returns its holding.
func holdOne(t *testing.T, url string) (*Holding, *peer) {
	t.Helper()
	cfg := config("a")
	cfg.Slices = 1
	held := make(chan *Holding, 1)
	p := start(t, url, cfg, func(ctx context.Context, l *Holding) error {
		held <- l
		<-ctx.Done()
		return nil
	})
	return <-held, p
}

func TestCommit(t *testing.T) {
	l, p := holdOne(t, natstest.Start(t))
	if l.Position() != nil || l.Epoch() != 1 || l.Slice() != 0 || l.Err() != nil {
		t.Errorf("a new slice: position %s, epoch %d, slice %d, %v", l.Position(), l.Epoch(), l.Slice(), l.Err())
	}
	for _, bad := range []string{"", "{", `"` + strings.Repeat("x", MaxPosition) + `"`} {
		if err := l.Commit(t.Context(), json.RawMessage(bad)); err == nil || errors.Is(err, ErrLost) {
			t.Errorf("commit %.20q: %v", bad, err)
		}
	}
	var first uint64
	for range 3 { // only the first is written
		if err := l.Commit(t.Context(), json.RawMessage(`{"seq":7}`)); err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			first = l.revision
		}
	}
	if e, err := storeOf(t, p).get(t.Context(), subject.SliceKey("test", 0)); err != nil || e.Revision() != first || string(l.Position()) != `{"seq":7}` {
		t.Errorf("position %s, first written at revision %d: %v, %v", l.Position(), first, e, err)
	}
	seen, err := Read(t.Context(), p.bus, "test", 1)
	if err != nil || seen[0].Owner != "a" || seen[0].Epoch != 1 || string(seen[0].Position) != `{"seq":7}` {
		t.Errorf("read: %+v, %v", seen, err)
	}
	p.leave()
	<-p.done
	if err := l.Commit(t.Context(), json.RawMessage("8")); !errors.Is(err, ErrLost) {
		t.Errorf("commit after the release: %v", err)
	}
	if seen, err = Read(t.Context(), p.bus, "test", 1); err != nil || seen[0].Owner != "" || string(seen[0].Position) != `{"seq":7}` {
		t.Errorf("read after the release: %+v, %v", seen, err)
	}
}

// TestClockIsAskedFirst: who wakes up after its term does not even try. There is no store here to try it on.
func TestClockIsAskedFirst(t *testing.T) {
	_, stop := context.WithCancelCause(t.Context())
	l := &Holding{valid: newValidity(), stop: stop, asked: newOnce(), lost: newOnce()}
	if err := l.Err(); !errors.Is(err, ErrLost) {
		t.Errorf("after the term: %v", err)
	}
	if err := l.Commit(t.Context(), position(1)); !errors.Is(err, ErrLost) || !l.lost.closed() {
		t.Errorf("commit after the term: %v", err)
	}
}

// writes counts what was ever written to the bucket.
func writes(t *testing.T, p *peer) uint64 {
	t.Helper()
	stream, err := p.bus.JetStream().Stream(t.Context(), "KV_"+subject.Leases)
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo().State.LastSeq
}

// TestHoldingIsCheap: a member whose positions do not change writes its heartbeats and nothing else, however many slices it has.
func TestHoldingIsCheap(t *testing.T) {
	t.Parallel()
	h := newHistory()
	p := start(t, natstest.Start(t), config("a"), h.idle("a"))
	h.waitHeld(t, settle, map[string]int{"a": 64})
	before := writes(t, p)
	<-time.After(1200 * time.Millisecond)
	if n := writes(t, p) - before; n < 2 || n > 3 {
		t.Errorf("%d writes in 1.2 s with a heartbeat of 0.5 s", n)
	}
}

func TestWorkEndsWithTheSlice(t *testing.T) {
	t.Parallel()
	l, p := holdOne(t, natstest.Start(t))
	ctx, end := context.WithCancel(t.Context())
	work, cancel := l.Work(ctx)
	defer cancel()
	end()
	if work.Err() != nil {
		t.Error("work ended with the context of hold")
	}
	p.crash()
	select {
	case <-work.Done():
	case <-time.After(3 * time.Second):
		t.Fatal("work goes on without the slice")
	}
	if !errors.Is(context.Cause(work), ErrLost) || l.Err() == nil {
		t.Errorf("the cause is %v, the holding says %v", context.Cause(work), l.Err())
	}
}

func FuzzParseRecords(f *testing.F) {
	f.Add([]byte(`{"v":1,"owner":"a","epoch":7,"position":{"seq":1}}`))
	f.Add([]byte(`{"v":1,"name":"a","slices":64,"leaving":true}`))
	f.Add([]byte(`{"v":2}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := parseSlice(b); err == nil {
			written, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := parseSlice(written); err != nil || again.Owner != r.Owner || again.Epoch != r.Epoch || again.V != version {
				t.Errorf("%s became %s", b, written)
			}
		}
		if r, err := parseMember(b); err == nil {
			written, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := parseMember(written); err != nil || again != r {
				t.Errorf("%s became %s", b, written)
			}
		}
	})
}
