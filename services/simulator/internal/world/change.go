package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// MemberChange is what the bot changes of a member; nil: nothing.
type MemberChange struct {
	Nick     *string
	Roles    *[]discord.ID
	Mute     *bool
	Deaf     *bool
	Timeout  *discord.Time // the zero time ends it
	AddRole  discord.ID
	DropRole discord.ID
	Reason   string // for the audit log
}

// ChangeMember is the bot changing a member.
func (w *World) ChangeMember(guild, user discord.ID, c MemberChange) (discord.Member, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, err := w.botGuild(guild, c.needs())
	if err != nil {
		return discord.Member{}, err
	}
	if _, err := w.member(g, user); err != nil {
		return discord.Member{}, err
	}
	if user == g.OwnerID && (c.Nick != nil || c.Timeout != nil) {
		return discord.Member{}, discord.ErrMissingPermissions
	}
	old := *g.members[user]
	m := old
	if err := c.apply(g, &m); err != nil {
		return discord.Member{}, err
	}
	g.members[user] = &m
	w.tell(g, "GUILD_MEMBER_UPDATE", memberEvent{m, guild})
	w.auditChange(g, old, m, c)
	return m, nil
}

func (c MemberChange) needs() discord.Permissions {
	var need discord.Permissions
	if c.Nick != nil {
		need |= discord.ManageNicknames
	}
	if c.Roles != nil || c.AddRole != 0 || c.DropRole != 0 {
		need |= discord.ManageRoles
	}
	if c.Timeout != nil {
		need |= discord.ModerateMembers
	}
	return need
}

func (c MemberChange) apply(g *guild, m *discord.Member) error {
	if c.Nick != nil {
		if m.Nick = c.Nick; *c.Nick == "" {
			m.Nick = nil
		}
	}
	if c.Roles != nil {
		m.Roles = slices.Clone(*c.Roles)
	}
	if c.AddRole != 0 && !slices.Contains(m.Roles, c.AddRole) {
		m.Roles = append(slices.Clone(m.Roles), c.AddRole)
	}
	if c.DropRole != 0 {
		m.Roles = slices.DeleteFunc(slices.Clone(m.Roles), func(id discord.ID) bool { return id == c.DropRole })
	}
	for _, id := range append(slices.Clone(m.Roles), c.AddRole, c.DropRole) {
		if id != 0 && g.role(id) == nil {
			return discord.ErrUnknownRole
		}
	}
	if c.Mute != nil {
		m.Mute = *c.Mute
	}
	if c.Deaf != nil {
		m.Deaf = *c.Deaf
	}
	if c.Timeout != nil {
		if m.CommunicationDisabledUntil = c.Timeout; c.Timeout.IsZero() {
			m.CommunicationDisabledUntil = nil
		}
	}
	return nil
}
