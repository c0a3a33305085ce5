package simulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/services/simulator"
)

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestNonce(t *testing.T) {
	clock := newClock()
	s := newScene(t, simulator.Config{Unlimited: true, Now: clock.now})
	post := func(nonce any, enforce bool) answer {
		return s.bot.do("POST", s.messages, map[string]any{"content": "x", "nonce": nonce, "enforce_nonce": enforce})
	}
	id := func(a answer) simulator.ID { return as[simulator.Message](t, a.body).ID }

	first := post("one", true)
	if string(as[simulator.Message](t, first.body).Nonce) != `"one"` {
		t.Errorf("the nonce is not given back: %s", first.body)
	}
	if again := post("one", true); id(again) != id(first) {
		t.Error("an enforced nonce made a second message")
	}
	other := fmt.Sprintf("/channels/%d/messages", must(s.World().AddChannel(simulator.SampleGuild, simulator.Channel{Name: "other"})).ID)
	if again := s.bot.do("POST", other, map[string]any{"content": "x", "nonce": "one", "enforce_nonce": true}); id(again) != id(first) {
		t.Error("a nonce is the author's, not the channel's; another channel got a second message")
	}
	if again := post("one", false); id(again) == id(first) {
		t.Error("a nonce was enforced that nobody asked to enforce")
	}
	number := post(42, true)
	if again := post(42, true); id(again) != id(number) {
		t.Error("an enforced number made a second message")
	}
	lost := post("lost", true)
	s.bot.want(204, "DELETE", fmt.Sprintf("%s/%d", s.messages, id(lost)), nil)
	if again := post("lost", true); again.code() != 10008 {
		t.Errorf("the nonce of a deleted message brought %d %s, want Unknown Message", again.status, again.body)
	}
	clock.pass(3 * time.Minute)
	if again := post("one", true); id(again) == id(first) {
		t.Error("a nonce is remembered for ever, want a few minutes")
	}
}

func TestRepliesAndMentions(t *testing.T) {
	s := free(t)
	asked := must(s.World().Write(simulator.SampleChannel, s.member.ID, "hello"))
	form := func(allowed any) map[string]any {
		return map[string]any{
			"content": fmt.Sprintf("<@%d> <@&%d> @everyone", simulator.SampleOwner, simulator.SampleRole), "allowed_mentions": allowed,
			"message_reference": map[string]any{"message_id": asked.ID},
		}
	}
	for _, c := range []struct {
		name         string
		allowed      any
		users, roles int
		everyone     bool
	}{
		{"default", nil, 2, 1, true},
		{"nothing", map[string]any{"parse": []string{}}, 0, 0, false},
		{"roles", map[string]any{"parse": []string{"roles"}}, 0, 1, false},
		{"one user", map[string]any{"parse": []string{}, "users": []any{simulator.SampleOwner}}, 1, 0, false},
		{"replied", map[string]any{"parse": []string{}, "replied_user": true}, 1, 0, false},
	} {
		m := as[simulator.Message](t, s.bot.want(200, "POST", s.messages, form(c.allowed)).body)
		if len(m.Mentions) != c.users || len(m.MentionRoles) != c.roles || m.MentionEveryone != c.everyone {
			t.Errorf("%s: %d users, %d roles, everyone %v mentioned, want %d, %d, %v", c.name,
				len(m.Mentions), len(m.MentionRoles), m.MentionEveryone, c.users, c.roles, c.everyone)
		}
		if m.Type != 19 || m.ReferencedMessage == nil || m.ReferencedMessage.ID != asked.ID {
			t.Errorf("%s: the answer does not refer to what it answers", c.name)
		}
	}
	s.bot.refuse(400, 50035, "POST", s.messages, map[string]any{"content": "x", "message_reference": map[string]any{"message_id": "1"}})
}

func TestBotNeedsPermissions(t *testing.T) {
	s := free(t)
	m := must(s.World().Write(simulator.SampleChannel, s.member.ID, "hello"))
	if err := s.World().SetBotPermissions(simulator.SampleGuild, 0); err != nil {
		t.Fatal(err)
	}
	user := fmt.Sprintf("%s/members/%d", s.guild, s.member.ID)
	for _, c := range []struct{ method, path string }{
		{"PUT", fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID)},
		{"DELETE", user},
		{"PATCH", user},
		{"PUT", fmt.Sprintf("%s/roles/%d", user, simulator.SampleRole)},
		{"DELETE", fmt.Sprintf("%s/%d", s.messages, m.ID)},
	} {
		s.bot.refuse(403, 50013, c.method, c.path, map[string]any{"nick": "x"})
	}
	s.bot.want(200, "POST", s.messages, text("@everyone may write, and so may the bot"))
}

func TestPagesOfMessages(t *testing.T) {
	s := free(t)
	var ids []simulator.ID
	for i := range 10 {
		ids = append(ids, must(s.World().Write(simulator.SampleChannel, s.member.ID, fmt.Sprint(i))).ID)
	}
	for _, c := range []struct{ query, want string }{
		{"limit=3", "9 8 7"},
		{fmt.Sprintf("limit=2&before=%d", ids[5]), "4 3"},
		{fmt.Sprintf("limit=2&after=%d", ids[5]), "7 6"},
		{fmt.Sprintf("limit=3&around=%d", ids[5]), "6 5 4"},
		{fmt.Sprintf("limit=3&before=%d", ids[0]), ""},
	} {
		var got []string
		for _, m := range as[[]simulator.Message](t, s.bot.want(200, "GET", s.messages+"?"+c.query, nil).body) {
			got = append(got, m.Content)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s brings %v, want %s", c.query, got, c.want)
		}
	}
	s.bot.refuse(400, 50035, "GET", s.messages+"?limit=101", nil)
}

func TestComponentsAreCompleted(t *testing.T) {
	s := free(t)
	m := as[simulator.Message](t, s.bot.want(200, "POST", s.messages, map[string]any{"flags": 1 << 15, "components": []any{
		map[string]any{"type": 17, "components": []any{map[string]any{"type": 10, "content": "text"}}},
		map[string]any{"type": 1, "components": []any{map[string]any{"type": 3, "custom_id": "s", "options": []any{
			map[string]any{"label": "a", "value": "a"},
		}}}},
		map[string]any{"type": 14, "id": 99},
	}}).body)
	var ids []int
	for _, data := range m.Components {
		ids = append(ids, as[struct{ ID int }](t, data).ID)
	}
	if fmt.Sprint(ids) != "[1 3 99]" {
		t.Errorf("top components have ids %v, want [1 3 99]: counted through, given ones kept", ids)
	}
}

func TestPeopleWhoTakeNoDMs(t *testing.T) {
	s := free(t)
	dm := must(s.World().OpenDM(s.member.ID))
	s.World().RefuseDMs(s.member.ID, true)
	s.bot.refuse(403, 50007, "POST", fmt.Sprintf("/channels/%d/messages", dm.ID), text("hi"))
}

func TestBannedUsersStayOut(t *testing.T) {
	s := free(t)
	old := must(s.World().Write(simulator.SampleChannel, s.member.ID, "spam"))
	s.bot.edit = reasoned("raid%20of%20%C3%BCbel")
	s.bot.want(204, "PUT", fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID), map[string]any{"delete_message_seconds": 3600})
	s.bot.edit = nil
	if _, err := s.World().Join(simulator.SampleGuild, s.member.ID); err == nil {
		t.Error("a banned user joined")
	}
	s.bot.refuse(404, 10008, "GET", fmt.Sprintf("%s/%d", s.messages, old.ID), nil)
	ban := as[struct{ Reason string }](t, s.bot.want(200, "GET", fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID), nil).body)
	if ban.Reason != "raid of übel" {
		t.Errorf("the ban's reason is %q, want the header's, decoded", ban.Reason)
	}
	for _, r := range s.Journal().All() {
		if r.Method == "PUT" && (r.Reason != "raid of übel" || r.Guild != simulator.SampleGuild || !r.Applied || r.Status != 204) {
			t.Errorf("the journal has %+v", r)
		}
	}
}

func TestIDsAndTimesAreWrittenAsDiscordDoes(t *testing.T) {
	s := free(t)
	var m map[string]any
	body := s.bot.want(200, "POST", s.messages, text("<>&")).body
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), `"<>&"`) {
		t.Errorf("text is escaped as no Discord would: %s", body)
	}
	if at, ok := m["timestamp"].(string); !ok || !strings.HasSuffix(at, "+00:00") || len(at) != len("2026-07-01T12:00:00.000000+00:00") {
		t.Errorf("timestamp is %v", m["timestamp"])
	}
	for field, v := range m {
		if v == nil && field != "edited_timestamp" {
			t.Errorf("%s is null", field)
		}
	}
}
