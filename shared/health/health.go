// Package health says whether a program can do its work: what it depends on is reported here while it is away.
//
// A State travels in the context that a program runs with, as a trace does, so that a connection reports wherever it is made. Nothing
// but reports may be done with it.
package health

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// State is what is away, and since when. The zero State is well.
type State struct {
	mu   sync.Mutex
	away map[string]time.Time
}

type carried struct{}

// In makes s the state of everything that runs with the returned context.
func In(ctx context.Context, s *State) context.Context { return context.WithValue(ctx, carried{}, s) }

// Of is the state that ctx carries, or one that nobody asks.
func Of(ctx context.Context) *State {
	if s, ok := ctx.Value(carried{}).(*State); ok {
		return s
	}
	return new(State)
}

// Away says that something is missing from now on, until it is Back.
func (s *State) Away(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away == nil {
		s.away = map[string]time.Time{}
	}
	if _, known := s.away[what]; !known {
		s.away[what] = time.Now()
	}
}

// Back says that something is there, or not needed any more.
func (s *State) Back(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.away, what)
}

// Err names what has been away for longer than patience, the longest first.
func (s *State) Err(patience time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := slices.SortedFunc(maps.Keys(s.away), func(a, b string) int {
		return cmp.Or(s.away[a].Compare(s.away[b]), cmp.Compare(a, b))
	})
	if len(oldest) == 0 {
		return nil
	}
	if since := time.Since(s.away[oldest[0]]); since > patience {
		return fmt.Errorf("%s has been away for %s", oldest[0], since.Round(time.Second))
	}
	return nil
}
