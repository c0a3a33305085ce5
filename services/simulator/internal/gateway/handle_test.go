package gateway

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"antiraid/services/simulator/internal/account"
	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
	"antiraid/shared/config"
)

func newGateway(t testing.TB) (*Gateway, *world.World) {
	a, err := account.New(1, config.NewSecret("MQ.x.y"))
	if err != nil {
		t.Fatal(err)
	}
	w := world.New(world.Config{Application: 1, BotName: "bot", Now: time.Now, MessagesKept: 10})
	g := New(Config{
		HeartbeatInterval: time.Minute, IdentifyEvery: 1, MaxConcurrency: 1, IdentifyBudget: 1 << 30, Shards: 1, GuildsPerShard: 2500,
		SessionLife: time.Minute, ResumeBuffer: 10, ReconnectGrace: time.Minute, Privileged: Privileged, Now: time.Now,
	}, w, a, slog.New(slog.DiscardHandler))
	w.Notify(g.Tell)
	return g, w
}

// FuzzHandle hands two payloads to a connection. Whatever they are, nothing breaks, and what is no payload is closed with 4002.
func FuzzHandle(f *testing.F) {
	const good = `{"op":2,"d":{"token":"MQ.x.y","intents":33281,"properties":{}}}`
	for _, seed := range []string{
		good, `{"op":1,"d":null}`, `{"op":6,"d":{"token":"MQ.x.y","session_id":"x","seq":1}}`, `{"op":8,"d":{"guild_id":"5","query":"","limit":0}}`,
		`{"op":8,"d":{"guild_id":5,"user_ids":["1",2]}}`, `{"op":2,"d":{"token":"MQ.x.y","intents":1,"shard":[0]}}`, `{"op":2,"d":null}`,
		`{"op":2,"d":{"token":"MQ.x.y","intents":1,"shard":[9223372036854775807,1]}}`, `{"op":43}`, `{"op":-1}`, `{"op":null}`, `[]`, `{`, ``,
	} {
		f.Add([]byte(seed), []byte(good))
		f.Add([]byte(good), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		g, w := newGateway(t)
		if _, err := w.AddGuild(discord.Guild{ID: 5}); err != nil {
			t.Fatal(err)
		}
		c := &Conn{g: g, wake: make(chan struct{}, 1)}
		c.handle(one)
		c.handle(two)
		code := 0
		for _, f := range c.control {
			if code != 0 {
				t.Error("something is sent after the close")
			}
			code = f.close
		}
		var p struct{ Op *int }
		if (json.Unmarshal(one, &p) != nil || p.Op == nil) && code != CloseDecode {
			t.Errorf("%q was closed with %d, want 4002", one, code)
		}
	})
}

// TestShardOf is Discord's formula.
func TestShardOf(t *testing.T) {
	for _, c := range []struct {
		guild         discord.ID
		shards, shard int
	}{
		{0, 16, 0},
		{197038439483310086, 1, 0},
		{197038439483310086, 16, int(197038439483310086>>22) % 16},
		{1<<64 - 1, 3, int(uint64(1<<64-1)>>22) % 3},
	} {
		if got := shardOf(c.guild, c.shards); got != c.shard {
			t.Errorf("guild %d of %d shards is on %d, want %d", c.guild, c.shards, got, c.shard)
		}
	}
}

func TestLongestNameDecidesTheIntent(t *testing.T) {
	for _, c := range []struct {
		kind  string
		guild bool
		by    Intents
	}{
		{"MESSAGE_CREATE", true, GuildMessages},
		{"MESSAGE_REACTION_ADD", true, GuildMessageReactions},
		{"MESSAGE_POLL_VOTE_ADD", false, DirectMessagePolls},
		{"GUILD_MEMBER_ADD", true, GuildMembers},
		{"GUILD_SCHEDULED_EVENT_USER_ADD", true, ScheduledEvents},
		{"CHANNEL_PINS_UPDATE", false, DirectMessages},
		{"CHANNEL_CREATE", true, Guilds},
		{"AUTO_MODERATION_ACTION_EXECUTION", true, AutoModExecution},
	} {
		if !c.by.want(c.kind, c.guild) || (^c.by).want(c.kind, c.guild) {
			t.Errorf("%s in a guild %v is not brought by intent %d alone", c.kind, c.guild, c.by)
		}
	}
	for _, kind := range []string{"READY", "INTERACTION_CREATE", "ENTITLEMENT_CREATE", "USER_UPDATE", "GUILD_MEMBERS_CHUNK", "WHO_KNOWS"} {
		if !Intents(0).want(kind, true) {
			t.Errorf("%s is not sent without intents", kind)
		}
	}
}

// TestSessionsForget what is beyond the buffer, with a connection that has written it and without one.
func TestSessionsForget(t *testing.T) {
	for _, connected := range []bool{false, true} {
		s := newSession(identify{Intents: new(uint64)}, 100)
		if connected {
			s.begin(&Conn{wake: make(chan struct{}, 1)})
		}
		for i := range uint64(10000) {
			if connected {
				s.at.written.Store(i)
			}
			s.tell(world.Event{Type: "X", Data: []byte("{}")})
		}
		if n := len(s.events); n < 100 || n > 300 {
			t.Errorf("connected %v, %d events are kept, want about 100", connected, n)
		}
		if got := s.after(9900, 1000); len(got) != 100 || got[0].seq != 9901 || got[99].seq != 10000 {
			t.Errorf("after 9900 there are %d events", len(got))
		}
	}
}
