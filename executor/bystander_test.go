package executor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// waiter counts, and waits for an answer from Discord in between.
const waiter = `
local kv, discord = require "@antiraid/kv", require "@antiraid/discord"
return { events = { MESSAGE_CREATE = function(ctx, event)
  kv.set("n", (kv.get("n") or 0) + 1)
  discord.get_member{ user_id = "1" }
  return kv.get("n")
end } }`

// awaited is an effect that a run waits for.
type awaited struct {
	effect.Effect
	inbox string
}

// awaited takes the effects out of their queue and gives those that runs wait for.
func (s *system) awaited() <-chan awaited {
	ch := make(chan awaited, 100)
	ctx, stop := context.WithCancel(s.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := s.bus.Take(ctx, bus.Taking{Stream: subject.Effects, Name: "test", Subject: subject.AllEffects}, func(m *bus.Taken) error {
			e := awaited{inbox: m.Get(subject.HeaderReply)}
			if err := json.Unmarshal(m.Data, &e.Effect); err != nil {
				return err
			}
			if e.Awaited {
				ch <- e
			}
			return m.Done(ctx)
		})
		if err != nil && ctx.Err() == nil {
			s.Error(err)
		}
	}()
	s.Cleanup(func() { stop(); <-done })
	return ch
}

// answer tells the waiting run that its effect was performed.
func (s *system) answer(e awaited) {
	s.Helper()
	data, err := json.Marshal(effect.Result{ID: e.ID, Status: 200, Body: json.RawMessage(`{}`)})
	if err == nil {
		err = s.bus.Send(e.inbox, data)
	}
	if err != nil {
		s.Fatal(err)
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

// TestWhoWasOnlyThereIsNotGivenUp has a run that waits for Discord in a process that another one ends: it is a suspect once, is cleared by
// a run of its own, and the other goes on to be given up.
func TestWhoWasOnlyThereIsNotGivenUp(t *testing.T) {
	s := newSystem(t)
	innocent, guilty := guild(t, 1), guild(t, 2)
	s.deploy(innocent, map[string]string{"waiter": waiter}, "MESSAGE_CREATE")
	s.change(innocent, func(b *bundle.Bundle) { b.Limits.Wall = 20 * time.Second })
	s.deploy(guilty, map[string]string{"breaker": breaker}, "MESSAGE_CREATE")
	effects := s.awaited()
	_, out := s.start(program(t, "faulty"), "ANTIRAID_WORKERS=1")

	s.publish(innocent, "MESSAGE_CREATE", "waits", `{}`)
	first := next(s, "effect", effects)
	s.publish(guilty, "MESSAGE_CREATE", "dies", `{"content":"die"}`)
	again := next(s, "effect", effects)
	if again.ID != first.ID {
		t.Errorf("the repeated run asks for effect %s, the first for %s", again.ID, first.ID)
	}
	s.answer(again)
	records := map[string]*run.Record{}
	for range 2 {
		r := s.record()
		records[r.Event] = r
	}
	if r := records["waits"]; r == nil || r.Outcome != run.OK || string(r.Reply) != "1" {
		t.Fatalf("the innocent run's record: %+v", r)
	}
	if r := records["dies"]; r == nil || r.Outcome != run.Quarantined || r.Attempt != strikes.Out+1 {
		t.Fatalf("the guilty run's record: %+v", r)
	}
	s.wantStrikes(blame.Run{Tenant: innocent, Seq: records["waits"].Seq, Template: "waiter"}, 1)
	s.wantStrikes(blame.Run{Tenant: guilty, Seq: records["dies"].Seq, Template: "breaker"}, strikes.Out)
	for suspects, want := range map[int]int{2: 1, 1: 2} {
		if n := strings.Count(out.String(), fmt.Sprintf(`"suspects":%d,`, suspects)); n != want {
			t.Errorf("%d deaths with %d suspects, want %d: after the first a suspect is the only run of its process", n, suspects, want)
		}
	}

	s.publish(innocent, "MESSAGE_CREATE", "later", `{}`)
	s.answer(next(s, "effect", effects))
	if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
		t.Errorf("the next event's record: %+v", r)
	}
}
