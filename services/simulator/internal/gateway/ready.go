package gateway

import (
	"encoding/json"

	"antiraid/services/simulator/internal/discord"
)

// resumePath is where READY tells clients to resume; a client that resumes elsewhere can be told by it.
const resumePath = "/resume"

// ready is READY.
type ready struct {
	V                int                   `json:"v"`
	User             discord.Self          `json:"user"`
	Guilds           []discord.Unavailable `json:"guilds"`
	SessionID        string                `json:"session_id"`
	ResumeURL        string                `json:"resume_gateway_url"`
	Shard            *[2]int               `json:"shard,omitempty"`
	Application      application           `json:"application"`
	SessionType      string                `json:"session_type"`
	UserSettings     struct{}              `json:"user_settings"`
	Relationships    []any                 `json:"relationships"`
	PrivateChannels  []any                 `json:"private_channels"`
	Presences        []any                 `json:"presences"`
	GuildJoinRequest []any                 `json:"guild_join_requests"`
	Regions          []any                 `json:"geo_ordered_rtc_regions"`
	Trace            []string              `json:"_trace"`
}

type application struct {
	ID    discord.ID `json:"id"`
	Flags int        `json:"flags"`
}

func (g *Gateway) ready(c *Conn, s *session, guilds []discord.ID) json.RawMessage {
	r := ready{
		V: 10, User: Self(g.world.Bot()), SessionID: s.id, ResumeURL: c.base + resumePath, SessionType: "normal",
		Application: application{ID: g.account.Application(), Flags: ApplicationFlags(g.cfg.Privileged)},
		Guilds:      []discord.Unavailable{}, Relationships: []any{}, PrivateChannels: []any{}, Presences: []any{},
		GuildJoinRequest: []any{}, Regions: []any{}, Trace: []string{`["simulator",{}]`},
	}
	if s.sharded {
		r.Shard = &[2]int{s.shard, s.shards}
	}
	for _, id := range guilds {
		r.Guilds = append(r.Guilds, discord.Unavailable{ID: id, Outage: true})
	}
	return discord.Encode(r)
}

// Self is the bot as only it sees itself.
func Self(bot discord.User) discord.Self {
	return discord.Self{User: bot, Verified: true, MFAEnabled: true, Locale: "en-US"}
}

// ApplicationFlags is the flags that tell which privileged intents an application has.
func ApplicationFlags(in Intents) int {
	flags := 1 << 23 // APPLICATION_COMMAND_BADGE
	for intent, bit := range map[Intents]int{GuildPresences: 12, GuildMembers: 14, MessageContent: 18} {
		if in&intent != 0 {
			flags |= 1 << bit
		}
	}
	return flags
}
