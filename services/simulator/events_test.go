package simulator_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// TestIntents sends one event of each kind and sees who gets it. The last one of each round is always sent.
func TestIntents(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	dm := must(s.World().OpenDM(simulator.SampleUser))
	for _, c := range []struct {
		intents int
		want    string
	}{
		{0, "[INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 0, "[GUILD_ROLE_CREATE CHANNEL_CREATE INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 1, "[GUILD_MEMBER_ADD GUILD_MEMBER_REMOVE INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 2, "[GUILD_BAN_ADD GUILD_AUDIT_LOG_ENTRY_CREATE INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 9, "[MESSAGE_CREATE/g MESSAGE_DELETE/g INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 10, "[MESSAGE_REACTION_ADD/g INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 12, "[MESSAGE_CREATE INTERACTION_CREATE UNKNOWN_KIND]"},
		{1 << 13, "[MESSAGE_REACTION_ADD INTERACTION_CREATE UNKNOWN_KIND]"},
	} {
		cl := hello(t, s)
		cl.say(2, ident(s, "intents", c.intents))
		cl.until("READY")
		if c.intents&1 != 0 {
			cl.until("GUILD_CREATE")
		}
		everyKind(t, s, dm.ID)
		var got []string
		for {
			f := cl.next()
			name := f.T
			if _, guild := as[map[string]json.RawMessage](t, f.D)["guild_id"]; guild && len(name) > 8 && name[:8] == "MESSAGE_" {
				name += "/g"
			}
			got = append(got, name)
			if f.T == "UNKNOWN_KIND" {
				break
			}
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("intents %d bring %v, want %s", c.intents, got, c.want)
		}
		cl.ws.CloseNow()
	}
}

// everyKind makes one event of each kind.
func everyKind(t *testing.T, s *simulator.Simulator, dm simulator.ID) {
	t.Helper()
	w := s.World()
	user := w.AddUser(simulator.User{}).ID
	must(w.Join(simulator.SampleGuild, user))
	must(w.AddRole(simulator.SampleGuild, simulator.Role{}))
	must(w.AddChannel(simulator.SampleGuild, simulator.Channel{Name: "new"}))
	m := must(w.Write(simulator.SampleChannel, user, "x"))
	if err := w.React(simulator.SampleChannel, m.ID, user, "👋"); err != nil {
		t.Fatal(err)
	}
	if err := w.Retract(simulator.SampleChannel, m.ID); err != nil {
		t.Fatal(err)
	}
	m = must(w.Write(dm, simulator.SampleUser, "x"))
	if err := w.React(dm, m.ID, simulator.SampleUser, "👋"); err != nil {
		t.Fatal(err)
	}
	if err := w.Ban(simulator.SampleGuild, user, "", 0); err != nil {
		t.Fatal(err)
	}
	must(w.Interact(simulator.Use{User: simulator.SampleUser, Command: "x", UserInstalled: true}))
	s.Dispatch(simulator.SampleGuild, "UNKNOWN_KIND", json.RawMessage(`{}`))
}

func TestContentIsBlankWithoutTheIntent(t *testing.T) {
	s := newScene(t, simulator.Config{Unlimited: true})
	c, _ := session(t, s.Simulator, "intents", everything&^(1<<15))
	dm := must(s.World().OpenDM(s.member.ID))
	draft := func(content string) simulator.Draft {
		embeds := []json.RawMessage{json.RawMessage(`{"title":"t"}`)}
		return simulator.Draft{Content: &content, Embeds: &embeds, Poll: json.RawMessage(`{"question":{"text":"?"},"answers":[]}`)}
	}
	for _, x := range []struct {
		name  string
		do    func() error
		blank bool
	}{
		{"a person's", func() error {
			_, err := s.World().WriteDraft(simulator.SampleChannel, s.member.ID, draft("hello"))
			return err
		}, true},
		{"one that mentions the bot", func() error {
			_, err := s.World().WriteDraft(simulator.SampleChannel, s.member.ID, draft(fmt.Sprintf("<@%d>", s.Application())))
			return err
		}, false},
		{"one in a DM", func() error {
			_, err := s.World().WriteDraft(dm.ID, s.member.ID, draft("hello"))
			return err
		}, false},
		{"the bot's own", func() error {
			_, err := s.World().Post(simulator.SampleChannel, draft("hello"))
			return err
		}, false},
	} {
		if err := x.do(); err != nil {
			t.Fatal(err)
		}
		m := as[map[string]json.RawMessage](t, c.until("MESSAGE_CREATE").D)
		_, poll := m["poll"]
		if (string(m["content"]) == `""`) != x.blank || (string(m["embeds"]) == "[]") != x.blank || poll == x.blank {
			t.Errorf("%s message came as %s %s, poll %v; want blank %v", x.name, m["content"], m["embeds"], poll, x.blank)
		}
		if string(m["components"]) != "[]" || string(m["attachments"]) != "[]" {
			t.Errorf("%s message has components %s and attachments %s, want []", x.name, m["components"], m["attachments"])
		}
	}
}

// TestBotsDeedsAreEvents is REST on one side and the gateway on the other.
func TestBotsDeedsAreEvents(t *testing.T) {
	s := free(t)
	c, _ := session(t, s.Simulator)
	member := fmt.Sprintf("%s/members/%d", s.guild, s.member.ID)
	m := as[simulator.Message](t, s.bot.want(200, "POST", s.messages, map[string]any{"content": "x", "nonce": "n"}).body)
	message := fmt.Sprintf("%s/%d", s.messages, m.ID)
	s.bot.want(200, "PATCH", message, text("y"))
	s.bot.want(204, "PUT", message+"/reactions/%F0%9F%91%8B/@me", nil)
	s.bot.want(204, "DELETE", message+"/reactions/%F0%9F%91%8B/@me", nil)
	s.bot.want(204, "DELETE", message, nil)
	s.bot.want(200, "PATCH", member, map[string]any{"nick": "n"})
	s.bot.want(204, "PUT", fmt.Sprintf("%s/roles/%d", member, simulator.SampleRole), nil)
	s.bot.want(204, "PUT", fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID), nil)
	s.bot.want(204, "DELETE", fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID), nil)
	const audit = "GUILD_AUDIT_LOG_ENTRY_CREATE"
	for _, want := range []string{
		"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_DELETE",
		"GUILD_MEMBER_UPDATE", audit, "GUILD_MEMBER_UPDATE", audit, "GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE", audit, "GUILD_BAN_REMOVE", audit,
	} {
		f := c.next()
		if f.T != want {
			t.Fatalf("got %s, want %s", f.T, want)
		}
		d := as[map[string]any](t, f.D)
		if d["guild_id"] != simulator.SampleGuild.String() {
			t.Errorf("%s has guild_id %v", f.T, d["guild_id"])
		}
		if want == "MESSAGE_CREATE" && (d["nonce"] != "n" || d["member"] == nil) {
			t.Errorf("MESSAGE_CREATE is %s", f.D)
		}
	}
}

// TestAuditLogNeedsPermission and tells who did it and why.
func TestAuditLogNeedsPermission(t *testing.T) {
	s := free(t)
	c := hello(t, s.Simulator)
	c.say(2, ident(s.Simulator, "intents", 1<<2))
	c.until("READY")
	ban := fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID)
	s.bot.edit = reasoned("raid")
	s.bot.want(204, "PUT", ban, nil)
	e := as[struct {
		User   simulator.ID `json:"user_id"`
		Target simulator.ID `json:"target_id"`
		Action int          `json:"action_type"`
		Reason string
	}](t, c.until("GUILD_AUDIT_LOG_ENTRY_CREATE").D)
	if e.User != s.Application() || e.Target != s.member.ID || e.Action != 22 || e.Reason != "raid" {
		t.Errorf("the entry is %+v", e)
	}
	if err := s.World().SetBotPermissions(simulator.SampleGuild, simulator.BanMembers); err != nil {
		t.Fatal(err)
	}
	s.bot.want(204, "DELETE", ban, nil)
	s.Dispatch(simulator.SampleGuild, "END", json.RawMessage(`{}`))
	if f := c.next(); f.T != "GUILD_BAN_REMOVE" {
		t.Errorf("got %s, want GUILD_BAN_REMOVE", f.T)
	}
	if f := c.next(); f.T != "END" {
		t.Errorf("got %s, want no audit log without the permission to see it", f.T)
	}
}

// TestOwnUpdateNeedsNoIntent is GUILD_MEMBER_UPDATE about the bot itself.
func TestOwnUpdateNeedsNoIntent(t *testing.T) {
	s := free(t)
	c, _ := session(t, s.Simulator, "intents", 1)
	s.bot.want(200, "PATCH", fmt.Sprintf("%s/members/%d", s.guild, s.member.ID), map[string]any{"nick": "other"})
	s.bot.want(200, "PATCH", fmt.Sprintf("%s/members/%d", s.guild, s.Application()), map[string]any{"nick": "own"})
	f := c.next()
	if m := as[simulator.Member](t, f.D); f.T != "GUILD_MEMBER_UPDATE" || m.User.ID != s.Application() {
		t.Errorf("got %s %s", f.T, f.D)
	}
}

func TestShards(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond, Shards: 3})
	const n = 3
	var clients []*client
	guilds := map[int]simulator.Channel{}
	for id := range n {
		guild := must(s.World().AddGuild(simulator.Guild{ID: simulator.ID(3000+id) << 22})) // 3000 % 3 = 0
		guilds[id] = must(s.World().AddChannel(guild.ID, simulator.Channel{Name: "c"}))
	}
	for id := range n {
		c, r := session(t, s, "shard", []int{id, n})
		if fmt.Sprint(r.Shard) != fmt.Sprintf("[%d %d]", id, n) {
			t.Errorf("READY of shard %d says %v", id, r.Shard)
		}
		for _, g := range r.Guilds {
			if gid := must(parse(g["id"].(string))); int(gid>>22)%n != id {
				t.Errorf("READY of shard %d has guild %d", id, gid)
			}
		}
		clients = append(clients, c)
	}
	dm := must(s.World().OpenDM(simulator.SampleUser))
	must(s.World().Write(dm.ID, simulator.SampleUser, "dm"))
	for id := range n {
		must(s.World().Write(guilds[id].ID, simulator.SampleOwner, fmt.Sprint("guild ", id)))
	}
	want := map[int][]string{0: {"dm", "guild 0"}, 1: {"guild 1"}, 2: {"guild 2"}}
	for id, c := range clients {
		for _, content := range want[id] {
			if m := as[simulator.Message](t, c.next().D); m.Content != content {
				t.Errorf("shard %d got %q, want %q", id, m.Content, content)
			}
		}
	}
	if n := len(s.Gateway().Shard(1)); n != 1 {
		t.Errorf("shard 1 has %d connections, want 1", n)
	}
}

func parse(s string) (simulator.ID, error) {
	var id simulator.ID
	return id, id.UnmarshalJSON([]byte(s))
}
