package world

import (
	"slices"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// Message is a message that the bot can see.
func (w *World) Message(channel, id discord.ID) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, m, err := w.botMessage(channel, id, discord.ReadMessageHistory)
	if err != nil {
		return discord.Message{}, err
	}
	return later(m), nil
}

// later is a message as it is read after its making: without its nonce.
func later(m *discord.Message) discord.Message {
	out := *m
	out.Nonce = nil
	return out
}

// Page selects messages: up to Limit, newest first, on one side of another message. Zero ids select the newest.
type Page struct {
	Before, After, Around discord.ID
	Limit                 int
}

// Messages is a page of a channel that the bot can see.
func (w *World) Messages(channel discord.ID, p Page) ([]discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.botChannel(channel, discord.ReadMessageHistory)
	if err != nil {
		return nil, err
	}
	at := func(id discord.ID) int {
		i, _ := slices.BinarySearch(ch.order, id)
		return i
	}
	from, to := max(0, len(ch.order)-p.Limit), len(ch.order)
	switch {
	case p.Around != 0:
		from = max(0, at(p.Around)-p.Limit/2)
		to = min(len(ch.order), from+p.Limit)
	case p.Before != 0:
		to = at(p.Before)
		from = max(0, to-p.Limit)
	case p.After != 0:
		from = at(p.After + 1)
		to = min(len(ch.order), from+p.Limit)
	}
	found := []discord.Message{}
	for _, id := range slices.Backward(ch.order[from:to]) {
		found = append(found, later(ch.messages[id]))
	}
	return found, nil
}

// Edit is the bot changing a message of its own.
func (w *World) Edit(channel, id discord.ID, d Draft) (discord.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, m, err := w.botMessage(channel, id, 0)
	switch {
	case err != nil:
		return discord.Message{}, err
	case m.Author.ID != w.bot.ID:
		return discord.Message{}, discord.ErrNotAuthor
	}
	return w.edit(ch, m, d)
}

func (w *World) edit(ch *channel, old *discord.Message, d Draft) (discord.Message, error) {
	if err := d.check(); err != nil {
		return discord.Message{}, err
	}
	m, now := *old, w.now()
	m.EditedTimestamp = &now
	m.Flags |= d.flags() & discord.FlagComponents
	w.fill(ch, &m, d)
	if m.Content == "" && len(m.Embeds)+len(m.Components)+len(m.Attachments) == 0 && m.Poll == nil {
		return discord.Message{}, discord.ErrEmptyMessage
	}
	ch.messages[m.ID] = &m
	w.tellMessage("MESSAGE_UPDATE", ch, &m)
	return m, nil
}

// Delete is the bot deleting a message: its own, or another's where it may.
func (w *World) Delete(channel, id discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, m, err := w.botMessage(channel, id, 0)
	if err != nil {
		return err
	}
	if m.Author.ID != w.bot.ID {
		if _, err := w.botChannel(channel, discord.ManageMessages); err != nil {
			return err
		}
	}
	w.remove(ch, id)
	return nil
}

// Retract is a person deleting a message.
func (w *World) Retract(channel, id discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, ok := w.channels[channel]
	switch {
	case !ok:
		return discord.ErrUnknownChannel
	case ch.messages[id] == nil:
		return discord.ErrUnknownMessage
	}
	w.remove(ch, id)
	return nil
}

func (w *World) remove(ch *channel, id discord.ID) {
	delete(ch.messages, id)
	ch.order = slices.DeleteFunc(ch.order, func(m discord.ID) bool { return m == id })
	w.tellDeleted(ch, id)
}

// forgetAuthor removes what a user wrote in a guild since some time.
func (w *World) forgetAuthor(g *guild, user discord.ID, since time.Time) {
	for _, id := range g.channels {
		ch := w.channels[id]
		for _, message := range slices.Clone(ch.order) {
			if m := ch.messages[message]; m.Author.ID == user && m.Timestamp.After(since) {
				w.remove(ch, message)
			}
		}
	}
}

func (w *World) botMessage(in, id discord.ID, need discord.Permissions) (*channel, *discord.Message, error) {
	ch, err := w.botChannel(in, need)
	if err != nil {
		return nil, nil, err
	}
	if m := ch.messages[id]; m != nil {
		return ch, m, nil
	}
	return nil, nil, discord.ErrUnknownMessage
}
