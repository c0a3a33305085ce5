package world

import (
	"regexp"
	"slices"
	"strings"

	"antiraid/services/simulator/internal/discord"
)

var mentions = regexp.MustCompile(`<@([!&]?)(\d{1,20})>`)

// mention works out whom a message mentions: what its text names and allowed lets through; nil lets everything through.
func (w *World) mention(ch *channel, m *discord.Message, allowed *discord.AllowedMentions) {
	m.Mentions, m.MentionRoles, m.MentionEveryone = []discord.User{}, []discord.ID{}, false
	for _, found := range mentions.FindAllStringSubmatch(m.Content, -1) {
		id, err := discord.ParseID(found[2])
		switch {
		case err != nil:
		case found[1] == "&":
			w.mentionRole(ch, m, id, allowed)
		case permits(allowed, "users", id):
			w.mentionUser(m, id)
		}
	}
	if ref := m.ReferencedMessage; ref != nil && (allowed == nil || allowed.RepliedUser) {
		w.mentionUser(m, ref.Author.ID)
	}
	if strings.Contains(m.Content, "@everyone") || strings.Contains(m.Content, "@here") {
		g := w.guilds[ch.GuildID]
		m.MentionEveryone = g != nil && permits(allowed, "everyone", 0) && w.permissions(g, m.Author.ID).Has(discord.MentionEveryone)
	}
}

func (w *World) mentionUser(m *discord.Message, id discord.ID) {
	u, ok := w.users[id]
	if ok && !slices.ContainsFunc(m.Mentions, func(u discord.User) bool { return u.ID == id }) {
		m.Mentions = append(m.Mentions, u)
	}
}

func (w *World) mentionRole(ch *channel, m *discord.Message, id discord.ID, allowed *discord.AllowedMentions) {
	g := w.guilds[ch.GuildID]
	if g != nil && g.role(id) != nil && permits(allowed, "roles", id) && !slices.Contains(m.MentionRoles, id) {
		m.MentionRoles = append(m.MentionRoles, id)
	}
}

func permits(allowed *discord.AllowedMentions, kind string, id discord.ID) bool {
	return allowed == nil || slices.Contains(allowed.Parse, kind) ||
		kind == "users" && slices.Contains(allowed.Users, id) || kind == "roles" && slices.Contains(allowed.Roles, id)
}
