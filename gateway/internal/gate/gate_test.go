package gate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/metric"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

type answer struct {
	info discord.Info
	err  error
}

func (a answer) Info(context.Context) (discord.Info, error) { return a.info, a.err }

func gates(t *testing.T, n int, a answer, floor int) []*Gate {
	t.Helper()
	url := natstest.Start(t)
	m, err := metric.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []*Gate
	for range n { // each with a connection of its own, as in a process of its own
		bucket, err := kv.Open(t.Context(), natstest.Connect(t, url), subject.Gateway)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, New(bucket, a, floor, m))
	}
	return all
}

func TestProcessesStandInOneLine(t *testing.T) {
	var (
		mu    sync.Mutex
		times []time.Time
		all   sync.WaitGroup
	)
	for _, g := range gates(t, 4, answer{}, 0) {
		for range 5 {
			all.Go(func() {
				wait, err := g.reserve(t.Context(), 0)
				mu.Lock()
				defer mu.Unlock()
				times = append(times, time.Now().Add(wait))
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	slices.SortFunc(times, time.Time.Compare)
	for i := range times[1:] {
		if apart := times[i+1].Sub(times[i]); apart < 5*time.Second || apart > 2*spacing {
			t.Errorf("places %d and %d are %s apart", i, i+1, apart)
		}
	}
}

func TestBucketsDoNotWaitForEachOther(t *testing.T) {
	g := gates(t, 1, answer{info: discord.Info{Remaining: 1000, Concurrency: 16}}, 0)[0]
	for shard := range 16 {
		if err := g.Acquire(t.Context(), shard); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Acquire(ctx, 16); err == nil {
		t.Error("shard 16 did not wait behind shard 0")
	}
}

func TestABrokenConnectionDoesNotCostThePlace(t *testing.T) {
	g := gates(t, 1, answer{info: discord.Info{Remaining: 1000, Concurrency: 1}}, 0)[0]
	for shard := range 3 { // 0 s, 5.5 s, 11 s
		if _, err := g.place(t.Context(), shard); err != nil {
			t.Fatal(err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	before := g.places[2]
	for range 100 {
		if g.Approach(gone, 2) == nil || g.Acquire(gone, 2) == nil {
			t.Fatal("did not wait")
		}
	}
	if at, err := g.place(t.Context(), 2); err != nil || !at.Equal(before) {
		t.Errorf("its place moved from %s to %s, %v", before, at, err)
	}
	if err := g.Acquire(t.Context(), 0); err != nil {
		t.Error(err)
	}
	if at, err := g.place(t.Context(), 0); err != nil || at.Sub(before) < 5*time.Second {
		t.Errorf("after it was used the next place is %s after the last in line, %v", at.Sub(before), err)
	}
	g.places[2] = time.Now().Add(-time.Second) // missed
	if at, err := g.place(t.Context(), 2); err != nil || at.Before(before) {
		t.Errorf("a missed place became %s, %v", at, err)
	}
	g.places[2] = time.Now().Add(lead)
	if err := g.Approach(t.Context(), 2); err != nil {
		t.Error(err)
	}
}

func TestALineThatWasEmptyForLongDoesNotWait(t *testing.T) {
	g := gates(t, 1, answer{}, 0)[0]
	for stored, most := range map[string]time.Duration{
		`{"next":"2020-01-01T00:00:00Z"}`: 0,
		`{"next":"2999-01-01T00:00:00Z"}`: spacing, // not written by a gateway of ours
		`nonsense`:                        spacing,
	} {
		if _, err := g.bucket.Put(t.Context(), subject.GatewayPermit(3), []byte(stored)); err != nil {
			t.Fatal(err)
		}
		if wait, err := g.reserve(t.Context(), 3); err != nil || wait > most {
			t.Errorf("after %s: wait %s, %v", stored, wait, err)
		}
	}
}

func TestTheLastSessionStartsAreKeptBack(t *testing.T) {
	info := discord.Info{Remaining: 50, Total: 1000, ResetAfter: time.Hour, Concurrency: 1}
	g := gates(t, 1, answer{info: info}, 50)[0]
	var budget *ErrBudget
	err := g.Acquire(t.Context(), 0)
	if !errors.As(err, &budget) || budget.ResetAfter != time.Hour {
		t.Fatalf("gave %v", err)
	}
	for _, want := range []string{"50 of 1000", "identify_floor", "1h0m0s"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
	g.ask = answer{info: discord.Info{Remaining: 51, Concurrency: 1}}
	if err := g.Acquire(t.Context(), 0); err != nil {
		t.Errorf("one above the floor gave %v", err)
	}
}

func TestDiscordAway(t *testing.T) {
	away := errors.New("away")
	g := gates(t, 1, answer{err: away}, 0)[0]
	if err := g.Acquire(t.Context(), 0); !errors.Is(err, away) {
		t.Errorf("gave %v", err)
	}
}
