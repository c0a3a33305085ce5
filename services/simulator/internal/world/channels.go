package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// channel is a channel with its last messages.
type channel struct {
	discord.Channel
	messages map[discord.ID]*discord.Message
	order    []discord.ID
	reacted  map[reaction]bool
}

// AddChannel makes a text channel in a guild. An ID of 0 is replaced with a new one.
func (w *World) AddChannel(guild discord.ID, c discord.Channel) (discord.Channel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok {
		return c, discord.ErrUnknownGuild
	}
	ch := w.addGuildChannel(g, c)
	w.tell(g, "CHANNEL_CREATE", ch.Channel)
	return ch.Channel, nil
}

func (w *World) addGuildChannel(g *guild, c discord.Channel) *channel {
	position, slow, nsfw := len(g.channels), 0, false
	c.Type, c.GuildID, c.PermissionOverwrites = discord.GuildText, g.ID, []any{}
	c.Position, c.RateLimitPerUser, c.NSFW = &position, &slow, &nsfw
	ch := w.addChannel(c)
	g.channels = append(g.channels, ch.ID)
	return ch
}

func (w *World) addChannel(c discord.Channel) *channel {
	if c.ID == 0 {
		c.ID = w.minter.Next()
	}
	ch := &channel{Channel: c, messages: map[discord.ID]*discord.Message{}, reacted: map[reaction]bool{}}
	w.channels[c.ID] = ch
	return ch
}

// RemoveChannel is a channel being deleted by a person.
func (w *World) RemoveChannel(id discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, ok := w.channels[id]
	if !ok || ch.GuildID == 0 {
		return discord.ErrUnknownChannel
	}
	g := w.guilds[ch.GuildID]
	delete(w.channels, id)
	g.channels = slices.DeleteFunc(g.channels, func(c discord.ID) bool { return c == id })
	w.tell(g, "CHANNEL_DELETE", ch.Channel)
	return nil
}

// Channel is a channel that the bot can see.
func (w *World) Channel(id discord.ID) (discord.Channel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.botChannel(id, discord.ViewChannel)
	if err != nil {
		return discord.Channel{}, err
	}
	return ch.Channel, nil
}

// Channels is the channels of a guild, in the order of their making.
func (w *World) Channels(guild discord.ID) ([]discord.Channel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, 0)
	if err != nil {
		return nil, err
	}
	found := []discord.Channel{}
	for _, id := range g.channels {
		found = append(found, w.channels[id].Channel)
	}
	return found, nil
}

// Whereabouts is the guild of a channel and, for a DM, the other user; 0 for what there is none of.
func (w *World) Whereabouts(channel discord.ID) (guild, user discord.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, ok := w.channels[channel]
	switch {
	case !ok:
		return 0, 0
	case len(ch.Recipients) > 0:
		return 0, ch.Recipients[0].ID
	}
	return ch.GuildID, 0
}

// botChannel is a channel where the bot has all of need: a DM, or in a guild that it is in.
func (w *World) botChannel(id discord.ID, need discord.Permissions) (*channel, error) {
	ch, ok := w.channels[id]
	if !ok {
		return nil, discord.ErrUnknownChannel
	}
	if ch.GuildID == 0 {
		return ch, nil
	}
	g := w.guilds[ch.GuildID]
	switch has := w.permissions(g, w.bot.ID); {
	case !has.Has(discord.ViewChannel):
		return nil, discord.ErrMissingAccess
	case !has.Has(need):
		return nil, discord.ErrMissingPermissions
	}
	return ch, nil
}
