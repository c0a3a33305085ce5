package gateway

import "strings"

// Intents is the set of events that a session asks for.
type Intents uint64

// Intents, as documented at https://discord.com/developers/docs/events/gateway#gateway-intents.
const (
	Guilds                 Intents = 1 << 0
	GuildMembers           Intents = 1 << 1
	GuildModeration        Intents = 1 << 2
	GuildExpressions       Intents = 1 << 3
	GuildIntegrations      Intents = 1 << 4
	GuildWebhooks          Intents = 1 << 5
	GuildInvites           Intents = 1 << 6
	GuildVoiceStates       Intents = 1 << 7
	GuildPresences         Intents = 1 << 8
	GuildMessages          Intents = 1 << 9
	GuildMessageReactions  Intents = 1 << 10
	GuildMessageTyping     Intents = 1 << 11
	DirectMessages         Intents = 1 << 12
	DirectMessageReactions Intents = 1 << 13
	DirectMessageTyping    Intents = 1 << 14
	MessageContent         Intents = 1 << 15
	ScheduledEvents        Intents = 1 << 16
	AutoModConfiguration   Intents = 1 << 20
	AutoModExecution       Intents = 1 << 21
	GuildMessagePolls      Intents = 1 << 24
	DirectMessagePolls     Intents = 1 << 25

	// Privileged intents must be switched on for the application.
	Privileged = GuildMembers | GuildPresences | MessageContent

	known = Intents(1<<17-1) | AutoModConfiguration | AutoModExecution | GuildMessagePolls | DirectMessagePolls
)

// needs is which intents bring an event: by the event's name or the beginning of it, in guilds and in DMs. The longest match counts;
// what matches nothing is always sent, unknown types among it.
var needs = map[string]struct{ guild, dm Intents }{
	"GUILD_CREATE":                  {guild: Guilds},
	"GUILD_UPDATE":                  {guild: Guilds},
	"GUILD_DELETE":                  {guild: Guilds},
	"GUILD_ROLE_":                   {guild: Guilds},
	"CHANNEL_":                      {guild: Guilds},
	"CHANNEL_PINS_UPDATE":           {guild: Guilds, dm: DirectMessages},
	"THREAD_":                       {guild: Guilds},
	"THREAD_MEMBERS_UPDATE":         {guild: Guilds | GuildMembers},
	"STAGE_INSTANCE_":               {guild: Guilds},
	"GUILD_MEMBER_":                 {guild: GuildMembers},
	"GUILD_AUDIT_LOG_ENTRY_CREATE":  {guild: GuildModeration},
	"GUILD_BAN_":                    {guild: GuildModeration},
	"GUILD_EMOJIS_UPDATE":           {guild: GuildExpressions},
	"GUILD_STICKERS_UPDATE":         {guild: GuildExpressions},
	"GUILD_SOUNDBOARD_SOUND":        {guild: GuildExpressions},
	"GUILD_INTEGRATIONS_UPDATE":     {guild: GuildIntegrations},
	"INTEGRATION_":                  {guild: GuildIntegrations},
	"WEBHOOKS_UPDATE":               {guild: GuildWebhooks},
	"INVITE_":                       {guild: GuildInvites},
	"VOICE_STATE_UPDATE":            {guild: GuildVoiceStates},
	"VOICE_CHANNEL_":                {guild: GuildVoiceStates},
	"PRESENCE_UPDATE":               {guild: GuildPresences},
	"MESSAGE_":                      {guild: GuildMessages, dm: DirectMessages},
	"MESSAGE_REACTION_":             {guild: GuildMessageReactions, dm: DirectMessageReactions},
	"MESSAGE_POLL_VOTE_":            {guild: GuildMessagePolls, dm: DirectMessagePolls},
	"TYPING_START":                  {guild: GuildMessageTyping, dm: DirectMessageTyping},
	"GUILD_SCHEDULED_EVENT_":        {guild: ScheduledEvents},
	"AUTO_MODERATION_RULE_":         {guild: AutoModConfiguration},
	"AUTO_MODERATION_ACTION_EXECUT": {guild: AutoModExecution},
}

// want reports whether a session with these intents is sent an event.
func (in Intents) want(kind string, guild bool) bool {
	longest := ""
	for name := range needs {
		if len(name) > len(longest) && strings.HasPrefix(kind, name) {
			longest = name
		}
	}
	if longest == "" || kind == "GUILD_MEMBERS_CHUNK" {
		return true
	}
	n := needs[longest]
	if guild {
		return in&n.guild != 0
	}
	return in&n.dm != 0
}
