package world

import (
	"slices"
	"strings"

	"antiraid/services/simulator/internal/discord"
)

// reaction is one user's emoji under one message.
type reaction struct {
	message, user discord.ID
	emoji         string
}

// reactionEvent is MESSAGE_REACTION_ADD and MESSAGE_REACTION_REMOVE.
type reactionEvent struct {
	UserID          discord.ID      `json:"user_id"`
	ChannelID       discord.ID      `json:"channel_id"`
	MessageID       discord.ID      `json:"message_id"`
	GuildID         discord.ID      `json:"guild_id,omitzero"`
	Member          *discord.Member `json:"member,omitempty"`
	Emoji           discord.Emoji   `json:"emoji"`
	MessageAuthorID discord.ID      `json:"message_author_id,omitzero"`
	Burst           bool            `json:"burst"`
	Type            int             `json:"type"`
}

// React is anybody but the bot reacting to a message. The emoji is a character, or name:id.
func (w *World) React(channel, message, user discord.ID, emoji string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, ok := w.channels[channel]
	switch {
	case !ok:
		return discord.ErrUnknownChannel
	case ch.messages[message] == nil:
		return discord.ErrUnknownMessage
	}
	return w.react(ch, reaction{message, user, emoji})
}

// BotReact is the bot reacting to a message. Reacting twice changes nothing.
func (w *World) BotReact(channel, message discord.ID, emoji string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, _, err := w.botMessage(channel, message, discord.AddReactions)
	if err != nil {
		return err
	}
	return w.react(ch, reaction{message, w.bot.ID, emoji})
}

// BotUnreact is the bot taking its reaction back.
func (w *World) BotUnreact(channel, message discord.ID, emoji string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, m, err := w.botMessage(channel, message, 0)
	if err != nil {
		return err
	}
	r := reaction{message, w.bot.ID, emoji}
	parsed, err := parseEmoji(emoji)
	if err != nil || !ch.reacted[r] {
		return err
	}
	delete(ch.reacted, r)
	w.count(ch, m, r, parsed, -1)
	w.tellReaction("MESSAGE_REACTION_REMOVE", ch, m, r, parsed)
	return nil
}

func (w *World) react(ch *channel, r reaction) error {
	parsed, err := parseEmoji(r.emoji)
	if err != nil || ch.reacted[r] {
		return err
	}
	ch.reacted[r] = true
	m := ch.messages[r.message]
	w.count(ch, m, r, parsed, 1)
	w.tellReaction("MESSAGE_REACTION_ADD", ch, m, r, parsed)
	return nil
}

// count changes the number under a message; the message is replaced, since copies of it are about.
func (w *World) count(ch *channel, old *discord.Message, r reaction, emoji discord.Emoji, by int) {
	m := *old
	m.Reactions = slices.Clone(old.Reactions)
	i := slices.IndexFunc(m.Reactions, func(x discord.Reaction) bool { return x.Emoji.String() == emoji.String() })
	if i < 0 {
		i = len(m.Reactions)
		m.Reactions = append(m.Reactions, discord.Reaction{Emoji: emoji, BurstColors: []string{}})
	}
	m.Reactions[i].Count += by
	m.Reactions[i].CountDetails.Normal += by
	if r.user == w.bot.ID {
		m.Reactions[i].Me = by > 0
	}
	if m.Reactions[i].Count == 0 {
		m.Reactions = slices.Delete(m.Reactions, i, i+1)
	}
	ch.messages[m.ID] = &m
}

func (w *World) tellReaction(kind string, ch *channel, m *discord.Message, r reaction, emoji discord.Emoji) {
	e := reactionEvent{UserID: r.user, ChannelID: ch.ID, MessageID: m.ID, GuildID: ch.GuildID, Emoji: emoji}
	g := w.guilds[ch.GuildID]
	if kind == "MESSAGE_REACTION_ADD" {
		e.MessageAuthorID = m.Author.ID
		if g != nil {
			e.Member = g.members[r.user]
		}
	}
	if g != nil {
		w.tell(g, kind, e)
	} else {
		w.emit(kind, 0, e)
	}
}

// parseEmoji reads an emoji as paths have it: a character, or name:id.
func parseEmoji(s string) (discord.Emoji, error) {
	name, digits, custom := strings.Cut(strings.Trim(s, "<>"), ":")
	if !custom {
		if name == "" || len(name) > 64 || !hasSymbol(name) {
			return discord.Emoji{}, discord.ErrUnknownEmoji
		}
		return discord.Emoji{Name: &name}, nil
	}
	id, err := discord.ParseID(digits)
	if err != nil {
		return discord.Emoji{}, discord.ErrUnknownEmoji
	}
	return discord.Emoji{ID: &id, Name: &name}, nil
}

// hasSymbol tells an emoji from a word: every emoji, keycaps among them, has a character beyond Latin-1 or one of ©®.
func hasSymbol(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0xff || r == '©' || r == '®' })
}
