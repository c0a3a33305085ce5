package lane_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"

	"antiraid/executor/internal/lane"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// stream is what is stored: parked lanes read it again.
type stream struct {
	mu     sync.Mutex
	events []event.Event
}

func (s *stream) store(e event.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
}

func (s *stream) fetch(_ context.Context, key lane.Key, from, to uint64, limit int) (out []event.Event, all bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if e.Seq < from || e.Seq > to || lane.KeyOf(&e) != key {
			continue
		}
		if len(out) == limit {
			return out, false, nil
		}
		out = append(out, e)
	}
	return out, true, nil
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

func TestEveryEventRunsOnceInOrderWhateverIsParked(t *testing.T) {
	for seed := range uint64(50) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			s, j := &stream{}, newJournal()
			want := map[lane.Key][]uint64{}
			cfg := lane.Config{
				Depth: 1 + rnd.IntN(4), Parked: 1 + rnd.IntN(3), Bytes: semaphore.NewWeighted(4096), Fetch: s.fetch,
				Batch: 1 + int(seed%3),
				Handle: some(func(e event.Event) {
					key := lane.KeyOf(&e)
					j.begin(key, e.Seq)
					time.Sleep(time.Duration(e.Seq*7919%13) * time.Millisecond)
					j.end(key)
				}),
			}
			l, _, err := lane.New(t.Context(), cfg, lane.Position{})
			if err != nil {
				t.Fatal(err)
			}
			var last uint64
			for seq := range uint64(200) {
				e := event.Event{Seq: seq + 1, Tenant: id(t, 1+rnd.IntN(5)*rnd.IntN(2)), Type: "X", Payload: make([]byte, rnd.IntN(200))}
				if rnd.IntN(4) == 0 {
					e.Type = event.Interaction
				}
				s.store(e)
				want[lane.KeyOf(&e)] = append(want[lane.KeyOf(&e)], e.Seq)
				if err := l.Push(e); err != nil {
					t.Fatal(err)
				}
				if p := l.Position(); p.Seq < last {
					t.Fatalf("position went back from %d to %d", last, p.Seq)
				} else {
					last = p.Seq
				}
				time.Sleep(time.Duration(rnd.IntN(3)) * time.Millisecond)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if p := l.Position(); p.Seq != 200 || len(p.Parked) != 0 {
				t.Errorf("seed %d: at the end the position is %+v", seed, p)
			}
			l.Drain()
			for key, seqs := range want {
				if !slices.Equal(j.runs[key], seqs) {
					t.Errorf("seed %d: lane %v ran %v, want %v", seed, key, j.runs[key], seqs)
				}
			}
			if len(j.bad) > 0 {
				t.Errorf("seed %d: %v", seed, j.bad)
			}
		})
	}
}

func TestASuccessorMissesNothing(t *testing.T) {
	for seed := range uint64(100) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 2))
			s, done := &stream{}, map[uint64]int{}
			var mu sync.Mutex
			cfg := lane.Config{Depth: 2, Parked: 8, Bytes: semaphore.NewWeighted(1 << 20), Fetch: s.fetch, Batch: 1 + int(seed%3), Handle: some(func(e event.Event) {
				time.Sleep(3 * time.Millisecond)
				mu.Lock()
				done[e.Seq]++
				mu.Unlock()
			})}
			var position lane.Position
			for seq := uint64(1); seq <= 300; {
				l, _, err := lane.New(t.Context(), cfg, position)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range s.events { // what the successor's reader reads
					if e.Seq > position.Seq {
						if err := l.Push(e); err != nil {
							t.Fatal(err)
						}
					}
				}
				for range rnd.IntN(60) {
					e := event.Event{Seq: seq, Tenant: id(t, 1+rnd.IntN(4)), Type: "X"}
					s.store(e)
					if err := l.Push(e); err != nil {
						t.Fatal(err)
					}
					seq++
					time.Sleep(time.Duration(rnd.IntN(2)) * time.Millisecond)
				}
				if rnd.IntN(2) == 0 { // a crash: what was done since is done again
					position = l.Position()
					time.Sleep(time.Duration(rnd.IntN(20)) * time.Millisecond)
					l.Drain()
				} else {
					l.Drain()
					position = l.Position()
				}
			}
			l, _, err := lane.New(t.Context(), cfg, position)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range s.events {
				if e.Seq > position.Seq {
					if err := l.Push(e); err != nil {
						t.Fatal(err)
					}
				}
			}
			time.Sleep(time.Minute)
			l.Drain()
			for _, e := range s.events {
				if done[e.Seq] == 0 {
					t.Errorf("seed %d: event %d never ran", seed, e.Seq)
				}
			}
		})
	}
}

func TestAFailureEndsThePartition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		l, failed, err := lane.New(t.Context(), lane.Config{Depth: 1, Parked: 1, Bytes: semaphore.NewWeighted(1 << 20), Fetch: (&stream{}).fetch,
			Handle: func(context.Context, []event.Event) (int, error) { return 0, boom }}, lane.Position{})
		if err != nil {
			t.Fatal(err)
		}
		l.Push(event.Event{Seq: 1, Tenant: id(t, 1), Type: "X"})
		<-failed.Done()
		if err := context.Cause(failed); !errors.Is(err, boom) {
			t.Errorf("ended with %v", err)
		}
		if err := l.Push(event.Event{Seq: 2, Tenant: id(t, 1), Type: "X"}); !errors.Is(err, boom) {
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
		l, _, err := lane.New(t.Context(), lane.Config{Depth: 4, Parked: 1, Bytes: semaphore.NewWeighted(1 << 20), Fetch: (&stream{}).fetch,
			Handle: some(func(e event.Event) { started <- e.Seq; <-release })}, lane.Position{})
		if err != nil {
			t.Fatal(err)
		}
		l.Push(event.Event{Seq: 1, Tenant: id(t, 1), Type: "X"})
		l.Push(event.Event{Seq: 2, Tenant: id(t, 1), Type: "X"})
		l.Push(event.Event{Seq: 3, Tenant: id(t, 1), Type: event.Interaction})
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
