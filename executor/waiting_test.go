package executor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// asker asks Discord for something and waits for it.
const asker = `
local discord, kv = require "@antiraid/discord", require "@antiraid/kv"
return { events = {
  X = function(ctx, event)
    local n = kv.get("n") or 0
    discord.get_member{ user_id = "1" }
    kv.set("n", n + 1)
    return n
  end,
  INTERACTION_CREATE = function(ctx, event)
    kv.set("n", (kv.get("n") or 0) + 1)
  end,
} }`

// within takes records until one is of the event, and reports how long that took.
func (s *system) within(limit time.Duration, event string) (*run.Record, time.Duration) {
	s.Helper()
	began, late := time.Now(), time.After(limit)
	for {
		select {
		case r := <-s.records:
			if r.Event == event && r.Template != "_bundle" {
				return r, time.Since(began)
			}
		case <-late:
			s.Fatalf("event %s has no record after %s", event, limit)
		}
	}
}

// TestRunsThatWaitKeepNobodyFromRunning has more runs wait for Discord than may compute at once.
func TestRunsThatWaitKeepNobodyFromRunning(t *testing.T) {
	s := newSystem(t)
	const tenants = 200
	for n := range tenants {
		s.deploy(guild(t, n+1), map[string]string{"asker": asker}, "X")
	}
	quiet := guild(t, 1000)
	s.deploy(quiet, map[string]string{"counter": `local kv = require "@antiraid/kv" local count = function() kv.set("n", (kv.get("n") or 0) + 1) end
return { events = { INTERACTION_CREATE = count, Y = count } }`}, "INTERACTION_CREATE", "Y")
	effects := s.discord()
	s.executor("one")
	for n := range tenants {
		s.publish(guild(t, n+1), "X", fmt.Sprint("x", n), `{}`)
	}
	for range 150 {
		effects.next() // nobody answers
	}
	for _, typ := range []string{"INTERACTION_CREATE", "Y"} {
		s.publish(quiet, typ, "quiet "+typ, `{}`)
		if _, took := s.within(20*time.Second, "quiet "+typ); took > time.Second {
			t.Errorf("an event of %s took %s while the runs of 150 tenants waited", typ, took)
		}
	}
}

// TestNobodyPerformsEffectsForAWhile has effects wait for longer than a run may take: no script is to blame for that.
func TestNobodyPerformsEffectsForAWhile(t *testing.T) {
	s := newSystem(t)
	pauses := make(chan string, 10)
	go s.bus.Serve(t.Context(), subject.CallPause, 1, func(_ context.Context, data []byte) (any, error) {
		pauses <- string(data)
		return api.PauseReply{}, nil
	})
	id := guild(t, 7)
	s.deploy(id, map[string]string{"asker": asker}, "X")
	s.change(id, func(b *bundle.Bundle) { b.PauseAfter, b.Limits.Wall = 2, 200*time.Millisecond })
	s.executor("one")
	for n := range 4 {
		s.publish(id, "X", fmt.Sprint("x", n), `{}`)
	}
	away := s.discord()
	first := away.next()
	away.askedFor(first, 4)
	away.answer(first)
	for n := range 4 {
		if n > 0 {
			away.answer(away.next())
		}
		r, _ := s.within(20*time.Second, fmt.Sprint("x", n))
		if r.Outcome != run.OK || string(r.Reply) != fmt.Sprint(n) {
			t.Errorf("event %d ended with %s %s %+v", n, r.Outcome, r.Reply, r.Failure)
		}
	}
	if len(pauses) > 0 {
		t.Errorf("asked to pause: %s", <-pauses)
	}
}

// TestWhoListsAllTheTimeHasAnOutcome has a script spend its time on asking the store, which is well: that is the script's own doing.
func TestWhoListsAllTheTimeHasAnOutcome(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"lister": `
local kv = require "@antiraid/kv"
return { events = {
  FILL = function() for i = 1, 1400 do kv.set(("k"):rep(490) .. i, i) end end,
  X = function() while true do kv.list("", 1000) end end,
} }`}, "FILL", "X")
	s.change(id, func(b *bundle.Bundle) {
		b.Limits.KVOps, b.Limits.KVBytes, b.Limits.Instructions = 10_000, 768<<10, 1_000_000_000
	})
	s.executor("one")
	s.publish(id, "FILL", "fill", `{}`)
	if r, _ := s.within(20*time.Second, "fill"); r.Outcome != run.OK { // from now on it is the store that has the keys, too many to be kept
		t.Fatalf("filling ended with %s %+v", r.Outcome, r.Failure)
	}
	s.publish(id, "X", "x", `{}`)
	if r, took := s.within(20*time.Second, "x"); r.Outcome != run.Timeout || r.Failure.Budget != "wall" || r.Attempt != 1 {
		t.Errorf("ended after %s and %d lists with %s %+v in attempt %d", took, r.Usage.KVOps, r.Outcome, r.Failure, r.Attempt)
	}
}

// TestBothLanesOfATenantGoOn has interactions change, all the time, what a run of the other lane reads before it waits.
func TestBothLanesOfATenantGoOn(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"asker": asker}, "X", "INTERACTION_CREATE")
	effects := s.discord()
	s.executor("one")
	const events, each = 5, 10
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range events {
			e := effects.next()
			pause(t, 50*time.Millisecond)
			effects.answer(e)
		}
	}()
	for n := range events {
		s.publish(id, "X", fmt.Sprint("x", n), `{}`)
		for i := range each {
			s.publish(id, "INTERACTION_CREATE", fmt.Sprintf("i%d.%d", n, i), `{}`)
		}
	}
	var last int
	for seen := 0; seen < events*(each+1); {
		r := s.record()
		if r.Outcome != run.OK {
			t.Errorf("%s ended with %s %+v", r.Event, r.Outcome, r.Failure)
		}
		for _, w := range r.Writes {
			var n int
			if err := json.Unmarshal(w.Value, &n); err != nil {
				t.Fatal(err)
			}
			last = max(last, n)
		}
		seen++
	}
	<-done
	if last != events*(each+1) {
		t.Errorf("%d runs counted to %d", events*(each+1), last)
	}
	for id, n := range effects.known {
		if n > 3 {
			t.Errorf("effect %s was asked for %d times", id, n)
		}
	}
}

// TestARunThatBreaksItsMachineIsGivenUp has a fault of ours in a door: it is nobody else's trouble.
func TestARunThatBreaksItsMachineIsGivenUp(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"breaker": breaker}, "MESSAGE_CREATE")
	s.start(program(t, "faulty"), "ANTIRAID_WORKERS=1")
	s.publish(id, "MESSAGE_CREATE", "bad", `{"content":"panic"}`)
	s.publish(id, "MESSAGE_CREATE", "good", `{"content":""}`)
	if r, _ := s.within(20*time.Second, "bad"); r.Outcome != run.Quarantined || r.Usage.KVOps < 2 {
		t.Errorf("the run that breaks its machine ended with %s %+v, %+v", r.Outcome, r.Failure, r.Usage)
	}
	if r, _ := s.within(20*time.Second, "good"); r.Outcome != run.OK {
		t.Errorf("the next event ended with %s %+v", r.Outcome, r.Failure)
	}
}

// TestARunThatSaysTooMuchBlocksNobody has a record that is larger than a message may be, with and without writes.
func TestARunThatSaysTooMuchBlocksNobody(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"talker": `
local log, kv = require "@antiraid/log", require "@antiraid/kv"
return { events = { X = function(ctx, event)
  log.info("said")
  if event.write then kv.set("a", 1) end
  return event.text:rep(event.n)
end } }`}, "X")
	s.executor("one")
	number := 0
	for _, write := range []bool{false, true} {
		for _, text := range []string{"<", "\x01", "\u2028", "\"", "é"} {
			for _, n := range []int{200_000, 1} {
				number++
				payload, err := json.Marshal(map[string]any{"write": write, "text": text, "n": n})
				if err != nil {
					t.Fatal(err)
				}
				s.publish(id, "X", fmt.Sprint("x", number), string(payload))
				r, _ := s.within(20*time.Second, fmt.Sprint("x", number))
				if r.Outcome != run.OK && (n == 1 || r.Outcome != run.Budget || r.Failure.Limit == 0) {
					t.Errorf("%q %d times ended with %s %+v", text, n, r.Outcome, r.Failure)
				}
			}
		}
	}
}
