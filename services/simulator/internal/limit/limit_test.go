package limit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWindowBeginsWithItsFirstRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now)
		b := Bucket{"b", 2, time.Second}
		time.Sleep(300 * time.Millisecond)
		for i, want := range []State{
			{Bucket: b, Remaining: 1, After: time.Second},
			{Bucket: b, Remaining: 0, After: 600 * time.Millisecond},
			{Bucket: b, Remaining: 0, After: 200 * time.Millisecond, Over: true},
			{Bucket: b, Remaining: 1, After: time.Second}, // at 1.2 s: a new window
		} {
			got := l.Take(b, "major")
			got.Reset = time.Time{}
			if got != want {
				t.Errorf("request %d: %+v, want %+v", i, got, want)
			}
			time.Sleep(400 * time.Millisecond)
		}
		if s := l.Take(b, "other"); s.Remaining != 1 {
			t.Errorf("another major parameter has %d left, want 1", s.Remaining)
		}
	})
}

func TestGlobalWindowIsTheClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now)
		time.Sleep(900 * time.Millisecond)
		for range 50 {
			if wait := l.TakeGlobal(50); wait != 0 {
				t.Fatalf("there was room, but the wait is %v", wait)
			}
		}
		if wait := l.TakeGlobal(50); wait != 100*time.Millisecond {
			t.Errorf("the 51st request waits %v, want 100ms", wait)
		}
		time.Sleep(100 * time.Millisecond)
		if wait := l.TakeGlobal(50); wait != 0 {
			t.Errorf("in the next second the wait is %v", wait)
		}
	})
}

func TestInvalidRequestsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now)
		l.Invalid()
		time.Sleep(4 * time.Minute)
		l.Invalid()
		if n, left := l.Invalids(); n != 2 || left != 6*time.Minute {
			t.Errorf("%d invalid requests for %v, want 2 for 6m", n, left)
		}
		time.Sleep(6 * time.Minute)
		if n, _ := l.Invalids(); n != 0 {
			t.Errorf("%d invalid requests after 10 min, want 0", n)
		}
	})
}

func TestManyWindowsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now)
		for i := range 30000 {
			l.Take(Bucket{"b", 1, time.Millisecond}, time.Duration(i).String())
			time.Sleep(time.Millisecond)
		}
		if len(l.windows) > 10001 {
			t.Errorf("%d windows are kept", len(l.windows))
		}
	})
}
