package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// Write is a person writing a message.
func (w *World) Write(channel, author discord.ID, content string) (discord.Message, error) {
	return w.WriteDraft(channel, author, Draft{Content: &content})
}

// WriteDraft is a person writing a message with more than text in it.
func (w *World) WriteDraft(channel, author discord.ID, d Draft) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, ok := w.channels[channel]
	if !ok {
		return discord.Message{}, discord.ErrUnknownChannel
	}
	u, ok := w.users[author]
	if !ok {
		return discord.Message{}, discord.ErrUnknownUser
	}
	if err := d.check(); err != nil {
		return discord.Message{}, err
	}
	m := w.compose(ch, u, d)
	w.publish(ch, m)
	return *m, nil
}

// Post is the bot writing a message. With EnforceNonce and a nonce that it used within the window, it is the earlier message.
func (w *World) Post(channel discord.ID, d Draft) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.botChannel(channel, discord.SendMessages)
	if err != nil {
		return discord.Message{}, err
	}
	if err := d.check(); err != nil {
		return discord.Message{}, err
	}
	if d.empty() {
		return discord.Message{}, discord.ErrEmptyMessage
	}
	if len(ch.Recipients) > 0 && (w.closed[ch.Recipients[0].ID]) {
		return discord.Message{}, discord.ErrCannotMessageUser
	}
	if d.EnforceNonce {
		if m, err, ok := w.repeated(d.nonce()); ok {
			return m, err
		}
	}
	if err := w.refer(ch, &d); err != nil {
		return discord.Message{}, err
	}
	m := w.compose(ch, w.bot, d)
	w.nonces.remember(d.nonce(), ch.ID, m.ID, w.cfg.Now())
	w.publish(ch, m)
	return *m, nil
}

// repeated is the bot's message of a nonce. If that message was deleted, Discord says Unknown Message.
func (w *World) repeated(text string) (discord.Message, error, bool) {
	made, ok := w.nonces.recall(text, w.cfg.Now().Add(-w.cfg.NonceWindow))
	if !ok {
		return discord.Message{}, nil, false
	}
	ch := w.channels[made.channel]
	if ch == nil || ch.messages[made.message] == nil {
		return discord.Message{}, discord.ErrUnknownMessage, true
	}
	return *ch.messages[made.message], nil, true
}

// refer completes and checks the message that a reply answers.
func (w *World) refer(ch *channel, d *Draft) error {
	ref := d.MessageReference
	if ref == nil {
		return nil
	}
	full := *ref
	full.ChannelID, full.GuildID = ch.ID, ch.GuildID
	if ch.messages[full.MessageID] == nil {
		return discord.InvalidField("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
	}
	d.MessageReference = &full
	return nil
}

// compose makes a message without publishing it.
func (w *World) compose(ch *channel, author discord.User, d Draft) *discord.Message {
	m := &discord.Message{
		ID: w.minter.Next(), ChannelID: ch.ID, Author: author, Timestamp: w.now(), TTS: d.TTS, Flags: d.flags(),
		Mentions: []discord.User{}, MentionRoles: []discord.ID{}, MessageReference: d.MessageReference,
	}
	if d.nonce() != "" {
		m.Nonce = d.Nonce
	}
	if d.MessageReference != nil {
		m.Type = discord.MessageReply
		m.ReferencedMessage = ch.messages[d.MessageReference.MessageID]
	}
	w.fill(ch, m, d)
	return m
}

// fill puts what a draft says into a message; what it does not say stays.
func (w *World) fill(ch *channel, m *discord.Message, d Draft) {
	if d.Content != nil {
		m.Content = *d.Content
	}
	if d.Embeds != nil || m.Embeds == nil {
		m.Embeds = shown(deref(d.Embeds))
	}
	if d.Components != nil || m.Components == nil {
		m.Components = numbered(deref(d.Components))
	}
	if d.hasPoll() {
		m.Poll = w.openPoll(d.Poll)
	}
	m.Attachments = append([]discord.Attachment{}, m.Attachments...)
	for _, f := range d.Files {
		m.Attachments = append(m.Attachments, w.store(ch, f))
	}
	w.mention(ch, m, d.AllowedMentions)
}

func deref[T any](p *[]T) []T {
	if p == nil {
		return nil
	}
	return *p
}

// publish keeps a message and tells of it.
func (w *World) publish(ch *channel, m *discord.Message) {
	w.keep(ch, m)
	w.tellMessage("MESSAGE_CREATE", ch, m)
}

func (w *World) keep(ch *channel, m *discord.Message) {
	ch.messages[m.ID] = m
	ch.order = append(ch.order, m.ID)
	ch.LastMessageID = &m.ID
	if len(ch.order) > w.cfg.MessagesKept {
		w.dropOldest(ch)
	}
}

func (w *World) dropOldest(ch *channel) {
	for _, id := range ch.order[:len(ch.order)-w.cfg.MessagesKept] {
		delete(ch.messages, id)
	}
	ch.order = slices.Clone(ch.order[len(ch.order)-w.cfg.MessagesKept:])
}
