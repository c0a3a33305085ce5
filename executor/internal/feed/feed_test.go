package feed_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"antiraid/executor/internal/feed"
	"antiraid/shared/bus"
	"antiraid/shared/natstest"
	"antiraid/shared/tenant"
)

// seen is what a partition's sink was given.
type seen struct {
	mu   sync.Mutex
	seqs []uint64
}

func (s *seen) add(m *bus.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seqs = append(s.seqs, m.Seq)
}

func (s *seen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seqs)
}

func TestEachPartitionSeesEachOfItsEventsOnceInOrder(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { refuse(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

// refuse publishes while partitions come and go and sinks refuse offers at random, and checks what each was given.
func refuse(t *testing.T, rnd *rand.Rand) {
	b := natstest.Connect(t, natstest.Start(t))
	f := feed.New(b, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	parts.Go(func() { f.Run(ctx) })
	want := map[int][]uint64{}
	publish := func(n int) {
		for range n {
			id, err := tenant.New(tenant.Guild, 1+rnd.Uint64N(500))
			if err != nil {
				t.Fatal(err)
			}
			seq, err := b.PublishEvent(t.Context(), id, "X", "", []byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			want[id.Partition()] = append(want[id.Partition()], seq)
		}
	}
	publish(200)
	got := make([]seen, tenant.Partitions)
	var ends [tenant.Partitions]context.CancelFunc
	begin := func(p int) {
		pctx, end := context.WithCancel(ctx)
		ends[p] = end
		var refusals sync.Mutex
		random := rand.New(rand.NewPCG(uint64(p), rnd.Uint64()))
		parts.Go(func() {
			err := f.Read(pctx, p, 1, feed.Sink{
				Take: func(m *bus.Message) error { got[p].add(m); return nil },
				Offer: func(m *bus.Message) bool {
					refusals.Lock()
					defer refusals.Unlock()
					if random.IntN(10) == 0 {
						return false
					}
					got[p].add(m)
					return true
				},
			})
			if err != nil {
				t.Errorf("partition %d ended with %v", p, err)
			}
		})
	}
	for p := range 60 {
		begin(p)
		if p%7 == 0 {
			publish(50)
		}
	}
	publish(500)
	for p := 20; p < 60; p++ { // fewer than it takes: the rest read alone
		ends[p]()
	}
	publish(300)
	deadline := time.Now().Add(20 * time.Second)
	for p := range 20 {
		for got[p].count() < len(want[p]) && time.Now().Before(deadline) {
			select {
			case <-t.Context().Done():
			case <-time.After(5 * time.Millisecond):
			}
		}
		if !slices.Equal(got[p].seqs, want[p]) {
			t.Errorf("partition %d was given %d messages %v, want %d %v", p, len(got[p].seqs), tail(got[p].seqs), len(want[p]), tail(want[p]))
		}
	}
	stop()
	parts.Wait()
	for p := 20; p < 60; p++ {
		if n := len(got[p].seqs); n > len(want[p]) || !slices.Equal(got[p].seqs, want[p][:n]) {
			t.Errorf("partition %d, ended early, was given %v of %v", p, tail(got[p].seqs), tail(want[p]))
		}
	}
}

func tail(seqs []uint64) string {
	return "…" + strconv.Quote(fmt.Sprint(seqs[max(0, len(seqs)-12):]))
}

// TestPartitionsThatComeAndGoDisturbNobody counts the consumers that are made while one process takes all partitions and leaves some again.
func TestPartitionsThatComeAndGoDisturbNobody(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	var made atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	parts.Go(func() {
		b.Serve(ctx, "$JS.EVENT.ADVISORY.CONSUMER.CREATED.EVENTS.*", 1, func(context.Context, []byte) (any, error) {
			made.Add(1)
			return nil, nil
		})
	})
	f := feed.New(b, slog.New(slog.DiscardHandler))
	parts.Go(func() { f.Run(ctx) })
	var ends [tenant.Partitions]context.CancelFunc
	came := make(chan int, 2*tenant.Partitions)
	for p := range tenant.Partitions {
		pctx, end := context.WithCancel(ctx)
		ends[p] = end
		parts.Go(func() {
			f.Read(pctx, p, 1, feed.Sink{
				Take:  func(*bus.Message) error { came <- p; return nil },
				Offer: func(*bus.Message) bool { came <- p; return true },
			})
		})
	}
	each := func(from int) {
		seen := map[int]bool{}
		for n := uint64(1); len(seen) < tenant.Partitions-from; n++ {
			id, err := tenant.New(tenant.Guild, n)
			if err != nil {
				t.Fatal(err)
			}
			if p := id.Partition(); p >= from && !seen[p] {
				seen[p] = true
				if _, err := b.PublishEvent(t.Context(), id, "X", "", []byte("{}")); err != nil {
					t.Fatal(err)
				}
			}
		}
		for len(seen) > 0 {
			delete(seen, <-came)
		}
	}
	each(0)
	before := made.Load()
	if most := int64(tenant.Partitions/3 + 1); before > most {
		t.Errorf("%d consumers were made for %d partitions, want at most %d", before, tenant.Partitions, most)
	}
	for p := range 30 {
		ends[p]()
	}
	each(30)
	if after := made.Load(); after > before {
		t.Errorf("%d consumers were made because others left", after-before)
	}
	stop()
	parts.Wait()
}
