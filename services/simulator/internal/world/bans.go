package world

import (
	"slices"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// Ban is the bot keeping a user out of a guild, whether a member or not, and deleting what they wrote in the last while.
// Banning somebody banned already changes nothing.
func (w *World) Ban(guild, user discord.ID, reason string, forget time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, discord.BanMembers)
	if err != nil {
		return err
	}
	u, ok := w.users[user]
	switch {
	case !ok:
		return discord.ErrUnknownUser
	case user == g.OwnerID || user == w.bot.ID:
		return discord.ErrMissingPermissions
	}
	if _, banned := g.bans[user]; banned {
		return nil
	}
	ban := discord.Ban{User: u}
	if reason != "" {
		ban.Reason = &reason
	}
	g.bans[user] = ban
	w.tell(g, "GUILD_BAN_ADD", userEvent{guild, u})
	if g.members[user] != nil {
		w.expel(g, user)
	}
	w.audit(g, auditBan, user, reason)
	if forget > 0 {
		w.forgetAuthor(g, user, w.cfg.Now().Add(-forget))
	}
	return nil
}

// Unban is the bot letting a user in again.
func (w *World) Unban(guild, user discord.ID, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, discord.BanMembers)
	if err != nil {
		return err
	}
	ban, banned := g.bans[user]
	if !banned {
		return discord.ErrUnknownBan
	}
	delete(g.bans, user)
	w.tell(g, "GUILD_BAN_REMOVE", userEvent{guild, ban.User})
	w.audit(g, auditUnban, user, reason)
	return nil
}

// BanOf is the ban of a user.
func (w *World) BanOf(guild, user discord.ID) (discord.Ban, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, discord.BanMembers)
	if err != nil {
		return discord.Ban{}, err
	}
	ban, banned := g.bans[user]
	if !banned {
		return ban, discord.ErrUnknownBan
	}
	return ban, nil
}

// Bans is up to limit bans of users with ids above after, in the order of ids.
func (w *World) Bans(guild, after discord.ID, limit int) ([]discord.Ban, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, discord.BanMembers)
	if err != nil {
		return nil, err
	}
	found := []discord.Ban{}
	for id, ban := range g.bans {
		if id > after {
			found = append(found, ban)
		}
	}
	slices.SortFunc(found, func(a, b discord.Ban) int { return compare(a.User.ID, b.User.ID) })
	return found[:min(limit, len(found))], nil
}
