// Package journal is a growing list that can be read, followed, and falls off at its old end.
package journal

import (
	"context"
	"iter"
	"sync"
)

// Journal is a list of what happened, in order. It keeps the last entries up to its size. It is safe for concurrent use.
type Journal[T any] struct {
	size int

	mu      sync.Mutex
	dropped int // entries that fell off
	entries []T
	more    chan struct{} // closed at the next Add
}

// New makes a journal that keeps between size and twice size entries.
func New[T any](size int) *Journal[T] {
	return &Journal[T]{size: size, more: make(chan struct{})}
}

// Add makes an entry from its number, which counts from 0, and appends it. f must be quick.
func (j *Journal[T]) Add(f func(n int) T) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, f(j.dropped+len(j.entries)))
	if len(j.entries) >= 2*j.size {
		j.dropped += len(j.entries) - j.size
		j.entries = append(make([]T, 0, 2*j.size), j.entries[len(j.entries)-j.size:]...)
	}
	close(j.more)
	j.more = make(chan struct{})
}

// Len is the number of entries ever made: the number of the next one.
func (j *Journal[T]) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped + len(j.entries)
}

// All is what is kept.
func (j *Journal[T]) All() []T { return j.From(0) }

// From is what is kept from number n on.
func (j *Journal[T]) From(n int) []T {
	entries, _, _ := j.from(n)
	return entries
}

// Follow is the entries from number from on, those of the future too, until ctx ends. Those that fell off are left out.
func (j *Journal[T]) Follow(ctx context.Context, from int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			entries, next, more := j.from(from)
			for _, e := range entries {
				if ctx.Err() != nil || !yield(e) {
					return
				}
			}
			from = next
			select {
			case <-more:
			case <-ctx.Done():
				return
			}
		}
	}
}

// from is a copy of the kept entries from a number on, the number after them, and what is closed when there is more.
func (j *Journal[T]) from(n int) ([]T, int, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	skip := min(max(n-j.dropped, 0), len(j.entries))
	return append([]T{}, j.entries[skip:]...), max(n, j.dropped+len(j.entries)), j.more
}
