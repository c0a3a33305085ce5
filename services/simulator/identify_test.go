package simulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

func TestReadyAndGuilds(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c := dial(t, s.URL(), "v=10&encoding=json")
	f := c.next()
	if d := as[struct {
		Interval int `json:"heartbeat_interval"`
	}](t, f.D); f.Op != 10 || f.S != nil || d.Interval != 41250 {
		t.Fatalf("first frame is op %d %s, want HELLO with 41250 ms", f.Op, f.D)
	}
	c.say(2, ident(s))
	f = c.next()
	r := as[told](t, f.D)
	if f.T != "READY" || *f.S != 1 || r.User.ID != s.Application() || r.App.ID != s.Application().String() || !r.User.Bot ||
		r.SessionID == "" || !strings.HasPrefix(r.ResumeURL, "ws://") || r.Shard != nil || len(r.Guilds) != 1 || r.Guilds[0]["unavailable"] != true {
		t.Errorf("READY is %s", f.D)
	}
	f = c.next()
	g := as[map[string]any](t, f.D)
	if f.T != "GUILD_CREATE" || *f.S != 2 || g["id"] != simulator.SampleGuild.String() || g["member_count"] != 2.0 {
		t.Errorf("after READY came %s %s", f.T, f.D)
	}
	for _, list := range []string{"voice_states", "members", "channels", "threads", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds", "roles", "emojis", "features"} {
		if _, ok := g[list].([]any); !ok {
			t.Errorf("GUILD_CREATE has %s = %v, want a list", list, g[list])
		}
	}
	if n := s.Gateway().Sessions(); n != 1 {
		t.Errorf("%d sessions are connected, want 1", n)
	}
}

// TestLeniences is what real clients do and Discord takes.
func TestLeniences(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	for name, d := range map[string]map[string]any{
		"bot token":     ident(s, "token", "Bot "+s.Token().Reveal()),
		"old names":     ident(s, "properties", map[string]string{"$os": "x"}, "presence", map[string]any{"game": nil}),
		"one shard":     ident(s, "shard", []int{0, 1}),
		"no intents":    ident(s, "intents", 0),
		"unknown field": ident(s, "guild_subscriptions", true, "large_threshold", 250),
	} {
		c := hello(t, s)
		c.say(2, d)
		if f := c.next(); f.T != "READY" {
			t.Errorf("%s: got op %d %s, want READY", name, f.Op, f.T)
		}
	}
	for _, beat := range []any{nil, 0, 5} {
		c := hello(t, s)
		c.say(1, beat)
		if f := c.next(); f.Op != 11 {
			t.Errorf("heartbeat with d %v got op %d, want an ACK", beat, f.Op)
		}
	}
}

func TestIdentifyGate(t *testing.T) {
	clock := newClock()
	s := simulatortest.Start(t, simulator.Config{Now: clock.now, MaxConcurrency: 2, IdentifyBudget: 6})
	limit := func() map[string]any {
		a := newBot(t, s).want(200, "GET", "/gateway/bot", nil)
		return as[map[string]any](t, a.body)["session_start_limit"].(map[string]any)
	}
	if l := limit(); fmt.Sprint(l["remaining"], l["total"], l["reset_after"], l["max_concurrency"]) != "6 6 0 2" {
		t.Errorf("at first the limit is %v", l)
	}
	shard := func(id int) []any { return []any{"shard", []int{id, 4}} }
	session(t, s, shard(0)...)
	session(t, s, shard(1)...) // another bucket
	c := hello(t, s)
	c.say(2, ident(s, shard(2)...)) // the first bucket again
	if f := c.next(); f.Op != 9 || string(f.D) != "false" {
		t.Fatalf("the second IDENTIFY of a bucket within 5 s got op %d %s, want op 9 false", f.Op, f.D)
	}
	clock.pass(5 * time.Second)
	c.say(2, ident(s, shard(2)...)) // the same connection may try again
	if f := c.next(); f.T != "READY" {
		t.Fatalf("after 5 s IDENTIFY got op %d, want READY", f.Op)
	}
	if l := limit(); l["remaining"] != 2.0 || l["reset_after"] != float64((24*time.Hour-5*time.Second).Milliseconds()) {
		t.Errorf("after four IDENTIFYs the limit is %v", l)
	}
	clock.pass(24 * time.Hour)
	if l := limit(); l["remaining"] != 6.0 {
		t.Errorf("a day later the limit is %v", l)
	}
}

func TestPassingTheBudgetResetsTheToken(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond, IdentifyBudget: 1000})
	old := s.Token().Reveal()
	first, _ := session(t, s)
	s.Gateway().SpendIdentifies(999)
	second := hello(t, s)
	second.say(2, ident(s))
	if code := second.closed(); code != 4004 {
		t.Errorf("the IDENTIFY over the budget was closed with %d, want 4004", code)
	}
	if code := first.closed(); code != 4004 {
		t.Errorf("another session was closed with %d, want 4004", code)
	}
	b := newBot(t, s)
	if b.token == old {
		t.Error("the token is still the old one")
	}
	b.want(200, "GET", "/users/@me", nil)
	b.token = old
	b.want(401, "GET", "/users/@me", nil)
}

func TestHeartbeats(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{HeartbeatInterval: 100 * time.Millisecond})
	c, _ := session(t, s)
	for range 4 { // longer than without any
		tick(t, 60*time.Millisecond)
		c.say(1, c.seq)
		if f := c.next(); f.Op != 11 {
			t.Fatalf("a heartbeat got op %d, want an ACK", f.Op)
		}
	}
	if code := c.closed(); code != 4009 {
		t.Errorf("without heartbeats the connection was closed with %d, want 4009", code)
	}
}

// tick lets real time pass: heartbeats are about real time.
func tick(t *testing.T, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

func TestMembersOnRequest(t *testing.T) {
	clock := newClock()
	s := simulatortest.Start(t, simulator.Config{Now: clock.now})
	w := s.World()
	for i := range 2100 {
		must(w.Join(simulator.SampleGuild, w.AddUser(simulator.User{Username: fmt.Sprintf("member%d", i)}).ID))
	}
	c, _ := session(t, s)
	type chunk struct {
		Members []simulator.Member
		Index   int `json:"chunk_index"`
		Count   int `json:"chunk_count"`
		Nonce   string
		Missing []string `json:"not_found"`
	}
	all := map[string]any{"guild_id": simulator.SampleGuild, "query": "", "limit": 0, "nonce": "n"}
	c.say(8, all)
	total := 0
	for i := range 3 {
		part := as[chunk](t, c.until("GUILD_MEMBERS_CHUNK").D)
		if part.Index != i || part.Count != 3 || part.Nonce != "n" || len(part.Members) > 1000 {
			t.Errorf("chunk %d is number %d of %d with nonce %q and %d members", i, part.Index, part.Count, part.Nonce, len(part.Members))
		}
		total += len(part.Members)
	}
	if total != 2102 {
		t.Errorf("%d members came, want 2102", total)
	}
	clock.pass(10 * time.Second)
	c.say(8, all)
	f := c.next()
	if l := as[map[string]any](t, f.D); f.T != "RATE_LIMITED" || l["opcode"] != 8.0 || l["retry_after"] != 20.0 {
		t.Errorf("asking again after 10 s got %s %s, want RATE_LIMITED for 20 s", f.T, f.D)
	}
	c.say(8, map[string]any{"guild_id": simulator.SampleGuild, "query": "MEMBER1", "limit": 1000, "nonce": strings.Repeat("x", 33)})
	if part := as[chunk](t, c.until("GUILD_MEMBERS_CHUNK").D); len(part.Members) != 100 || part.Nonce != "" {
		t.Errorf("a query brought %d members with nonce %q, want 100 without", len(part.Members), part.Nonce)
	}
	c.say(8, map[string]any{"guild_id": simulator.SampleGuild, "user_ids": []string{simulator.SampleOwner.String(), "1"}})
	if part := as[chunk](t, c.until("GUILD_MEMBERS_CHUNK").D); len(part.Members) != 1 || fmt.Sprint(part.Missing) != "[1]" {
		t.Errorf("two ids brought %d members, missing %v", len(part.Members), part.Missing)
	}
}

func TestDispatchOfAnything(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c, _ := session(t, s)
	d := json.RawMessage(`{"guild_id":"1100000000000000000","new":[null,{"x":1}]}`)
	s.Dispatch(simulator.SampleGuild, "SOMETHING_NEW", d)
	if f := c.next(); f.T != "SOMETHING_NEW" || string(f.D) != string(d) || *f.S != 3 {
		t.Errorf("got %s %s with s %d", f.T, f.D, *f.S)
	}
	const many = 20000
	for range many {
		s.Dispatch(simulator.SampleGuild, "SOMETHING_NEW", d)
	}
	for range many {
		c.next()
	}
	if c.seq != many+3 {
		t.Errorf("the last sequence number is %d, want %d", c.seq, many+3)
	}
}
