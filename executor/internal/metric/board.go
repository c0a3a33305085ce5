package metric

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Board shows the sets of all processes that run events, together.
type Board struct {
	mu       sync.Mutex
	live     map[*Set]struct{}
	gone     [counters]uint64 // what ended processes counted
	replaced map[string]uint64
}

// NewBoard makes a board and registers it, or finds the one that is registered already; with a nil registry nobody sees it.
func NewBoard(registry prometheus.Registerer) (*Board, error) {
	b := &Board{live: map[*Set]struct{}{}, replaced: map[string]uint64{}}
	if registry == nil {
		return b, nil
	}
	err := registry.Register(b)
	var there prometheus.AlreadyRegisteredError
	if errors.As(err, &there) {
		if old, ok := there.ExistingCollector.(*Board); ok {
			return old, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("register figures: %w", err)
	}
	return b, nil
}

// Show adds a set until hide is called, which must be before its memory is gone.
func (b *Board) Show(s *Set) (hide func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live[s] = struct{}{}
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, shown := b.live[s]; !shown {
			return
		}
		delete(b.live, s)
		for word := range b.gone {
			b.gone[word] += s.words[word].Load()
		}
	}
}

// Replaced counts a worker that had to be replaced.
func (b *Board) Replaced(reason string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.replaced[reason]++
}

var (
	runs     = describe("runs_total", "Runs that ended, repeated ones included.", "outcome")
	seconds  = describe("run_seconds", "How long runs took, waiting for effects included.")
	held     = describe("partitions_held", "Partitions of the stream that this executor works on.")
	lanes    = describe("lanes", "Tenants' lanes that have events.")
	parked   = describe("lanes_parked", "Lanes whose backlog stays in the stream.")
	waiting  = describe("events_waiting", "Events in memory that are not done.")
	workers  = describe("workers", "Processes that run events.")
	replaced = describe("workers_replaced_total", "Worker processes that were replaced.", "reason")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("antiraid_executor_"+name, help, labels, nil)
}

// Describe and Collect make a Board a collector.
func (b *Board) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{runs, seconds, held, lanes, parked, waiting, workers, replaced} {
		ch <- d
	}
}

// Collect gives the figures as they are.
func (b *Board) Collect(ch chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.sum()
	for place, outcome := range outcomes {
		ch <- prometheus.MustNewConstMetric(runs, prometheus.CounterValue, float64(now[wordRuns+place]), string(outcome))
	}
	if n := now[wordRuns+outcomeOther]; n > 0 {
		ch <- prometheus.MustNewConstMetric(runs, prometheus.CounterValue, float64(n), "other")
	}
	ch <- histogram(now)
	for desc, n := range map[*prometheus.Desc]float64{
		held: float64(int64(now[wordHeld])), lanes: float64(int64(now[wordLanes])), parked: float64(int64(now[wordParked])),
		waiting: float64(int64(now[wordWaiting])), workers: float64(len(b.live)),
	} {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, n)
	}
	for reason, n := range b.replaced {
		ch <- prometheus.MustNewConstMetric(replaced, prometheus.CounterValue, float64(n), reason)
	}
}

func (b *Board) sum() (now [words]uint64) {
	copy(now[:], b.gone[:])
	for s := range b.live {
		for word := range now {
			now[word] += s.words[word].Load()
		}
	}
	return now
}

func histogram(now [words]uint64) prometheus.Metric {
	below, n := map[float64]uint64{}, uint64(0)
	for i, bound := range bounds {
		n += now[wordBuckets+i]
		below[bound.Seconds()] = n
	}
	n += now[wordBuckets+len(bounds)]
	return prometheus.MustNewConstHistogram(seconds, n, time.Duration(now[wordNanos]).Seconds(), below)
}
