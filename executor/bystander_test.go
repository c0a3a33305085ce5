package executor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// waiter counts, and waits for an answer from Discord in between.
const waiter = `
local kv, discord = require "@antiraid/kv", require "@antiraid/discord"
return { events = { MESSAGE_CREATE = function(ctx, event)
  kv.set("n", (kv.get("n") or 0) + 1)
  discord.get_member{ user_id = "1" }
  return kv.get("n")
end } }`

// TestWhoWasOnlyThereIsNotGivenUp has a run that waits for Discord in a process that another one ends: it is a suspect once, is cleared by
// a run of its own, and the other goes on to be given up.
func TestWhoWasOnlyThereIsNotGivenUp(t *testing.T) {
	s := newSystem(t)
	innocent, guilty := guild(t, 1), guild(t, 2)
	s.deploy(innocent, map[string]string{"waiter": waiter}, "MESSAGE_CREATE")
	s.change(innocent, func(b *bundle.Bundle) { b.Limits.Wall = 20 * time.Second })
	s.deploy(guilty, map[string]string{"breaker": breaker}, "MESSAGE_CREATE")
	effects := s.discord()
	_, out := s.start(program(t, "faulty"), "ANTIRAID_WORKERS=1")

	s.publish(innocent, "MESSAGE_CREATE", "waits", `{}`)
	waits := effects.next()
	s.publish(guilty, "MESSAGE_CREATE", "dies", `{"content":"die"}`)
	effects.askedFor(waits, 2)
	effects.answer(waits)
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
	effects.answer(effects.next())
	if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
		t.Errorf("the next event's record: %+v", r)
	}
}
