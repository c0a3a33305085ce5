package world

import (
	"encoding/json"

	"antiraid/services/simulator/internal/discord"
)

// largeThreshold is the number of members from which a guild is called large when a client does not say.
const largeThreshold = 50

// manyMembers is the number of members above which not even GUILD_PRESENCES brings them all.
const manyMembers = 75000

// View is the world standing still, as a new session is told of it.
type View struct{ w *World }

// Look calls f while nothing changes: what f reads and the events that follow its return fit together. f must not call the world.
func (w *World) Look(f func(View)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(View{w})
}

// Guilds is the guilds that the bot is in, in the order of their ids.
func (v View) Guilds() []discord.ID { return v.w.botGuilds() }

// Announce is the dispatch that tells of a guild: GUILD_CREATE, or GUILD_DELETE when it has an outage.
func (v View) Announce(id discord.ID, members bool) Event {
	g := v.w.guilds[id]
	if g.outage {
		return Event{Type: "GUILD_DELETE", Guild: id, Data: discord.Encode(discord.Unavailable{ID: id, Outage: true})}
	}
	return Event{Type: "GUILD_CREATE", Guild: id, Data: discord.Encode(v.w.announce(g, members))}
}

// announce is a guild as the gateway tells of it. Without all members it is the bot's own that is told.
func (w *World) announce(g *guild, all bool) discord.GuildCreate {
	out := discord.GuildCreate{
		Guild: g.Guild, MemberCount: len(g.members), Large: len(g.members) > largeThreshold,
		VoiceStates: []any{}, Members: []discord.Member{}, Channels: []discord.Channel{}, Threads: []any{}, Presences: []any{},
		StageInstances: []any{}, GuildScheduledEvents: []any{}, SoundboardSounds: []any{},
	}
	if self := g.members[w.bot.ID]; self != nil {
		out.JoinedAt = self.JoinedAt
	}
	for _, id := range g.order {
		if id == w.bot.ID || (all && len(g.members) <= manyMembers) {
			out.Members = append(out.Members, *g.members[id])
		}
	}
	for _, id := range g.channels {
		out.Channels = append(out.Channels, w.channels[id].Channel)
	}
	return out
}

// raw writes a value that a test or scenario gave, which may be JSON already.
func raw(v any) json.RawMessage {
	if data, ok := v.(json.RawMessage); ok {
		return data
	}
	return discord.Encode(v)
}
