package lane_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/executor/internal/lane"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// stream is what is stored: parked lanes read it again.
type stream struct {
	mu      sync.Mutex
	events  []event.Event
	fetches int
}

func (s *stream) store(e event.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
}

// fetch answers as a server does, which stops behind the message with which there are bytes enough, and takes its time.
func (s *stream) fetch(_ context.Context, key lane.Key, from, to uint64, limit int) (out []event.Event, next uint64, err error) {
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetches++
	bytes := 0
	for _, e := range s.events {
		if e.Seq < from || e.Seq > to || e.Tenant != key.Tenant {
			continue
		}
		if limit == 0 || bytes > 700 {
			return out, next, nil
		}
		if limit, bytes, next = limit-1, bytes+len(e.Payload), e.Seq+1; lane.KeyOf(&e) == key {
			out = append(out, e)
		}
	}
	return out, to + 1, nil
}

// journal is what ran, per lane.
type journal struct {
	mu   sync.Mutex
	runs map[lane.Key][]uint64
	now  map[lane.Key]int
	bad  []string
}

func newJournal() *journal {
	return &journal{runs: map[lane.Key][]uint64{}, now: map[lane.Key]int{}}
}

func (j *journal) begin(key lane.Key, seq uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.now[key]++; j.now[key] > 1 {
		j.bad = append(j.bad, fmt.Sprint("two events of ", key, " ran at once"))
	}
	j.runs[key] = append(j.runs[key], seq)
}

func (j *journal) end(key lane.Key) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.now[key]--
}

// some handles events one after another and stops before the last where it was given several and the first is even, as a batch may.
func some(fn func(e event.Event)) func(context.Context, []event.Event) (int, error) {
	return func(_ context.Context, events []event.Event) (int, error) {
		if len(events) > 1 && events[0].Seq%2 == 0 {
			events = events[:len(events)-1]
		}
		for _, e := range events {
			fn(e)
		}
		return len(events), nil
	}
}

func id(t *testing.T, n int) tenant.ID {
	t.Helper()
	g, err := tenant.New(tenant.Guild, uint64(n))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestEveryEventRunsOnceInOrderWhateverIsParked has lanes that are short of places and of bytes.
func TestEveryEventRunsOnceInOrderWhateverIsParked(t *testing.T) {
	for seed := range uint64(100) {
		synctest.Test(t, func(t *testing.T) {
			r := newRandom(t, seed)
			l, _, err := lane.New(t.Context(), r.cfg, lane.Position{})
			if err != nil {
				t.Fatal(err)
			}
			r.push(l, 200)
			time.Sleep(time.Minute)
			synctest.Wait()
			if p := l.Position(); p.Seq != 200 || len(p.Parked) != 0 {
				t.Errorf("seed %d: at the end the position is %+v", seed, p)
			}
			l.Drain()
			for key, seqs := range r.want {
				if !slices.Equal(r.runs[key], seqs) {
					t.Errorf("seed %d: lane %v ran %v, want %v", seed, key, r.runs[key], seqs)
				}
			}
			r.check()
		})
	}
}

// TestASuccessorMissesNothing has partitions that are left and taken over at random: a lane may go back then, but it skips nothing.
func TestASuccessorMissesNothing(t *testing.T) {
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			r := newRandom(t, seed)
			var position lane.Position
			for tenure := range 8 {
				done := maps.Clone(r.runs)
				clear(r.runs)
				l, _, err := lane.New(t.Context(), r.cfg, position)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range r.events { // what the successor's reader reads
					if e.Seq > position.Seq {
						if err := l.Push(t.Context(), e); err != nil {
							t.Fatal(err)
						}
					}
				}
				r.push(l, r.rnd.IntN(60))
				switch {
				case tenure == 7:
					time.Sleep(time.Minute)
					l.Drain()
				case r.rnd.IntN(2) == 0: // a crash: what was done since is done again
					position = l.Position()
					time.Sleep(time.Duration(r.rnd.IntN(20)) * time.Millisecond)
					l.Drain()
				default:
					l.Drain()
					position = l.Position()
				}
				for key, seqs := range r.want {
					r.runs[key] = r.follow(key, seqs, done[key], r.runs[key])
				}
			}
			for key, seqs := range r.want {
				if !slices.Equal(r.runs[key], seqs) {
					t.Errorf("seed %d: lane %v ran up to %v of %v", seed, key, r.runs[key], seqs)
				}
			}
			r.check()
		})
	}
}

// random is a partition with everything at random.
type random struct {
	*testing.T
	*stream
	*journal
	seed  uint64
	rnd   *rand.Rand
	cfg   lane.Config
	bytes int64
	want  map[lane.Key][]uint64
}

func newRandom(t *testing.T, seed uint64) *random {
	r := &random{T: t, stream: &stream{}, journal: newJournal(), seed: seed, rnd: rand.New(rand.NewPCG(seed, 1)), want: map[lane.Key][]uint64{}}
	r.bytes = []int64{300, 1000, 4096, 1 << 20}[r.rnd.IntN(4)]
	r.cfg = lane.Config{
		Depth: 1 + r.rnd.IntN(4), Parked: 1 + r.rnd.IntN(3), Bytes: lane.NewBudget(r.bytes), Fetch: r.fetch, Batch: 1 + int(seed%3),
		Handle: some(func(e event.Event) {
			key := lane.KeyOf(&e)
			r.begin(key, e.Seq)
			time.Sleep(time.Duration(e.Seq*7919%13) * time.Millisecond)
			r.end(key)
		}),
	}
	return r
}

// push stores so many more events and gives them to the lanes; the position never goes back.
func (r *random) push(l *lane.Lanes, n int) {
	for range n {
		e := event.Event{Seq: uint64(len(r.events) + 1), Tenant: id(r.T, 1+r.rnd.IntN(5)*r.rnd.IntN(2)), Type: "X", Payload: make([]byte, r.rnd.IntN(200)*r.rnd.IntN(6))}
		if r.rnd.IntN(4) == 0 {
			e.Type = event.Interaction
		}
		r.store(e)
		key := lane.KeyOf(&e)
		r.want[key] = append(r.want[key], e.Seq)
		before := l.Position().Seq
		if err := l.Push(r.Context(), e); err != nil {
			r.Fatal(err)
		}
		if after := l.Position().Seq; after < before {
			r.Fatalf("seed %d: the position went back from %d to %d", r.seed, before, after)
		}
		time.Sleep(time.Duration(r.rnd.IntN(3)) * time.Millisecond)
	}
}

// follow checks that what a lane runs after what its predecessors ran is all of the lane's events from some place on that they reached, and
// returns what has run by now.
func (r *random) follow(key lane.Key, all, done, now []uint64) []uint64 {
	if len(now) == 0 {
		return done
	}
	from := slices.Index(all, now[0])
	if from > len(done) || len(now) > len(all)-from || !slices.Equal(now, all[from:from+len(now)]) {
		r.Errorf("seed %d: after %v lane %v ran %v, of %v", r.seed, done, key, now, all)
		return done
	}
	return all[:max(len(done), from+len(now))]
}

// check looks for events of one lane that ran at once, and for bytes that were not given back or twice: an event that needs all of them runs,
// and there is nothing left for another.
func (r *random) check() {
	r.Helper()
	if len(r.bad) > 0 {
		r.Errorf("seed %d: %v", r.seed, r.bad)
	}
	l, began := blocked(r.T, lane.Config{Depth: 1, Parked: 1, Bytes: r.cfg.Bytes,
		Fetch: func(ctx context.Context, _ lane.Key, _, _ uint64, _ int) ([]event.Event, uint64, error) {
			<-ctx.Done()
			return nil, 0, ctx.Err()
		}})
	for n := range 2 {
		if err := l.Push(r.Context(), event.Event{Seq: uint64(n + 1), Tenant: id(r.T, n+1), Type: "X", Payload: make([]byte, r.bytes)}); err != nil {
			r.Fatal(err)
		}
	}
	synctest.Wait()
	if load := l.Load(); len(began) != 1 || load.Parked != 1 {
		r.Errorf("seed %d: bytes are missing, or too many: %d runs began, %d lanes are parked", r.seed, len(began), load.Parked)
	}
}

func TestAFailureEndsThePartition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		l, failed, err := lane.New(t.Context(), lane.Config{Depth: 1, Parked: 1, Bytes: lane.NewBudget(1 << 20), Fetch: (&stream{}).fetch,
			Handle: func(context.Context, []event.Event) (int, error) { return 0, boom }}, lane.Position{})
		if err != nil {
			t.Fatal(err)
		}
		l.Push(t.Context(), event.Event{Seq: 1, Tenant: id(t, 1), Type: "X"})
		<-failed.Done()
		if err := context.Cause(failed); !errors.Is(err, boom) {
			t.Errorf("ended with %v", err)
		}
		if err := l.Push(t.Context(), event.Event{Seq: 2, Tenant: id(t, 1), Type: "X"}); !errors.Is(err, boom) {
			t.Errorf("a push after the failure gave %v", err)
		}
		l.Drain()
		if p := l.Position(); p.Seq != 0 {
			t.Errorf("the failed event is taken for done: %+v", p)
		}
	})
}

func TestInteractionsDoNotWaitForABacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := make(chan uint64, 8)
		release := make(chan struct{})
		l, _, err := lane.New(t.Context(), lane.Config{Depth: 4, Parked: 1, Bytes: lane.NewBudget(1 << 20), Fetch: (&stream{}).fetch,
			Handle: some(func(e event.Event) { started <- e.Seq; <-release })}, lane.Position{})
		if err != nil {
			t.Fatal(err)
		}
		l.Push(t.Context(), event.Event{Seq: 1, Tenant: id(t, 1), Type: "X"})
		l.Push(t.Context(), event.Event{Seq: 2, Tenant: id(t, 1), Type: "X"})
		l.Push(t.Context(), event.Event{Seq: 3, Tenant: id(t, 1), Type: event.Interaction})
		synctest.Wait()
		got := []uint64{<-started, <-started}
		slices.Sort(got)
		if !slices.Equal(got, []uint64{1, 3}) {
			t.Errorf("started %v, want the first event and the interaction", got)
		}
		close(release)
		l.Drain()
	})
}

// blocked are lanes whose runs do not end, and what has begun to run.
func blocked(t *testing.T, cfg lane.Config) (*lane.Lanes, chan event.Event) {
	t.Helper()
	began := make(chan event.Event, 100)
	cfg.Handle = func(ctx context.Context, events []event.Event) (int, error) {
		began <- events[0]
		<-ctx.Done()
		return 0, ctx.Err()
	}
	l, _, err := lane.New(t.Context(), cfg, lane.Position{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l, began
}

// TestFloodedLanesLeaveRoomForOthers floods lanes with more bytes than there are.
func TestFloodedLanesLeaveRoomForOthers(t *testing.T) {
	for _, tenants := range []int{1, 4, 20} {
		synctest.Test(t, func(t *testing.T) {
			s := &stream{}
			l, began := blocked(t, lane.Config{Depth: 128, Parked: 256, Bytes: lane.NewBudget(64 << 20), Fetch: s.fetch})
			seq := uint64(0)
			flood := func() {
				for n := range tenants {
					seq++
					e := event.Event{Seq: seq, Tenant: id(t, n+1), Type: "X", Payload: make([]byte, 300<<10)}
					s.store(e)
					if err := l.Push(t.Context(), e); err != nil {
						t.Fatal(err)
					}
				}
			}
			for range 100 {
				flood()
			}
			quiet := event.Event{Seq: seq + 1, Tenant: id(t, 1000), Type: "X", Payload: make([]byte, 900<<10)}
			s.store(quiet)
			if err := l.Push(t.Context(), quiet); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if len(began) != tenants+1 {
				t.Errorf("%d runs began beside %d flooded tenants, want one more", len(began), tenants)
			}
			if load := l.Load(); load.Parked != tenants || load.Waiting > 220 {
				t.Errorf("the load is %+v: more waits than there is room for", load)
			}
		})
	}
}

// TestALaneThatIsNotBehindReadsNothing begins where a predecessor was stuck with other lanes: the partition's reader gives what is not done.
func TestALaneThatIsNotBehindReadsNothing(t *testing.T) {
	for _, from := range []lane.Position{
		{Seq: 150, Parked: map[string]uint64{"g-1": 151}},
		{Seq: 100, Parked: map[string]uint64{"g-1": 150}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, j := &stream{}, newJournal()
			l, _, err := lane.New(t.Context(), lane.Config{Depth: 4, Parked: 4, Bytes: lane.NewBudget(1 << 20), Fetch: s.fetch,
				Handle: some(func(e event.Event) { j.begin(lane.KeyOf(&e), e.Seq); j.end(lane.KeyOf(&e)) })}, from)
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			for seq := from.Seq + 1; seq < 160; seq++ {
				if err := l.Push(t.Context(), event.Event{Seq: seq, Tenant: id(t, 1), Type: "X"}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
			}
			l.Drain()
			if ran := j.runs[lane.Key{Tenant: id(t, 1)}]; s.fetches > 0 || len(ran) != int(159-from.Seq) || l.Position().Seq != 159 {
				t.Errorf("from %+v: %d fetches, ran %v, at %+v", from, s.fetches, ran, l.Position())
			}
		})
	}
}

// TestALaneThatIsStuckHoldsNoPosition has one lane whose first event never ends.
func TestALaneThatIsStuckHoldsNoPosition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		l, _, err := lane.New(t.Context(), lane.Config{Depth: 4, Parked: 4, Bytes: lane.NewBudget(1 << 20), Fetch: (&stream{}).fetch,
			Handle: some(func(e event.Event) {
				if e.Seq == 1 {
					<-stuck
				}
			})}, lane.Position{})
		if err != nil {
			t.Fatal(err)
		}
		for seq := range uint64(20_000) {
			e := event.Event{Seq: seq + 1, Tenant: id(t, 2), Type: "X"}
			if seq == 0 {
				e.Tenant = id(t, 1)
			}
			if err := l.Push(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if p := l.Position(); p.Seq != 20_000 || len(p.Parked) != 1 || p.Parked["g-1"] != 1 {
			t.Errorf("the position is %+v", p)
		}
		close(stuck)
		synctest.Wait()
		if p := l.Position(); p.Seq != 20_000 || len(p.Parked) != 0 {
			t.Errorf("afterwards the position is %+v", p)
		}
		l.Drain()
	})
}

// TestWhoWaitsForRoomLeavesAtOnce has as many parked lanes as there may be.
func TestWhoWaitsForRoomLeavesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := blocked(t, lane.Config{Depth: 1, Parked: 1, Bytes: lane.NewBudget(1 << 20), Fetch: (&stream{}).fetch})
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		began := time.Now()
		for seq := uint64(1); ; seq++ {
			err := l.Push(ctx, event.Event{Seq: seq, Tenant: id(t, int(seq-1)/2+1), Type: "X"})
			if err != nil {
				if p := l.Position(); seq != 4 || !errors.Is(err, context.Canceled) || p.Seq != 2 || time.Since(began) != time.Second {
					t.Errorf("event %d: %v after %s, at %+v; want the fourth to wait for 1 s", seq, err, time.Since(began), p)
				}
				return
			}
		}
	})
}
