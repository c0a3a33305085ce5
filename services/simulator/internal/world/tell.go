package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// messageRef is MESSAGE_DELETE.
type messageRef struct {
	ID        discord.ID `json:"id"`
	ChannelID discord.ID `json:"channel_id"`
	GuildID   discord.ID `json:"guild_id,omitzero"`
}

// tellMessage emits MESSAGE_CREATE or MESSAGE_UPDATE, with a form for those who may not read what people write.
func (w *World) tellMessage(kind string, ch *channel, m *discord.Message) {
	e := discord.MessageEvent{Message: *m, GuildID: ch.GuildID, ChannelType: ch.Type}
	if g := w.guilds[ch.GuildID]; g != nil {
		if g.members[w.bot.ID] == nil || g.outage {
			return
		}
		if author := g.members[m.Author.ID]; author != nil {
			member := *author
			member.User = nil
			e.Member = &member
		}
	}
	out := Event{Type: kind, Guild: ch.GuildID, Data: discord.Encode(e)}
	if !w.readable(ch, m) {
		e.Content, e.Poll = "", nil
		e.Embeds, e.Components, e.Attachments = e.Embeds[:0], e.Components[:0], e.Attachments[:0]
		e.ReferencedMessage = nil
		out.Blank = discord.Encode(e)
	}
	w.notify(out)
}

// readable reports whether the bot may read a message without the intent MESSAGE_CONTENT: its own, those in DMs with it, and those
// that mention it.
func (w *World) readable(ch *channel, m *discord.Message) bool {
	return m.Author.ID == w.bot.ID || ch.Type == discord.DM ||
		slices.ContainsFunc(m.Mentions, func(u discord.User) bool { return u.ID == w.bot.ID })
}

func (w *World) tellDeleted(ch *channel, id discord.ID) {
	if g := w.guilds[ch.GuildID]; g == nil || (g.members[w.bot.ID] != nil && !g.outage) {
		w.emit("MESSAGE_DELETE", ch.GuildID, messageRef{id, ch.ID, ch.GuildID})
	}
}
