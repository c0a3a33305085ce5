package lease

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

func port(t *testing.T, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestServerRestart: a server that is back before the members' terms end costs nothing; one that is away for longer costs the leases, and
// nothing else.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	h, dir := newHistory(), t.TempDir()
	server := natstest.Run(t, dir, -1)
	address := server.ClientURL()
	a := start(t, address, config("a"), h.counting("a", 100*time.Millisecond))
	b := start(t, address, config("b"), h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	owners := len(h.records)

	server.Shutdown()
	server.WaitForShutdown()
	server = natstest.Run(t, dir, port(t, address))
	back := time.Now()
	h.wait(t, settle, "every slice has a commit after the restart", func() bool { return h.committedSince(back) == 64 })
	t.Logf("every slice was committed %s after a short restart of the server", time.Since(back))
	h.wait(t, settle, "no slice changed its owner", func() bool { return len(h.records) == owners })

	server.Shutdown()
	server.WaitForShutdown()
	h.waitHeld(t, 3*time.Second, map[string]int{"a": 0, "b": 0})
	natstest.Run(t, dir, port(t, address))
	back = time.Now()
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	t.Logf("all slices were held %s after the server came back", time.Since(back))
	a.stop()
	b.stop()
	h.check(t)
}

// committedSince counts the slices that were committed after a moment by whoever has them now.
func (h *history) committedSince(at time.Time) (n int) {
	for _, r := range h.records {
		if r.to.IsZero() && r.at.After(at) {
			n++
		}
	}
	return n
}

// TestServerForgets: a power cut takes the server's last writes. The owner writes its position again, or, when even its acquisition is
// gone, acquires the slice anew.
func TestServerForgets(t *testing.T) {
	t.Parallel()
	for name, acquired := range map[string]bool{"a commit": true, "everything": false} {
		t.Run(name, func(t *testing.T) {
			dir, backup := t.TempDir(), t.TempDir()
			server := natstest.Run(t, dir, -1)
			address := server.ClientURL()
			restart := func(before func() error) {
				server.Shutdown()
				server.WaitForShutdown()
				if err := before(); err != nil {
					t.Fatal(err)
				}
				server = natstest.Run(t, dir, port(t, address))
			}
			keep := func() error { return os.CopyFS(backup, os.DirFS(dir)) }
			forget := func() error {
				return errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(backup)))
			}
			if !acquired {
				restart(keep)
			}
			held := make(chan *Holding)
			cfg := config("a")
			cfg.Slices = 1
			a := start(t, address, cfg, func(ctx context.Context, l *Holding) error {
				select {
				case held <- l:
					<-ctx.Done()
				case <-ctx.Done():
				}
				return nil
			})
			l := <-held
			if acquired {
				restart(keep)
			}
			commitSoon(t, l, 1)
			restart(forget)
			if acquired {
				commitSoon(t, l, 2)
			} else {
				commitSoon(t, <-held, 2)
			}
			a.stop()
		})
	}
}

// commitSoon commits as soon as the server answers.
func commitSoon(t *testing.T, l *Holding, n uint64) {
	t.Helper()
	for tries := time.Now(); ; {
		err := l.Commit(t.Context(), position(n))
		if err == nil {
			return
		}
		if errors.Is(err, ErrLost) || time.Since(tries) > 10*time.Second {
			t.Fatal(err)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// TestBlindMemberSeesAgain: the server forgets the member's watch. A silent watch must not go unnoticed: the next member would wait for ever.
func TestBlindMemberSeesAgain(t *testing.T) {
	t.Parallel()
	h, address := newHistory(), natstest.Start(t)
	a := start(t, address, config("a"), h.counting("a", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 64})
	stream, err := a.bus.JetStream().Stream(t.Context(), "KV_"+subject.Leases)
	if err != nil {
		t.Fatal(err)
	}
	watches := 0
	for name := range stream.ConsumerNames(t.Context()).Name() {
		watches++
		if err := stream.DeleteConsumer(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if watches != 1 {
		t.Errorf("one member has %d watches", watches)
	}
	began := time.Now()
	start(t, address, config("b"), h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	t.Logf("handed over %s after the watch was lost", time.Since(began))
	h.check(t)
}

// TestStuckHold: a hold that does not hand over in time loses its slice; nobody else waits for it.
func TestStuckHold(t *testing.T) {
	h, address := newHistory(), natstest.Start(t)
	cfg := config("a")
	cfg.Slices, cfg.Drain = 2, 200*time.Millisecond
	late := make(chan error, 2)
	start(t, address, cfg, func(ctx context.Context, l *Holding) error {
		h.begin("a", l)
		<-l.Lost()
		if !errors.Is(context.Cause(ctx), ErrHandover) {
			t.Errorf("slice %d: the cause is %v", l.Slice(), context.Cause(ctx))
		}
		late <- l.Commit(t.Context(), json.RawMessage("1000000"))
		return nil
	})
	h.waitHeld(t, settle, map[string]int{"a": 2})
	cfg.Member = "b"
	start(t, address, cfg, h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 1, "b": 1})
	if err := <-late; !errors.Is(err, ErrLost) {
		t.Errorf("commit after the time to hand over: %v", err)
	}
	h.check(t)
}

// TestLateHoldIsAFaultOfWhoStays: whoever leaves gives up what it cannot finish, and alarms nobody.
func TestLateHoldIsAFaultOfWhoStays(t *testing.T) {
	var said strings.Builder
	cfg := config("a")
	cfg.Slices, cfg.Drain = 2, 200*time.Millisecond
	address, h := natstest.Start(t), newHistory()
	m, err := New(cfg, natstest.Connect(t, address), slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		left <- m.Run(ctx, func(_ context.Context, l *Holding) error {
			h.begin("a", l)
			<-l.Lost()
			return nil
		})
	}()
	h.waitHeld(t, settle, map[string]int{"a": 2})
	cfg.Member = "b"
	start(t, address, cfg, h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 1, "b": 1})
	leave()
	if err := <-left; err != nil {
		t.Error(err)
	}
	const late = `msg="slice was not handed over in time`
	if strings.Count(said.String(), "level=ERROR "+late) != 1 || strings.Count(said.String(), "level=INFO "+late) != 1 {
		t.Errorf("want one error, of the handover, and one information, of the leave; it said %s", &said)
	}
}

// TestHoldThatFails is called again, under a new epoch, from the position that it committed.
func TestHoldThatFails(t *testing.T) {
	t.Parallel()
	cfg := config("a")
	cfg.Slices = 1
	held := make(chan *Holding)
	var previous *Holding
	start(t, natstest.Start(t), cfg, func(ctx context.Context, l *Holding) error {
		err := l.Commit(ctx, json.RawMessage(strconv.FormatUint(l.Epoch(), 10)))
		select {
		case held <- l:
		case <-ctx.Done():
		}
		return errors.Join(errors.New("broken"), err)
	})
	for range 3 {
		l := <-held
		if previous != nil && (l.Epoch() != previous.Epoch()+1 || number(l.Position()) != l.Epoch()) {
			t.Errorf("epoch %d with position %s after epoch %d", l.Epoch(), l.Position(), previous.Epoch())
		}
		previous = l
	}
}

// TestUnreadableRecord: what a newer version wrote is left alone.
func TestUnreadableRecord(t *testing.T) {
	h, address := newHistory(), natstest.Start(t)
	p := &peer{bus: natstest.Connect(t, address)}
	s := storeOf(t, p)
	for n, value := range []string{`{"v":2,"owner":"x"}`, `nonsense`} {
		if _, err := s.kv.Put(t.Context(), subject.SliceKey("test", n), []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	start(t, address, config("a"), h.counting("a", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 62})
	if e, err := s.kv.Get(t.Context(), subject.SliceKey("test", 0)); err != nil || string(e.Value()) != `{"v":2,"owner":"x"}` {
		t.Errorf("the record is now %v, %v", e, err)
	}
}

// TestGivesBackWhatItDoesNotHold: an acquisition whose answer was lost may be stored after its member gave up on it.
func TestGivesBackWhatItDoesNotHold(t *testing.T) {
	h, address := newHistory(), natstest.Start(t)
	a := start(t, address, config("a"), h.counting("a", time.Hour))
	start(t, address, config("b"), h.counting("b", time.Hour))
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	s := storeOf(t, a)
	n, id := -1, memberID(t, s, "b")
	h.wait(t, settle, "a slice of a", func() bool {
		for _, r := range h.records {
			if r.member == "a" && r.to.IsZero() && r.last > 0 {
				n = r.slice
			}
		}
		return n >= 0
	})
	r, revision, err := s.slice(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	foreign := sliceRecord{V: version, Owner: id, Epoch: r.Epoch + 1, Position: r.Position}
	if _, err := s.putSlice(t.Context(), n, foreign, revision); err != nil {
		t.Fatal(err)
	}
	h.wait(t, settle, "a has the slice again", func() bool {
		for _, have := range h.records {
			if have.slice == n && have.member == "a" && have.epoch == r.Epoch+2 {
				return true
			}
		}
		return false
	})
	h.check(t)
}

// TestBrokenListOfMembers: a list that ends before its end is an error, however many keys it had.
func TestBrokenListOfMembers(t *testing.T) {
	s, err := openStore(t.Context(), natstest.Connect(t, natstest.Start(t)), config("a").withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"x", "y", "z"} {
		if _, err := s.put(t.Context(), subject.MemberKey("test", id), memberRecord{V: version, Name: id}, 0); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if err := s.members(t.Context(), func(string) { n++ }); err != nil || n != 3 {
		t.Errorf("listed %d members, %v; want 3", n, err)
	}
	for after := 1; after <= 3; after++ {
		ctx, stop := context.WithCancel(t.Context())
		n := 0
		err := s.members(ctx, func(string) {
			if n++; n == after {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a list that was broken off after %d members gave %v", after, err)
		}
	}
}

func memberID(t *testing.T, s *store, name string) string {
	t.Helper()
	keys, err := s.kv.ListKeysFiltered(t.Context(), "test.member.*")
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	for key := range keys.Keys() {
		var e jetstream.KeyValueEntry
		if e, err = s.kv.Get(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		if r, err := parseMember(e.Value()); err != nil {
			t.Fatal(err)
		} else if r.Name == name {
			_, id, _ = subject.ParseMemberKey(key)
		}
	}
	return id
}
