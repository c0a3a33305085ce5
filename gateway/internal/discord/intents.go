package discord

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"antiraid/gateway/internal/setting"
)

// intents is every intent by Discord's name for it, https://discord.com/developers/docs/events/gateway#list-of-intents.
func intents() map[string]discordgo.Intent {
	return map[string]discordgo.Intent{
		"GUILDS":                        discordgo.IntentGuilds,
		"GUILD_MEMBERS":                 discordgo.IntentGuildMembers,
		"GUILD_MODERATION":              discordgo.IntentGuildModeration,
		"GUILD_EXPRESSIONS":             discordgo.IntentGuildEmojis,
		"GUILD_INTEGRATIONS":            discordgo.IntentGuildIntegrations,
		"GUILD_WEBHOOKS":                discordgo.IntentGuildWebhooks,
		"GUILD_INVITES":                 discordgo.IntentGuildInvites,
		"GUILD_VOICE_STATES":            discordgo.IntentGuildVoiceStates,
		"GUILD_PRESENCES":               discordgo.IntentGuildPresences,
		"GUILD_MESSAGES":                discordgo.IntentGuildMessages,
		"GUILD_MESSAGE_REACTIONS":       discordgo.IntentGuildMessageReactions,
		"GUILD_MESSAGE_TYPING":          discordgo.IntentGuildMessageTyping,
		"DIRECT_MESSAGES":               discordgo.IntentDirectMessages,
		"DIRECT_MESSAGE_REACTIONS":      discordgo.IntentDirectMessageReactions,
		"DIRECT_MESSAGE_TYPING":         discordgo.IntentDirectMessageTyping,
		"MESSAGE_CONTENT":               discordgo.IntentMessageContent,
		"GUILD_SCHEDULED_EVENTS":        discordgo.IntentGuildScheduledEvents,
		"AUTO_MODERATION_CONFIGURATION": discordgo.IntentAutoModerationConfiguration,
		"AUTO_MODERATION_EXECUTION":     discordgo.IntentAutoModerationExecution,
		"GUILD_MESSAGE_POLLS":           discordgo.IntentGuildMessagePolls,
		"DIRECT_MESSAGE_POLLS":          discordgo.IntentDirectMessagePolls,
	}
}

// Intents is the number that stands for intents given by name.
func Intents(names []string) (int, error) {
	known, sum := intents(), discordgo.IntentsNone
	for _, name := range names {
		bit, ok := known[strings.TrimSpace(name)]
		if !ok {
			known := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
			return 0, &setting.Error{Key: "intents", Before: "read ", After: fmt.Sprintf(": %.64q is not an intent; known are %s", name, known)}
		}
		sum |= bit
	}
	return int(sum), nil
}
