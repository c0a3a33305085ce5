package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

func TestCloseCodes(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond, WithoutPrivileged: true, GuildsPerShard: 2})
	for range 2 {
		must(s.World().AddGuild(simulator.Guild{}))
	}
	const modest = 1 | 1<<9
	in := func(t *testing.T) *client {
		c := hello(t, s)
		c.say(2, ident(s, "intents", modest, "shard", []int{0, 2}))
		c.until("READY")
		return c
	}
	says := func(op int, d any) func(*testing.T) *client {
		return func(t *testing.T) *client {
			c := hello(t, s)
			c.say(op, d)
			return c
		}
	}
	for name, c := range map[string]struct {
		code int
		do   func(*testing.T) *client
	}{
		"unknown opcode":        {4001, says(99, nil)},
		"dispatch from client":  {4001, says(0, nil)},
		"no JSON":               {4002, func(t *testing.T) *client { c := hello(t, s); c.write([]byte("{")); return c }},
		"no opcode":             {4002, func(t *testing.T) *client { c := hello(t, s); c.write([]byte("{}")); return c }},
		"4097 bytes":            {4002, func(t *testing.T) *client { c := in(t); c.write(sized(4097)); return c }},
		"before identify":       {4003, says(3, map[string]any{})},
		"wrong token":           {4004, says(2, ident(s, "token", "x.y.z"))},
		"resume, wrong token":   {4004, says(6, map[string]any{"token": "x", "session_id": "x", "seq": 1})},
		"identify twice":        {4005, func(t *testing.T) *client { c := in(t); c.say(2, ident(s)); return c }},
		"resume in session":     {4005, func(t *testing.T) *client { c := in(t); c.say(6, map[string]any{}); return c }},
		"shard beyond number":   {4010, says(2, ident(s, "intents", 0, "shard", []int{2, 2}))},
		"shard of none":         {4010, says(2, ident(s, "intents", 0, "shard", []int{0, 0}))},
		"shard below 0":         {4010, says(2, ident(s, "intents", 0, "shard", []int{-1, 2}))},
		"too many guilds":       {4011, says(2, ident(s, "intents", 0))},
		"version 6":             {4012, func(t *testing.T) *client { return dial(t, s.URL(), "v=6&encoding=json") }},
		"no version":            {4012, func(t *testing.T) *client { return dial(t, s.URL(), "encoding=json") }},
		"unknown intent":        {4013, says(2, ident(s, "intents", 1<<17))},
		"no intents given":      {4013, says(2, ident(s, "intents", nil))},
		"privileged intent":     {4014, says(2, ident(s, "intents", 1<<1))},
		"121 payloads a minute": {4008, func(t *testing.T) *client { c := in(t); chatter(c, 120); return c }}, // and the IDENTIFY
	} {
		t.Run(name, func(t *testing.T) {
			if code := c.do(t).closed(); code != c.code {
				t.Errorf("closed with %d, want %d", code, c.code)
			}
		})
	}
}

// sized is a heartbeat of n bytes.
func sized(n int) []byte {
	empty := `{"op":1,"d":0,"x":""}`
	return []byte(strings.Replace(empty, `""`, `"`+strings.Repeat("x", n-len(empty))+`"`, 1))
}

// chatter sends heartbeats; the connection may end in the middle.
func chatter(c *client, n int) {
	for range n {
		c.ws.Write(c.t.Context(), 1, []byte(`{"op":1,"d":null}`))
	}
}

func TestLimitsOfPayloadsAreNotTooNarrow(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c, _ := session(t, s)
	c.write(sized(4096))
	c.op(11)
	chatter(c, 118)
	for range 118 {
		c.op(11)
	}
}

// TestEveryCodeCanBeProvoked and tells which of them end the session.
func TestEveryCodeCanBeProvoked(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	for code, resumable := range map[int]bool{
		4000: true, 4001: true, 4002: true, 4003: false, 4004: false, 4005: false, 4007: false, 4008: true, 4009: false,
		4010: false, 4011: false, 4012: false, 4013: false, 4014: false,
	} {
		c, r := session(t, s)
		seq := c.seq
		s.Gateway().All().Close(code)
		if got := c.closed(); got != code {
			t.Errorf("closed with %d, want %d", got, code)
		}
		again := resume(t, s, r, seq)
		if f := again.next(); resumable != (f.T == "RESUMED") || !resumable != (f.Op == 9) {
			t.Errorf("after %d a RESUME got op %d %s, want resumable %v", code, f.Op, f.T, resumable)
		}
		again.ws.CloseNow()
		gone(t, s)
	}
}

// gone waits until no connection is left.
func gone(t *testing.T, s *simulator.Simulator) {
	t.Helper()
	if len(s.Gateway().All()) == 0 {
		return
	}
	for range s.Gateway().Signals().Follow(t.Context(), 0) {
		if len(s.Gateway().All()) == 0 {
			return
		}
	}
}

func TestClientsClose(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	for code, resumable := range map[int]bool{1000: false, 1001: false, 4000: true, 3000: true} {
		c, r := session(t, s)
		seq := c.seq
		c.ws.Close(websocket.StatusCode(code), "")
		gone(t, s)
		c = resume(t, s, r, seq)
		f := c.next()
		c.ws.CloseNow()
		if resumable != (f.T == "RESUMED") {
			t.Errorf("after the client closed with %d, RESUME got op %d %s, want resumable %v", code, f.Op, f.T, resumable)
		}
	}
}

func TestOutageOfAGuild(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	c, _ := session(t, s)
	if err := s.World().SetOutage(simulator.SampleGuild, true); err != nil {
		t.Fatal(err)
	}
	f := c.next()
	if d := as[map[string]any](t, f.D); f.T != "GUILD_DELETE" || d["unavailable"] != true {
		t.Errorf("an outage brought %s %s", f.T, f.D)
	}
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "nobody hears this"))
	other := hello(t, s)
	other.say(2, ident(s))
	other.until("READY")
	if f := other.next(); f.T != "GUILD_DELETE" {
		t.Errorf("a session begun in the outage is told %s, want GUILD_DELETE", f.T)
	}
	if err := s.World().SetOutage(simulator.SampleGuild, false); err != nil {
		t.Fatal(err)
	}
	if f := c.next(); f.T != "GUILD_CREATE" {
		t.Errorf("its end brought %s, want GUILD_CREATE", f.T)
	}
	if err := s.World().RemoveBot(simulator.SampleGuild); err != nil {
		t.Fatal(err)
	}
	f = c.next()
	if _, has := as[map[string]json.RawMessage](t, f.D)["unavailable"]; f.T != "GUILD_DELETE" || has {
		t.Errorf("a removal brought %s %s, want GUILD_DELETE without unavailable", f.T, f.D)
	}
	must(s.World().AddRole(simulator.SampleGuild, simulator.Role{}))
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "nobody hears this either"))
	s.Dispatch(0, "END", json.RawMessage(`{}`))
	if f := c.next(); f.T != "END" {
		t.Errorf("of a guild that the bot is not in any more came %s", f.T)
	}
	must(s.World().Join(simulator.SampleGuild, s.Application()))
	if f := c.next(); f.T != "GUILD_CREATE" {
		t.Errorf("when the bot came back, it was told %s, want GUILD_CREATE", f.T)
	}
}
