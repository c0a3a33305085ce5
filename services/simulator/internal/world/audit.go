package world

import (
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// Actions of the audit log. Source: https://discord.com/developers/docs/resources/audit-log#audit-log-entry-object-audit-log-events.
const (
	auditKick         = 20
	auditBan          = 22
	auditUnban        = 23
	auditMemberUpdate = 24
	auditMemberRoles  = 25
)

// auditEntry is GUILD_AUDIT_LOG_ENTRY_CREATE.
type auditEntry struct {
	ID         discord.ID  `json:"id"`
	GuildID    discord.ID  `json:"guild_id"`
	UserID     discord.ID  `json:"user_id"`
	TargetID   discord.ID  `json:"target_id"`
	ActionType int         `json:"action_type"`
	Changes    []auditDiff `json:"changes,omitempty"`
	Reason     string      `json:"reason,omitempty"`
}

// auditDiff is one thing that changed.
type auditDiff struct {
	Key string `json:"key"`
	Old any    `json:"old_value,omitempty"`
	New any    `json:"new_value,omitempty"`
}

// audit tells of something that the bot did to a member, where it may see the audit log.
func (w *World) audit(g *guild, action int, target discord.ID, reason string, changes ...auditDiff) {
	if w.permissions(g, w.bot.ID).Has(discord.ViewAuditLog) {
		w.tell(g, "GUILD_AUDIT_LOG_ENTRY_CREATE", auditEntry{
			ID: w.minter.Next(), GuildID: g.ID, UserID: w.bot.ID, TargetID: target, ActionType: action, Reason: reason, Changes: changes,
		})
	}
}

// auditChange tells of a changed member: roles are an entry of their own.
func (w *World) auditChange(g *guild, old, now discord.Member, c MemberChange) {
	var changes []auditDiff
	if c.Nick != nil {
		changes = append(changes, auditDiff{"nick", plain(old.Nick), plain(now.Nick)})
	}
	if c.Mute != nil {
		changes = append(changes, auditDiff{"mute", old.Mute, now.Mute})
	}
	if c.Deaf != nil {
		changes = append(changes, auditDiff{"deaf", old.Deaf, now.Deaf})
	}
	if c.Timeout != nil {
		changes = append(changes, auditDiff{"communication_disabled_until", plain(old.CommunicationDisabledUntil), plain(now.CommunicationDisabledUntil)})
	}
	if len(changes) > 0 {
		w.audit(g, auditMemberUpdate, now.User.ID, c.Reason, changes...)
	}
	if roles := g.diff(old.Roles, now.Roles); len(roles) > 0 {
		w.audit(g, auditMemberRoles, now.User.ID, c.Reason, roles...)
	}
}

// plain is a value, or nothing at all.
func plain[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// partialRole is a role as the audit log names it.
type partialRole struct {
	ID   discord.ID `json:"id"`
	Name string     `json:"name"`
}

// diff is the roles that came and went.
func (g *guild) diff(old, now []discord.ID) []auditDiff {
	var out []auditDiff
	if came := g.without(now, old); len(came) > 0 {
		out = append(out, auditDiff{Key: "$add", New: came})
	}
	if went := g.without(old, now); len(went) > 0 {
		out = append(out, auditDiff{Key: "$remove", New: went})
	}
	return out
}

// without is the roles of a list that another has not.
func (g *guild) without(list, other []discord.ID) []partialRole {
	var out []partialRole
	for _, id := range list {
		if r := g.role(id); r != nil && !slices.Contains(other, id) {
			out = append(out, partialRole{id, r.Name})
		}
	}
	return out
}
