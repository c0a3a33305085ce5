package world

import (
	"crypto/rand"
	"encoding/json"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// interaction is a use of the app and what became of it.
type interaction struct {
	discord.Interaction
	sent      time.Time
	answered  int                 // callback type; 0: none yet
	original  discord.ID          // the first answer's message; 0: none
	messages  map[discord.ID]bool // what was sent with its token
	followUps int
}

// Use is somebody using the app: by default, the command of that name.
type Use struct {
	User    discord.ID
	Guild   discord.ID // 0: in the user's DM with the bot
	Channel discord.ID // 0: the guild's first one
	Type    int        // 0: a command
	Command string     // its name; for commands and autocomplete
	Options any        // the command's, as Discord sends them; nil: none
	Data    any        // in place of what Command and Options make
	Message discord.ID // whose component was pressed

	// UserInstalled: the app is there because the user installed it, not the guild. Then the bot need not be in the guild.
	UserInstalled bool
}

// commandData is the data of a command.
type commandData struct {
	ID      discord.ID `json:"id"`
	Name    string     `json:"name"`
	Type    int        `json:"type"`
	GuildID discord.ID `json:"guild_id,omitzero"`
	Options any        `json:"options,omitempty"`
}

// Interact emits INTERACTION_CREATE. In a guild it goes to that guild's shard, also when the bot is not in it; Discord leaves that
// open. The interaction waits for its first answer from now on.
func (w *World) Interact(u Use) (discord.Interaction, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	user, ok := w.users[u.User]
	if !ok {
		return discord.Interaction{}, discord.ErrUnknownUser
	}
	in := discord.Interaction{
		ID: w.minter.Next(), ApplicationID: w.bot.ID, Type: max(u.Type, discord.InteractionCommand), Version: 1, Locale: "en-US",
		Token: rand.Text() + rand.Text(), Entitlements: []any{}, EntitlementSKUIDs: []any{}, AttachmentSizeLimit: 10 << 20,
		Owners: discord.Owners{},
	}
	place := w.inDM
	if u.Guild != 0 {
		place = w.inGuild
	}
	ch, err := place(&in, u, user)
	if err != nil {
		return discord.Interaction{}, err
	}
	if u.UserInstalled {
		in.Owners["1"] = user.ID
	}
	if m := ch.messages[u.Message]; m != nil {
		in.Message = m
	}
	in.Data = w.data(u)
	kept := &interaction{Interaction: in, sent: w.cfg.Now(), messages: map[discord.ID]bool{}}
	w.forgetInteractions()
	w.interactions[in.ID], w.tokens[in.Token], w.uses = kept, kept, append(w.uses, kept)
	w.emit("INTERACTION_CREATE", in.GuildID, in)
	return in, nil
}

func (w *World) inDM(in *discord.Interaction, u Use, user discord.User) (*channel, error) {
	ch, err := w.openDM(user.ID)
	if err != nil {
		return nil, err
	}
	shown := ch.Channel
	in.Channel, in.ChannelID, in.User, in.Context = &shown, ch.ID, &user, discord.ContextBotDM
	in.AppPermissions = discord.Ordinary.String()
	if !u.UserInstalled {
		in.Owners["0"] = 0
	}
	return ch, nil
}

func (w *World) inGuild(in *discord.Interaction, u Use, user discord.User) (*channel, error) {
	g, ok := w.guilds[u.Guild]
	if !ok {
		return nil, discord.ErrUnknownGuild
	}
	m := g.members[user.ID]
	if m == nil {
		return nil, discord.ErrUnknownMember
	}
	if u.Channel == 0 {
		u.Channel = g.channels[0]
	}
	ch, ok := w.channels[u.Channel]
	if !ok || ch.GuildID != g.ID {
		return nil, discord.ErrUnknownChannel
	}
	shown, member := ch.Channel, *m
	member.Permissions = w.permissions(g, user.ID).String()
	in.Guild = &discord.PartialGuild{ID: g.ID, Locale: g.PreferredLocale, Features: g.Features}
	in.GuildID, in.GuildLocale, in.Channel, in.ChannelID, in.Member = g.ID, g.PreferredLocale, &shown, ch.ID, &member
	in.Context = discord.ContextGuild
	in.AppPermissions = max(w.permissions(g, w.bot.ID), discord.Ordinary).String()
	if !u.UserInstalled {
		in.Owners["0"] = g.ID
	}
	return ch, nil
}

func (w *World) data(u Use) json.RawMessage {
	if u.Data != nil {
		return raw(u.Data)
	}
	d := commandData{Name: u.Command, Type: 1, Options: u.Options}
	if c, ok := w.command(u.Guild, u.Command); ok {
		d.ID, d.Type, d.GuildID = c.ID, c.Type, c.GuildID
	} else {
		d.ID = w.minter.Next()
	}
	return discord.Encode(d)
}

// forgetInteractions drops those whose tokens have ended.
func (w *World) forgetInteractions() {
	now := w.cfg.Now()
	for len(w.uses) > 0 && now.Sub(w.uses[0].sent) > w.cfg.CallbackWithin+w.cfg.TokenLife {
		delete(w.tokens, w.uses[0].Token)
		delete(w.interactions, w.uses[0].ID)
		w.uses = w.uses[1:]
	}
}
