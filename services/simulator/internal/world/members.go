package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// memberEvent is GUILD_MEMBER_ADD and GUILD_MEMBER_UPDATE.
type memberEvent struct {
	discord.Member
	GuildID discord.ID `json:"guild_id"`
}

// userEvent is GUILD_MEMBER_REMOVE, GUILD_BAN_ADD and GUILD_BAN_REMOVE.
type userEvent struct {
	GuildID discord.ID   `json:"guild_id"`
	User    discord.User `json:"user"`
}

// Join is a user entering a guild. Someone banned cannot: 40007.
func (w *World) Join(guild, user discord.ID) (discord.Member, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok {
		return discord.Member{}, discord.ErrUnknownGuild
	}
	if _, ok := w.users[user]; !ok {
		return discord.Member{}, discord.ErrUnknownUser
	}
	if _, banned := g.bans[user]; banned {
		return discord.Member{}, discord.ErrBanned
	}
	if m := g.members[user]; m != nil {
		return *m, nil
	}
	m := w.enrol(g, user)
	if user == w.bot.ID {
		m.Roles = []discord.ID{g.botRole}
		w.emit("GUILD_CREATE", guild, w.announce(g, true))
	} else {
		w.tell(g, "GUILD_MEMBER_ADD", memberEvent{*m, guild})
	}
	return *m, nil
}

// Leave is a member going of their own will.
func (w *World) Leave(guild, user discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok {
		return discord.ErrUnknownGuild
	}
	if g.members[user] == nil {
		return discord.ErrUnknownMember
	}
	w.expel(g, user)
	return nil
}

// Member is a member of a guild that the bot is in.
func (w *World) Member(guild, user discord.ID) (discord.Member, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, 0)
	if err != nil {
		return discord.Member{}, err
	}
	return w.member(g, user)
}

func (w *World) member(g *guild, user discord.ID) (discord.Member, error) {
	if m := g.members[user]; m != nil {
		return *m, nil
	}
	if _, ok := w.users[user]; !ok {
		return discord.Member{}, discord.ErrUnknownUser
	}
	return discord.Member{}, discord.ErrUnknownMember
}

// Members is up to limit members with ids above after, in the order of ids.
func (w *World) Members(guild, after discord.ID, limit int) ([]discord.Member, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, 0)
	if err != nil {
		return nil, err
	}
	ids := slices.Sorted(slices.Values(g.order))
	start, _ := slices.BinarySearch(ids, after+1)
	found := []discord.Member{}
	for _, id := range ids[start:] {
		if len(found) == limit {
			break
		}
		found = append(found, *g.members[id])
	}
	return found, nil
}

// Kick is the bot throwing a member out.
func (w *World) Kick(guild, user discord.ID, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, discord.KickMembers)
	if err != nil {
		return err
	}
	if _, err := w.member(g, user); err != nil {
		return err
	}
	if user == g.OwnerID {
		return discord.ErrMissingPermissions
	}
	w.expel(g, user)
	w.audit(g, auditKick, user, reason)
	return nil
}

func (w *World) enrol(g *guild, user discord.ID) *discord.Member {
	u := w.users[user]
	m := &discord.Member{User: &u, Roles: []discord.ID{}, JoinedAt: w.now()}
	g.members[user] = m
	g.order = append(g.order, user)
	return m
}

func (w *World) expel(g *guild, user discord.ID) {
	g.strike(user)
	w.tell(g, "GUILD_MEMBER_REMOVE", userEvent{g.ID, w.users[user]})
}

func (g *guild) strike(user discord.ID) {
	delete(g.members, user)
	g.order = slices.DeleteFunc(g.order, func(id discord.ID) bool { return id == user })
}

// tell emits an event of a guild if the bot is there to hear it. What is about the bot itself it is always told.
func (w *World) tell(g *guild, kind string, d any) {
	if g.members[w.bot.ID] == nil || g.outage {
		return
	}
	e := Event{Type: kind, Guild: g.ID, Data: discord.Encode(d)}
	if m, ok := d.(memberEvent); ok && m.User.ID == w.bot.ID {
		e.Self = true
	}
	w.notify(e)
}
