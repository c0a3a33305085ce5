package commit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/event"
	"antiraid/shared/natstest"
	"antiraid/shared/plain"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

var errDead = errors.New("the process died")

// process is one executor's view of the buckets; several share a server.
func process(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), natstest.Connect(t, url))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var guild, _ = tenant.New(tenant.Guild, 7)

func acquire(t *testing.T, s *Store, position uint64) *Tenant {
	t.Helper()
	ten, err := s.Acquire(t.Context(), guild, position, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ten
}

func identity(seq uint64, lane Lane) Identity {
	e := event.Event{ID: fmt.Sprint("e", seq), Seq: seq, Tenant: guild, Type: "X"}
	return Identity{Event: e, Lane: lane, Template: "tpl", Bundle: 3, Run: e.ID + "/tpl"}
}

// transfer is a run that moves 1 from a to b, notes its event and sends one effect: any half of it shows.
func transfer(t *testing.T, ten *Tenant, id Identity) *Tx {
	t.Helper()
	return transferIn(t, ten.Group(), id)
}

// transferIn is transfer on top of a group.
func transferIn(t *testing.T, g *Group, id Identity) *Tx {
	t.Helper()
	tx := g.Begin(id, nil)
	for key, step := range map[string]int{"a": -1, "b": 1} {
		v, err := tx.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if v != nil {
			if err := json.Unmarshal(v, &n); err != nil {
				t.Fatal(err)
			}
		}
		tx.Set(t.Context(), key, json.RawMessage(fmt.Sprint(n+step)))
	}
	tx.Set(t.Context(), fmt.Sprint("seen.", id.Event.Seq), json.RawMessage("true"))
	if _, err := tx.Do(t.Context(), "create_message", json.RawMessage(`{"channel_id":"1"}`), false); err != nil {
		t.Fatal(err)
	}
	return tx
}

// commit commits a transaction as a group of its own.
func commit(t *testing.T, tx *Tx) error {
	add(t, tx, record(tx))
	return tx.group.Commit(t.Context(), nil)
}

// add makes a run part of its group, which has room for it.
func add(t *testing.T, tx *Tx, rec *run.Record) {
	t.Helper()
	if added, err := tx.group.Add(tx, rec); !added || err != nil {
		t.Fatalf("a run was not added to its group: %t, %v", added, err)
	}
}

func record(tx *Tx) *run.Record {
	return &run.Record{Run: tx.Run, Seq: tx.Event.Seq, Tenant: guild, Template: tx.Template, Outcome: run.OK}
}

// records are the run ids that were recorded, with the outcome if it is a failure.
func records(t *testing.T, s *Store) (ids []string) {
	t.Helper()
	err := s.bus.ReadAll(t.Context(), bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}}, func(m *bus.Message) error {
		var r run.Record
		err := json.Unmarshal(m.Data, &r)
		if r.Outcome != run.OK {
			r.Run += " " + string(r.Outcome)
		}
		ids = append(ids, r.Run)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func value(t *testing.T, s *Store, key string) string {
	t.Helper()
	e, err := s.state.Last(t.Context(), subject.StateKey(guild, "tpl", key))
	if err != nil {
		t.Fatal(err)
	}
	if e.Deleted {
		return ""
	}
	return string(e.Value)
}

func effects(t *testing.T, s *Store) (ids []string) {
	t.Helper()
	end := errors.New("the last one")
	err := s.bus.Take(t.Context(), bus.Taking{Stream: subject.Effects, Name: "test", Subject: subject.AllEffects}, func(m *bus.Taken) error {
		var e effect.Effect
		if err := json.Unmarshal(m.Data, &e); err != nil {
			return err
		}
		ids = append(ids, e.Event)
		if m.Pending == 0 {
			return end
		}
		return nil
	})
	if !errors.Is(err, end) {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// dieAt lets the n-th passing of any point be the last instruction.
func dieAt(s *Store, n int) (points *[]string) {
	points = new([]string)
	s.point = func(name string) error {
		*points = append(*points, name)
		if len(*points) >= n {
			return errDead
		}
		return nil
	}
	return points
}

func TestARunIsAllOrNothingWhereverTheProcessDies(t *testing.T) {
	for n := 1; ; n++ {
		url := natstest.Start(t)
		first := process(t, url)
		if err := commit(t, transfer(t, acquire(t, first, 0), identity(1, Main))); err != nil {
			t.Fatal(err)
		}
		points := dieAt(first, n)
		ten := acquire(t, first, 0)
		err := commit(t, transfer(t, ten, identity(2, Main)))
		if err == nil {
			if n < 7 {
				t.Fatalf("only %d points between the instructions of a commit: %v", n-1, *points)
			}
			return
		}
		if !errors.Is(err, errDead) {
			t.Fatal(err)
		}
		second := process(t, url)
		ten = acquire(t, second, 1)
		decided := slices.Contains((*points)[:n], "committed")
		if got := ten.Done(Main, 2, "tpl"); got != decided {
			t.Errorf("died at %v: the successor takes the event for done: %v, want %v", *points, got, decided)
		}
		want := "1"
		if decided {
			want = "2"
		}
		if a, b, seen := value(t, second, "a"), value(t, second, "b"), value(t, second, "seen.2"); a != "-"+want || b != want || (seen != "") != decided {
			t.Errorf("died at %v: a=%s b=%s seen=%q, want all or nothing", *points, a, b, seen)
		}
		err = commit(t, transfer(t, ten, identity(2, Main)))
		if decided != errors.Is(err, ErrDone) || !decided && err != nil {
			t.Errorf("died at %v: the repeated run ended with %v", *points, err)
		}
		if a, b := value(t, second, "a"), value(t, second, "b"); a != "-2" || b != "2" {
			t.Errorf("died at %v: after the repeated run a=%s b=%s", *points, a, b)
		}
		if got := effects(t, second); !slices.Equal(got, []string{"e1", "e2"}) {
			t.Errorf("died at %v: effects of %v", *points, got)
		}
		if got := records(t, second); !slices.Equal(got, []string{"e1/tpl", "e2/tpl"}) {
			t.Errorf("died at %v: records of %v", *points, got)
		}
	}
}

func TestAGroupIsAllOrNothingWhereverTheProcessDies(t *testing.T) {
	for n := 1; ; n++ {
		url := natstest.Start(t)
		first := process(t, url)
		ten := acquire(t, first, 0)
		if err := commit(t, transfer(t, ten, identity(1, Main))); err != nil {
			t.Fatal(err)
		}
		points := dieAt(first, n)
		err := pair(t, ten)
		if err == nil {
			if n < 9 {
				t.Fatalf("only %d points between the instructions of a commit: %v", n-1, *points)
			}
			return
		}
		if !errors.Is(err, errDead) {
			t.Fatal(err)
		}
		second := process(t, url)
		ten = acquire(t, second, 1)
		decided := slices.Contains((*points)[:n], "committed")
		if two, three := ten.Done(Main, 2, "tpl"), ten.Done(Main, 3, "tpl"); two != decided || three != decided {
			t.Errorf("died at %v: the successor takes the events for done: %v and %v, want %v", *points, two, three, decided)
		}
		want := "1"
		if decided {
			want = "3"
		}
		if a, b := value(t, second, "a"), value(t, second, "b"); a != "-"+want || b != want {
			t.Errorf("died at %v: a=%s b=%s, want all or nothing", *points, a, b)
		}
		if err := pair(t, ten); decided != errors.Is(err, ErrDone) || !decided && err != nil {
			t.Errorf("died at %v: the repeated runs ended with %v", *points, err)
		}
		if a, b := value(t, second, "a"), value(t, second, "b"); a != "-3" || b != "3" {
			t.Errorf("died at %v: after the repeated runs a=%s b=%s", *points, a, b)
		}
		if got := effects(t, second); !slices.Equal(got, []string{"e1", "e2", "e3"}) {
			t.Errorf("died at %v: effects of %v", *points, got)
		}
		if got := records(t, second); !slices.Equal(got, []string{"e1/tpl", "e2/tpl", "e3/tpl"}) {
			t.Errorf("died at %v: records of %v", *points, got)
		}
	}
}

// pair commits the runs of events 2 and 3 as one group.
func pair(t *testing.T, ten *Tenant) error {
	t.Helper()
	g := ten.Group()
	for seq := uint64(2); seq <= 3; seq++ {
		tx := transferIn(t, g, identity(seq, Main))
		add(t, tx, record(tx))
	}
	return g.Commit(t.Context(), nil)
}

func TestACommitThatCouldNotBeAppliedIsAppliedBeforeTheNext(t *testing.T) {
	for _, point := range []string{"write", "effect", "record"} {
		s := process(t, natstest.Start(t))
		ten := acquire(t, s, 0)
		away := errors.New("the server is away")
		s.point = func(name string) error {
			if name == point {
				s.point = nil
				return away
			}
			return nil
		}
		tx := transfer(t, ten, identity(1, Main))
		if err := commit(t, tx); !errors.Is(err, away) {
			t.Fatalf("%s: the commit ended with %v", point, err)
		}
		if err := tx.group.Commit(t.Context(), nil); !errors.Is(err, ErrDone) {
			t.Errorf("%s: asked again, it ended with %v", point, err)
		}
		if a, got := value(t, s, "a"), effects(t, s); a != "-1" || !slices.Equal(got, []string{"e1"}) || len(records(t, s)) != 1 {
			t.Errorf("%s: a=%s, effects of %v, records %v", point, a, got, records(t, s))
		}
	}
}

// performer performs effects by looking at the state.
type performer func()

func (p performer) Await(_ context.Context, e effect.Effect) (effect.Result, error) {
	p()
	return effect.Result{ID: e.ID}, nil
}

func TestBeforeAnAwaitedEffectTheRunsBeforeAreCommitted(t *testing.T) {
	for _, meddle := range []bool{false, true} {
		s := process(t, natstest.Start(t))
		ten := acquire(t, s, 0)
		g := ten.Group()
		first := transferIn(t, g, identity(1, Main))
		add(t, first, record(first))
		performed, other := "", make(chan error, 1)
		second := g.Begin(identity(2, Main), performer(func() {
			performed = value(t, s, "a")
			if meddle {
				meddler := transfer(t, ten, identity(3, Interactive))
				add(t, meddler, record(meddler))
				go func() { other <- meddler.group.Commit(t.Context(), nil) }()
			}
		}))
		if v, _ := second.Get(t.Context(), "a"); string(v) != "-1" {
			t.Errorf("the second run reads %s, not what the first would write", v)
		}
		if _, err := second.Do(t.Context(), "get_member", json.RawMessage(`{}`), true); err != nil {
			t.Fatal(err)
		}
		if performed != "-1" {
			t.Errorf("when the effect was performed a was %q", performed)
		}
		second.Set(t.Context(), "a", json.RawMessage("-2"))
		add(t, second, record(second))
		if err := g.Commit(t.Context(), nil); err != nil {
			t.Errorf("other lane would write meanwhile: %v; the commit ended with %v", meddle, err)
		}
		ten.Unpin(Main)
		if meddle {
			if err := <-other; !errors.Is(err, ErrConflict) {
				t.Errorf("the other lane, which had read what changed, ended with %v", err)
			}
		}
		if a := value(t, s, "a"); a != "-2" {
			t.Errorf("a=%s", a)
		}
	}
}

func TestAFormerOwnerChangesNothing(t *testing.T) {
	url := natstest.Start(t)
	former, owner := process(t, url), process(t, url)
	old := acquire(t, former, 0)
	if err := commit(t, transfer(t, old, identity(1, Main))); err != nil {
		t.Fatal(err)
	}
	late := transfer(t, old, identity(2, Main)) // has read, is paused before its commit
	now := acquire(t, owner, 1)
	for seq := uint64(2); seq <= 4; seq++ {
		if err := commit(t, transfer(t, now, identity(seq, Main))); err != nil {
			t.Fatal(err)
		}
	}
	if err := commit(t, late); !errors.Is(err, ErrDone) {
		t.Errorf("the late commit of a done event ended with %v", err)
	}
	stale := old.Group().Begin(identity(9, Main), nil)
	stale.Set(t.Context(), "a", json.RawMessage("999"))
	if err := commit(t, transfer(t, now, identity(5, Main))); err != nil {
		t.Fatal(err)
	}
	if err := commit(t, stale); !errors.Is(err, ErrFenced) && !errors.Is(err, ErrConflict) {
		t.Errorf("a commit behind the owner's back ended with %v", err)
	}
	if a, b := value(t, owner, "a"), value(t, owner, "b"); a != "-5" || b != "5" {
		t.Errorf("a=%s b=%s", a, b)
	}
}

// A run that failed is over as well as one that did not, and only one of several owners says how.
func TestAnEventHasOneOutcome(t *testing.T) {
	url := natstest.Start(t)
	former, owner := process(t, url), process(t, url)
	old, now := acquire(t, former, 0), acquire(t, owner, 0)
	fail := func(ten *Tenant, seq uint64) error {
		tx := transfer(t, ten, identity(seq, Main))
		tx.Fail()
		rec := record(tx)
		rec.Outcome, rec.Failure = run.Timeout, &run.Failure{Message: "too long", Budget: "wall"}
		add(t, tx, rec)
		return tx.group.Commit(t.Context(), nil)
	}
	if err := fail(old, 1); err != nil {
		t.Fatal(err)
	}
	if err := commit(t, transfer(t, now, identity(1, Main))); !errors.Is(err, ErrDone) || !now.Done(Main, 1, "tpl") {
		t.Errorf("an event whose run failed ended, when it was run again, with %v", err)
	}
	if err := commit(t, transfer(t, now, identity(2, Main))); err != nil {
		t.Fatal(err)
	}
	if err := fail(old, 2); !errors.Is(err, ErrDone) {
		t.Errorf("a former owner's failure of a done event ended with %v", err)
	}
	if a, got := value(t, owner, "a"), records(t, owner); a != "-1" || !slices.Equal(got, []string{"e1/tpl timeout", "e2/tpl"}) {
		t.Errorf("a=%s, records %q", a, got)
	}
}

func TestALateApplyDoesNotOverwriteWhatIsNewer(t *testing.T) {
	url := natstest.Start(t)
	former, owner := process(t, url), process(t, url)
	old := acquire(t, former, 0)
	paused, resume := make(chan struct{}), make(chan struct{})
	former.point = func(name string) error {
		if name == "committed" {
			close(paused)
			<-resume
		}
		return nil
	}
	done := make(chan error)
	go func() { done <- commit(t, transfer(t, old, identity(1, Main))) }()
	<-paused
	now := acquire(t, owner, 0)
	for seq := uint64(2); seq <= 3; seq++ {
		if err := commit(t, transfer(t, now, identity(seq, Main))); err != nil {
			t.Fatal(err)
		}
	}
	gone := now.Group().Begin(identity(4, Main), nil)
	gone.Delete(t.Context(), "seen.1")
	if err := commit(t, gone); err != nil {
		t.Fatal(err)
	}
	close(resume)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if a, b, seen := value(t, owner, "a"), value(t, owner, "b"), value(t, owner, "seen.1"); a != "-3" || b != "3" || seen != "" {
		t.Errorf("a=%s b=%s seen.1=%q", a, b, seen)
	}
	if got := effects(t, owner); !slices.Equal(got, []string{"e1", "e2", "e3"}) {
		t.Errorf("effects of %v", got)
	}
}

func TestLanesOfATenantAreSerializable(t *testing.T) {
	s := process(t, natstest.Start(t))
	var g sync.WaitGroup
	var mu sync.Mutex
	again := 0
	for lane := range lanes {
		g.Go(func() {
			ten, err := s.Acquire(t.Context(), guild, 0, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Release(ten)
			for i := range uint64(100) {
				id := identity(2*i+uint64(lane)+1, lane)
				for {
					err := commit(t, transfer(t, ten, id))
					if err == nil {
						break
					}
					if !errors.Is(err, ErrConflict) {
						t.Error(err)
						return
					}
					mu.Lock()
					again++
					mu.Unlock()
				}
			}
		})
	}
	g.Wait()
	if a, b := value(t, s, "a"), value(t, s, "b"); a != "-200" || b != "200" {
		t.Errorf("a=%s b=%s after 200 transfers, %d of them run again", a, b, again)
	}
	if again == 0 {
		t.Error("no run met another: the test shows nothing")
	}
}

func TestARunOfAnySizeHasAnOutcome(t *testing.T) {
	texts := map[string]string{"plain": "x", "html": "<", "control": "\x01", "line": "\u2028"}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			s := process(t, natstest.Start(t))
			ten := acquire(t, s, 0)
			big := func(bytes int) json.RawMessage {
				data, err := plain.JSON(strings.Repeat(text, bytes/len(text)))
				if err != nil {
					t.Fatal(err)
				}
				return data
			}
			var seq uint64
			end := func(set func(tx *Tx, rec *run.Record)) *run.Record {
				seq++
				tx := ten.Group().Begin(identity(seq, Main), nil)
				rec := record(tx)
				set(tx, rec)
				add(t, tx, rec)
				if err := tx.group.Commit(t.Context(), nil); err != nil {
					t.Errorf("run %d: %v", seq, err)
				}
				return rec
			}
			half := big(250 << 10)
			if len(half) < 300<<10 {
				if rec := end(func(tx *Tx, _ *run.Record) { tx.Set(t.Context(), "1", half); tx.Set(t.Context(), "2", half) }); rec.Outcome != run.OK {
					t.Errorf("half a MiB ended with %+v", rec.Failure)
				}
			}
			for _, large := range []func(*Tx, *run.Record){
				func(tx *Tx, _ *run.Record) {
					for i := range 5 {
						tx.Set(t.Context(), fmt.Sprint("large", i), half)
					}
				},
				func(_ *Tx, rec *run.Record) { rec.Reply, rec.Log = big(1<<20), []run.Line{{Message: "said"}} },
				func(tx *Tx, rec *run.Record) {
					tx.Set(t.Context(), "large1", json.RawMessage("1"))
					rec.Log = []run.Line{{Message: strings.Repeat(text, 1<<20)}}
				},
			} {
				if rec := end(large); rec.Outcome != run.Budget || rec.Failure.Budget != "kv_bytes" || value(t, s, "large1") != "" {
					t.Errorf("more than one commit may hold ended with %s, %+v", rec.Outcome, rec.Failure)
				}
			}
			if got := len(records(t, s)); got != int(seq) {
				t.Errorf("%d of %d runs are recorded", got, seq)
			}
		})
	}
}

func BenchmarkCommit(b *testing.B) {
	url := natstest.Start(b)
	s, err := Open(b.Context(), natstest.Connect(b, url))
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ writes, group int }{{0, 1}, {1, 1}, {2, 1}, {1, 8}, {1, 32}} {
		b.Run(fmt.Sprintf("writes=%d/group=%d", c.writes, c.group), func(b *testing.B) {
			ten, err := s.Acquire(context.Background(), guild, 0, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Release(ten)
			seq := ten.head.Lanes[Main].Seq
			b.ReportAllocs()
			g := ten.Group()
			for i := 0; b.Loop(); i++ {
				seq++
				tx := g.Begin(identity(seq, Main), nil)
				for w := range c.writes {
					tx.Set(b.Context(), fmt.Sprint("k", w), json.RawMessage("1"))
				}
				if added, err := g.Add(tx, record(tx)); !added || err != nil {
					b.Fatal(added, err)
				}
				if i%c.group == c.group-1 {
					if err := g.Commit(b.Context(), nil); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
