// Package metric is the figures of an executor. Labels are from small closed sets: never tenants or templates.
//
// A process counts into a [Set], which is a piece of memory. A worker's is on the page it shares with its supervisor, so counting costs no
// system call and what a worker counted outlives it. A [Board] shows the sets of all workers together; counters never go back.
package metric

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"antiraid/shared/run"
)

// Words of a set. The counters come first: they outlive their process. The gauges end with it.
const (
	wordRuns     = 0
	wordBuckets  = wordRuns + 8
	wordNanos    = wordBuckets + 16
	counters     = wordNanos + 1
	wordHeld     = counters
	wordLanes    = wordHeld + 1
	wordParked   = wordLanes + 1
	wordWaiting  = wordParked + 1
	words        = wordWaiting + 1
	outcomeOther = 7
)

// Size is how many bytes a set takes.
const Size = words * 8

// outcomes are the labels of runs, by their word; what is not among them is counted as other.
var outcomes = [...]run.Outcome{run.OK, run.Error, run.Budget, run.Timeout, run.Denied, run.Quarantined}

// bounds are the upper bounds of the histogram's buckets; the last bucket has none.
var bounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
	10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second,
}

// Set is what one process counts. A nil Set counts nothing.
type Set struct{ words []atomic.Uint64 }

// New makes a set of its own.
func New() *Set { return &Set{make([]atomic.Uint64, words)} }

// In is the set that lies in memory shared with another process. The memory begins at a multiple of 8.
func In(mem []byte) (*Set, error) {
	if len(mem) < Size || uintptr(unsafe.Pointer(&mem[0]))%8 != 0 {
		return nil, fmt.Errorf("count in shared memory: it has %d bytes, want %d that begin at a multiple of 8", len(mem), Size)
	}
	return &Set{unsafe.Slice((*atomic.Uint64)(unsafe.Pointer(&mem[0])), words)}, nil
}

// Ran counts a run that ended.
func (s *Set) Ran(o run.Outcome, took time.Duration) {
	if s == nil {
		return
	}
	place := slices.Index(outcomes[:], o)
	if place < 0 {
		place = outcomeOther
	}
	s.words[wordRuns+place].Add(1)
	bucket := 0
	for bucket < len(bounds) && took > bounds[bucket] {
		bucket++
	}
	s.words[wordBuckets+bucket].Add(1)
	s.words[wordNanos].Add(uint64(max(took, 0)))
}

// Held counts partitions in (1) and out (-1).
func (s *Set) Held(n int) { s.move(wordHeld, n) }

// Lanes is how the lanes of a partition stand.
type Lanes struct {
	Lanes   int // with events
	Parked  int // of them, those whose backlog stays in the stream
	Waiting int // events in memory that are not done
}

// Moved counts how a partition's lanes stand now, and stood when it was last counted.
func (s *Set) Moved(now, before Lanes) {
	s.move(wordLanes, now.Lanes-before.Lanes)
	s.move(wordParked, now.Parked-before.Parked)
	s.move(wordWaiting, now.Waiting-before.Waiting)
}

func (s *Set) move(word, n int) {
	if s != nil && n != 0 {
		s.words[word].Add(uint64(n)) // below 0 it wraps around, and back
	}
}
