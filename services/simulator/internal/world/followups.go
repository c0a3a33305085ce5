package world

import "antiraid/services/simulator/internal/discord"

// live is the interaction of a token that can still be used. Only answered ones can: before that, Discord knows no such webhook.
func (w *World) live(app discord.ID, token string) (*interaction, *channel, error) {
	in := w.tokens[token]
	switch {
	case app != w.bot.ID || in == nil || in.answered == 0:
		return nil, nil, discord.ErrUnknownWebhook
	case w.cfg.Now().Sub(in.sent) > w.cfg.TokenLife:
		return nil, nil, discord.ErrInvalidWebhookToken
	}
	ch := w.channels[in.ChannelID]
	if ch == nil {
		return nil, nil, discord.ErrUnknownChannel
	}
	return in, ch, nil
}

// answer is a message sent with a token; 0 means the original answer.
func (w *World) answer(app discord.ID, token string, id discord.ID) (*interaction, *channel, *discord.Message, error) {
	in, ch, err := w.live(app, token)
	if err != nil {
		return nil, nil, nil, err
	}
	if id == 0 {
		id = in.original
	}
	if m := ch.messages[id]; m != nil && (in.messages[id] || id == in.original) {
		return in, ch, m, nil
	}
	return nil, nil, nil, discord.ErrUnknownMessage
}

// AnswerMessage is a message sent with an interaction's token; id 0 is the original answer.
func (w *World) AnswerMessage(app discord.ID, token string, id discord.ID) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _, m, err := w.answer(app, token, id)
	if err != nil {
		return discord.Message{}, err
	}
	return *m, nil
}

// EditAnswer is the bot changing such a message. A deferred answer is loaded with it.
func (w *World) EditAnswer(app discord.ID, token string, id discord.ID, d Draft) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ch, m, err := w.answer(app, token, id)
	if err != nil {
		return discord.Message{}, err
	}
	return w.edit(ch, loaded(m), d)
}

// DeleteAnswer is the bot deleting such a message.
func (w *World) DeleteAnswer(app discord.ID, token string, id discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	in, ch, m, err := w.answer(app, token, id)
	if err != nil {
		return err
	}
	if m.ID == in.original {
		in.original = 0
	}
	w.remove(ch, m.ID)
	return nil
}

// FollowUp is the bot sending another message. The first after a deferred answer takes that answer's place (a quirk of Discord's that
// is on its way out). Nonces are not looked at here.
func (w *World) FollowUp(app discord.ID, token string, d Draft) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in, ch, err := w.live(app, token)
	if err != nil {
		return discord.Message{}, err
	}
	if err := d.check(); err != nil {
		return discord.Message{}, err
	}
	if d.empty() {
		return discord.Message{}, discord.ErrEmptyMessage
	}
	if m := ch.messages[in.original]; m != nil && m.Flags&discord.FlagLoading != 0 {
		return w.edit(ch, loaded(m), d)
	}
	if _, byGuild := in.Owners["0"]; !byGuild && in.followUps == maxUserFollowUps {
		return discord.Message{}, discord.ErrFollowUps
	}
	in.followUps++
	m := w.answerWith(in, ch, d, false)
	m.Type = discord.MessageReply
	m.MessageReference = &discord.MessageReference{MessageID: in.original, ChannelID: ch.ID, GuildID: ch.GuildID}
	return *m, nil
}

// loaded is a message that has something to show.
func loaded(m *discord.Message) *discord.Message {
	out := *m
	out.Flags &^= discord.FlagLoading
	return &out
}

// Whence is where an interaction with that token came from; 0 for what is not known.
func (w *World) Whence(token string) (guild, user, channel discord.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := w.tokens[token]
	if in == nil {
		return 0, 0, 0
	}
	return in.GuildID, in.by().ID, in.ChannelID
}
