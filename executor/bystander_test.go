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

// bystander counts, waits for an answer from Discord, and computes for some time if it is told to.
const bystander = `
local kv, discord = require "@antiraid/kv", require "@antiraid/discord"
return { events = { MESSAGE_CREATE = function(ctx, event)
  kv.set("n", (kv.get("n") or 0) + 1)
  discord.get_member{ user_id = "1" }
  for i = 1, event.loops or 0 do end
  return kv.get("n")
end } }`

// TestWhoWasOnlyThereIsNotGivenUp has a run in a process that another one ends. One that computes is a suspect once, is cleared by a run of its
// own, and the other goes on to be given up. One that waits for Discord is not even a suspect.
func TestWhoWasOnlyThereIsNotGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		loops, strikes int
		deaths         map[int]int // suspects → how often
	}{
		"computes": {30_000_000, 1, map[int]int{2: 1, 1: 2}},
		"waits":    {0, 0, map[int]int{2: 0, 1: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t)
			innocent, guilty := guild(t, 1), guild(t, 2)
			s.deploy(innocent, map[string]string{"bystander": bystander}, "MESSAGE_CREATE")
			s.change(innocent, func(b *bundle.Bundle) { b.Limits.Wall, b.Limits.Instructions = time.Minute, 1_000_000_000 })
			s.deploy(guilty, map[string]string{"breaker": breaker}, "MESSAGE_CREATE")
			effects := s.discord()
			_, out := s.start(program(t, "faulty"), "ANTIRAID_WORKERS=1")

			s.publish(innocent, "MESSAGE_CREATE", "there", fmt.Sprintf(`{"loops":%d}`, test.loops))
			asked := effects.next()
			if test.loops > 0 {
				effects.answer(asked)
			}
			s.publish(guilty, "MESSAGE_CREATE", "dies", `{"content":"die"}`)
			effects.askedFor(asked, 2)
			if test.loops == 0 {
				effects.answer(asked)
			}
			records := map[string]*run.Record{}
			for range 2 {
				r := s.record()
				records[r.Event] = r
			}
			if r := records["there"]; r == nil || r.Outcome != run.OK || string(r.Reply) != "1" {
				t.Fatalf("the innocent run's record: %+v", r)
			}
			if r := records["dies"]; r == nil || r.Outcome != run.Quarantined || r.Attempt != strikes.Out+1 {
				t.Fatalf("the guilty run's record: %+v", r)
			}
			s.wantStrikes(blame.Run{Tenant: innocent, Seq: records["there"].Seq, Template: "bystander"}, test.strikes)
			s.wantStrikes(blame.Run{Tenant: guilty, Seq: records["dies"].Seq, Template: "breaker"}, strikes.Out)
			for suspects, want := range test.deaths {
				if n := strings.Count(out.String(), fmt.Sprintf(`"suspects":%d,`, suspects)); n != want {
					t.Errorf("%d deaths with %d suspects, want %d: after the first a suspect is the only run of its process", n, suspects, want)
				}
			}

			s.publish(innocent, "MESSAGE_CREATE", "later", `{}`)
			effects.answer(effects.next())
			if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
				t.Errorf("the next event's record: %+v", r)
			}
		})
	}
}
