package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// guild is a guild with what REST shows by other routes.
type guild struct {
	discord.Guild
	made     discord.Time
	channels []discord.ID
	members  map[discord.ID]*discord.Member
	order    []discord.ID // of members, by when they joined
	bans     map[discord.ID]discord.Ban
	botRole  discord.ID
	outage   bool
}

// AddGuild makes a guild with the roles @everyone and the bot's, a text channel #general, its owner and the bot as members.
// IDs of 0 are replaced with new ones; no owner means a new one.
func (w *World) AddGuild(g discord.Guild) (discord.Guild, error) {
	if g.OwnerID == 0 {
		g.OwnerID = w.AddUser(discord.User{Username: "owner"}).ID
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if g.ID == 0 {
		g.ID = w.minter.Next()
	}
	if _, ok := w.users[g.OwnerID]; !ok {
		return g, discord.ErrUnknownUser
	}
	made := &guild{
		Guild: g, made: w.now(), botRole: w.minter.Next(),
		members: map[discord.ID]*discord.Member{}, bans: map[discord.ID]discord.Ban{},
	}
	made.complete()
	made.Roles = []discord.Role{
		{ID: g.ID, Name: "@everyone", Permissions: discord.Ordinary.String()},
		{ID: made.botRole, Name: w.bot.Username, Permissions: discord.Administrator.String(), Position: 1, Managed: true},
	}
	w.guilds[g.ID] = made
	w.enrol(made, g.OwnerID)
	w.enrol(made, w.bot.ID).Roles = []discord.ID{made.botRole}
	w.addGuildChannel(made, discord.Channel{Name: "general"})
	w.emit("GUILD_CREATE", g.ID, w.announce(made, true))
	return made.Guild, nil
}

// complete fills what Discord always sends.
func (g *guild) complete() {
	if g.Name == "" {
		g.Name = "Guild " + g.ID.String()
	}
	g.Region, g.PreferredLocale = "deprecated", "en-US"
	g.AFKTimeout, g.MaxMembers, g.MaxVideoChannelUsers, g.MaxStageVideoChannelUsers = 300, 500000, 25, 50
	g.Features, g.Emojis, g.Stickers = []string{}, []any{}, []any{}
}

// RemoveBot is the bot being thrown out of a guild, or its app being uninstalled there.
func (w *World) RemoveBot(guild discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok || g.members[w.bot.ID] == nil {
		return discord.ErrUnknownGuild
	}
	g.strike(w.bot.ID)
	w.emit("GUILD_DELETE", guild, discord.Unavailable{ID: guild})
	return nil
}

// SetOutage makes a guild unavailable, or available again.
func (w *World) SetOutage(guild discord.ID, outage bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok {
		return discord.ErrUnknownGuild
	}
	if g.outage == outage {
		return nil
	}
	g.outage = outage
	if outage {
		w.emit("GUILD_DELETE", guild, discord.Unavailable{ID: guild, Outage: true})
	} else {
		w.emit("GUILD_CREATE", guild, w.announce(g, true))
	}
	return nil
}

// Guild is a guild that the bot is in.
func (w *World) Guild(id discord.ID, counts bool) (discord.Guild, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(id, 0)
	if err != nil {
		return discord.Guild{}, err
	}
	out := g.Guild
	if counts {
		out.ApproximateMemberCount, out.ApproximatePresenceCount = len(g.members), 1
	}
	return out, nil
}

// Guilds is the guilds that the bot is in, in the order of their ids.
func (w *World) Guilds() []discord.Guild {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := []discord.Guild{}
	for _, id := range w.botGuilds() {
		found = append(found, w.guilds[id].Guild)
	}
	return found
}

func (w *World) botGuilds() []discord.ID {
	ids := []discord.ID{}
	for id, g := range w.guilds {
		if g.members[w.bot.ID] != nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// botGuild is a guild that the bot is in and where it has all of need.
func (w *World) botGuild(id discord.ID, need discord.Permissions) (*guild, error) {
	g, ok := w.guilds[id]
	switch {
	case !ok || g.members[w.bot.ID] == nil:
		return nil, discord.ErrUnknownGuild
	case !w.permissions(g, w.bot.ID).Has(need):
		return nil, discord.ErrMissingPermissions
	}
	return g, nil
}
