package narrator

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"antiraid/services/antiraid/internal/show"
	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
	"antiraid/shared/effect"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// told is what a narrator with a simulator says; its loop is played by the test.
func told(t *testing.T) (*Narrator, *strings.Builder) {
	t.Helper()
	var out strings.Builder
	n := New(&out, show.Paint{}, simulatortest.Start(t, simulator.Config{}), nil)
	return n, &out
}

func joined(t *testing.T, effects ...effect.Effect) *run.Record {
	t.Helper()
	g, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	for i := range effects {
		effects[i].Tenant = g
	}
	return &run.Record{Tenant: g, Template: "welcome", Type: "GUILD_MEMBER_ADD", Outcome: run.OK, Effects: effects, Started: time.Now()}
}

func do(op, args string) effect.Effect {
	return effect.Effect{ID: "ID" + op, Op: op, Args: json.RawMessage(args)}
}

func TestEachEffectMeetsItsRequestInEitherOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		effect  effect.Effect
		request simulator.Request
	}{
		"message":  {do("create_message", `{"channel_id":"5","content":"hi"}`), simulator.Request{Method: "POST", Route: "/channels/{channel}/messages", Path: "/channels/5/messages", Body: json.RawMessage(`{"nonce":"IDcreate_message"}`), Status: 200}},
		"reaction": {do("add_reaction", `{"channel_id":"5","message_id":"6","emoji":"⚠️"}`), simulator.Request{Method: "PUT", Route: "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", Path: "/channels/5/messages/6/reactions/⚠️/@me", Status: 204}},
		"member":   {do("get_member", `{"user_id":"9"}`), simulator.Request{Method: "GET", Route: "/guilds/{guild}/members/{user}", Path: "/guilds/7/members/9", Status: 200}},
		"ban":      {do("ban", `{"user_id":"9"}`), simulator.Request{Method: "PUT", Route: "/guilds/{guild}/bans/{user}", Path: "/guilds/7/bans/9", Status: 403}},
		"role":     {do("add_role", `{"user_id":"9","role_id":"8"}`), simulator.Request{Method: "PUT", Route: "/guilds/{guild}/members/{user}/roles/{role}", Path: "/guilds/7/members/9/roles/8", Status: 204}},
		"answer":   {do("create_interaction_response", `{"interaction_id":"3","interaction_token":"x"}`), simulator.Request{Method: "POST", Route: "/interactions/{interaction}/{token}/callback", Path: "/interactions/3/x/callback", Status: 204}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, recordFirst := range []bool{true, false} {
				n, out := told(t)
				busy := tc.request
				busy.Status = 429
				n.request(busy) // it will be sent again
				if recordFirst {
					n.record(joined(t, tc.effect))
				}
				if out.Len() > 0 {
					t.Fatalf("told too early: %s", out)
				}
				n.request(tc.request)
				if !recordFirst {
					n.record(joined(t, tc.effect))
				}
				if text := out.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "GUILD_MEMBER_ADD → welcome → "+tc.effect.Op) || !strings.Contains(text, " → Discord: "+tc.request.Method) {
					t.Errorf("record first %v: %q", recordFirst, text)
				}
			}
		})
	}
}

func TestWhatDoesNotReachDiscordIsToldAfterAWhile(t *testing.T) {
	n, out := told(t)
	n.label = "ada joins"
	r := joined(t, do("ban", `{"user_id":"9"}`))
	started := r.Started
	n.record(r)
	n.flush(time.Now().Add(patience / 2))
	if out.Len() > 0 {
		t.Fatalf("told too early: %s", out)
	}
	n.flush(time.Now().Add(2 * patience))
	if want := "ada joins                   GUILD_MEMBER_ADD → welcome → ban 9 → not at Discord yet\n"; out.String() != want {
		t.Errorf("told %q, want %q", out.String(), want)
	}
	out.Reset()
	arrival := simulator.Request{Method: "PUT", Route: "/guilds/{guild}/bans/{user}", Path: "/guilds/7/bans/9", Status: 204, Time: started.Add(41 * time.Second)}
	n.request(arrival)
	if want := "                            ↳ welcome → ban 9 → Discord: PUT …/bans/{user} 204  41.00 s\n"; out.String() != want {
		t.Errorf("told %q, want %q", out.String(), want)
	}
	n.request(arrival) // of somebody else's making
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("told of one arrival twice: %q", out.String())
	}
}

func TestAStepEndsWhenAllThatItWantsWasTold(t *testing.T) {
	n, _ := told(t)
	done := make(chan struct{})
	n.now = step{want: []Want{{"welcome", "ban"}, {"welcome", "ban"}}, done: done}
	for i := range 2 {
		select {
		case <-done:
			t.Fatalf("done after %d of 2", i)
		default:
		}
		n.record(joined(t, do("ban", `{"user_id":"9"}`)))
		n.request(simulator.Request{Method: "PUT", Route: "/guilds/{guild}/bans/{user}", Path: "/guilds/7/bans/9", Status: 204})
	}
	<-done
}
