package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/gateway/internal/session"
)

// slice is a lease in memory that remembers when it was written.
type slice struct {
	mu       sync.Mutex
	position json.RawMessage
	start    time.Time
	commits  []time.Duration
	err      error
}

func (s *slice) Position() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position
}

func (s *slice) Commit(_ context.Context, position json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits = append(s.commits, time.Since(s.start))
	if s.err == nil {
		s.position = position
	}
	return s.err
}

// saved is when it was written, counted from the start.
func (s *slice) saved() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commits)
}

func (s *slice) kept(t *testing.T) session.State {
	t.Helper()
	return session.NewKeeper(s, "x", time.Second, slog.New(slog.DiscardHandler)).Current()
}

func running(t *testing.T, s *slice) *session.Keeper {
	s.start = time.Now()
	k := session.NewKeeper(s, "x", time.Second, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { k.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return k
}

var begun = session.State{ID: "abc", ResumeURL: "wss://r", Bot: 99, Seq: 1}

func TestBeginningsAreSavedAtOnceAndPositionsOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slice{}
		k := running(t, s)
		k.Begin(begun)
		synctest.Wait()
		for i := range 30 { // 3.3 s
			<-time.After(110 * time.Millisecond)
			k.Advance("abc", int64(2+i))
		}
		<-time.After(1200 * time.Millisecond)
		if at := s.saved(); len(at) != 5 || at[0] != 0 {
			t.Errorf("saved at %v, want at once and then each second", at)
		}
		if got := s.kept(t); got.Seq != 31 || got.ID != "abc" || got.ResumeURL != "wss://r" || got.Bot != 99 {
			t.Errorf("kept %+v", got)
		}
		k.Advance("abc", 32)
		synctest.Wait()
		k.Drop()
		synctest.Wait()
		if got := s.kept(t); got.ID != "" || slices.Max(s.saved()) != 4500*time.Millisecond {
			t.Errorf("kept %+v, saved at %v", got, s.saved())
		}
	})
}

func TestPositionsOfOtherSessionsAndOlderOnesAreIgnored(t *testing.T) {
	k := session.NewKeeper(&slice{}, "x", time.Second, slog.New(slog.DiscardHandler))
	k.Begin(begun)
	k.Advance("other", 50)
	k.Advance("abc", 7)
	k.Advance("abc", 6)
	if got := k.Current(); got.Seq != 7 {
		t.Errorf("at %+v", got)
	}
}

func TestWhatCannotBeSavedIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slice{err: errors.New("away")}
		k := running(t, s)
		k.Begin(begun)
		<-time.After(2500 * time.Millisecond)
		s.mu.Lock()
		s.err = nil
		s.mu.Unlock()
		<-time.After(time.Second)
		if got := s.kept(t); got.ID != "abc" || len(s.saved()) != 4 {
			t.Errorf("kept %+v after %v", got, s.saved())
		}
	})
}

func TestOnlyUsableSessionsAreTakenUp(t *testing.T) {
	for position, want := range map[string]string{
		`{"id":"abc","resume_url":"wss://r","bot":"99","seq":7,"settings":"x"}`: "abc",
		`{"id":"abc","seq":7,"settings":"x","later":{"field":1}}`:               "abc",
		`{"id":"abc","seq":7,"settings":"y"}`:                                   "",
		`{"id":"abc","seq":7}`:                                                  "",
		`{"id":"abc","settings":"x"}`:                                           "",
		`{"id":"abc","seq":-7,"settings":"x"}`:                                  "",
		`{"seq":7,"settings":"x"}`:                                              "",
		`{"id":7,"settings":"x"}`:                                               "",
		`null`:                                                                  "",
	} {
		s := &slice{position: json.RawMessage(position)}
		if got := s.kept(t); got.ID != want || got.Settings != "x" {
			t.Errorf("%s was taken up as %+v", position, got)
		}
	}
}
