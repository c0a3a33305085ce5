package world

import (
	"cmp"
	"slices"
	"strconv"

	"antiraid/services/simulator/internal/discord"
)

// roleEvent is GUILD_ROLE_CREATE and GUILD_ROLE_UPDATE.
type roleEvent struct {
	GuildID discord.ID   `json:"guild_id"`
	Role    discord.Role `json:"role"`
}

// AddRole makes a role in a guild. An ID of 0 is replaced with a new one.
func (w *World) AddRole(guild discord.ID, r discord.Role) (discord.Role, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok {
		return r, discord.ErrUnknownGuild
	}
	if r.ID == 0 {
		r.ID = w.minter.Next()
	}
	if r.Name == "" {
		r.Name = "new role"
	}
	if r.Permissions == "" {
		r.Permissions = "0"
	}
	r.Position = 1
	r.Colors.Primary = r.Color
	g.Roles = append(slices.Clone(g.Roles), r)
	w.tell(g, "GUILD_ROLE_CREATE", roleEvent{guild, r})
	return r, nil
}

// SetBotPermissions sets what the bot may do in a guild: the permissions of the role that it came with. It still has @everyone's.
func (w *World) SetBotPermissions(guild discord.ID, p discord.Permissions) error {
	return w.SetRolePermissions(guild, 0, p)
}

// SetRolePermissions sets what a role allows. @everyone has the guild's id; 0 is the role that the bot came with.
func (w *World) SetRolePermissions(guild, role discord.ID, p discord.Permissions) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, ok := w.guilds[guild]
	if !ok {
		return discord.ErrUnknownGuild
	}
	if role == 0 {
		role = g.botRole
	}
	g.Roles = slices.Clone(g.Roles)
	r := g.role(role)
	if r == nil {
		return discord.ErrUnknownRole
	}
	r.Permissions = p.String()
	w.tell(g, "GUILD_ROLE_UPDATE", roleEvent{guild, *r})
	return nil
}

func (g *guild) role(id discord.ID) *discord.Role {
	for i := range g.Roles {
		if g.Roles[i].ID == id {
			return &g.Roles[i]
		}
	}
	return nil
}

func compare(a, b discord.ID) int { return cmp.Compare(a, b) }

// permissions is what a member may do; nothing for somebody else.
func (w *World) permissions(g *guild, user discord.ID) discord.Permissions {
	m := g.members[user]
	switch {
	case m == nil:
		return 0
	case user == g.OwnerID:
		return discord.All
	}
	var all discord.Permissions
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(m.Roles, r.ID) {
			bits, _ := strconv.ParseUint(r.Permissions, 10, 64)
			all |= discord.Permissions(bits)
		}
	}
	return all
}
