package executor_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/subject"
)

// discord answers the effects that runs wait for, when the test says so. A repeated run asks again and gets its answer again.
type discord struct {
	s     *system
	asked chan effect.Effect // the first time each

	mu      sync.Mutex
	inboxes map[string]string // of unanswered effects, by id
	known   map[string]int    // how often an effect was asked for
}

// discord takes the effects out of their queue.
func (s *system) discord() *discord {
	d := &discord{s: s, asked: make(chan effect.Effect, 1000), inboxes: map[string]string{}, known: map[string]int{}}
	ctx, stop := context.WithCancel(s.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := s.bus.Take(ctx, bus.Taking{Stream: subject.Effects, Name: "test", Subject: subject.AllEffects}, func(m *bus.Taken) error {
			var e effect.Effect
			err := json.Unmarshal(m.Data, &e)
			if err == nil && e.Awaited {
				err = d.take(e, m.Get(subject.HeaderReply))
			}
			return errors.Join(err, m.Done(ctx))
		})
		if err != nil && ctx.Err() == nil {
			s.Error(err)
		}
	}()
	s.Cleanup(func() { stop(); <-done })
	return d
}

func (d *discord) take(e effect.Effect, inbox string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[e.ID]++
	_, open := d.inboxes[e.ID]
	switch first := d.known[e.ID] == 1; {
	case first:
		d.asked <- e
		fallthrough
	case open:
		d.inboxes[e.ID] = inbox
		return nil
	}
	return d.send(e.ID, inbox)
}

// next waits for an effect that was not asked for before.
func (d *discord) next() effect.Effect {
	d.s.Helper()
	return next(d.s, "effect", d.asked)
}

// answer lets the run go on that waits for an effect, or will wait for it again.
func (d *discord) answer(e effect.Effect) {
	d.s.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	inbox := d.inboxes[e.ID]
	delete(d.inboxes, e.ID)
	if err := d.send(e.ID, inbox); err != nil {
		d.s.Fatal(err)
	}
}

func (d *discord) send(id, inbox string) error {
	data, err := json.Marshal(effect.Result{ID: id, Status: 200, Body: json.RawMessage(`{}`)})
	if err == nil {
		err = d.s.bus.Send(inbox, data)
	}
	return err
}

// askedFor waits until an effect was asked for so many times.
func (d *discord) askedFor(e effect.Effect, times int) {
	d.s.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; pause(d.s.T, 10*time.Millisecond) {
		d.mu.Lock()
		n := d.known[e.ID]
		d.mu.Unlock()
		if n >= times {
			return
		}
		if time.Now().After(deadline) {
			d.s.Fatalf("effect %s was asked for %d times within 20 s, want %d", e.ID, n, times)
		}
	}
}

// next waits for one of what comes.
func next[T any](s *system, what string, ch <-chan T) T {
	s.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(20 * time.Second):
		s.Fatalf("no %s came within 20 s", what)
		panic("unreachable")
	}
}
