package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"antiraid/shared/bundle"
	"antiraid/shared/event"
)

// discordEvents are the events that Discord can tell a tenant of, https://discord.com/developers/docs/events/gateway-events#receive-events.
const discordEvents = `
APPLICATION_COMMAND_PERMISSIONS_UPDATE AUTO_MODERATION_ACTION_EXECUTION AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_DELETE
AUTO_MODERATION_RULE_UPDATE CHANNEL_CREATE CHANNEL_DELETE CHANNEL_PINS_UPDATE CHANNEL_UPDATE ENTITLEMENT_CREATE ENTITLEMENT_DELETE
ENTITLEMENT_UPDATE GUILD_AUDIT_LOG_ENTRY_CREATE GUILD_BAN_ADD GUILD_BAN_REMOVE GUILD_CREATE GUILD_DELETE GUILD_EMOJIS_UPDATE
GUILD_INTEGRATIONS_UPDATE GUILD_MEMBERS_CHUNK GUILD_MEMBER_ADD GUILD_MEMBER_REMOVE GUILD_MEMBER_UPDATE GUILD_ROLE_CREATE
GUILD_ROLE_DELETE GUILD_ROLE_UPDATE GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_DELETE GUILD_SCHEDULED_EVENT_UPDATE
GUILD_SCHEDULED_EVENT_USER_ADD GUILD_SCHEDULED_EVENT_USER_REMOVE GUILD_SOUNDBOARD_SOUNDS_UPDATE GUILD_SOUNDBOARD_SOUND_CREATE
GUILD_SOUNDBOARD_SOUND_DELETE GUILD_SOUNDBOARD_SOUND_UPDATE GUILD_STICKERS_UPDATE GUILD_UPDATE INTEGRATION_CREATE INTEGRATION_DELETE
INTEGRATION_UPDATE INTERACTION_CREATE INVITE_CREATE INVITE_DELETE MESSAGE_CREATE MESSAGE_DELETE MESSAGE_DELETE_BULK
MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL
MESSAGE_REACTION_REMOVE_EMOJI MESSAGE_UPDATE PRESENCE_UPDATE SOUNDBOARD_SOUNDS STAGE_INSTANCE_CREATE STAGE_INSTANCE_DELETE
STAGE_INSTANCE_UPDATE SUBSCRIPTION_CREATE SUBSCRIPTION_DELETE SUBSCRIPTION_UPDATE THREAD_CREATE THREAD_DELETE THREAD_LIST_SYNC
THREAD_MEMBERS_UPDATE THREAD_MEMBER_UPDATE THREAD_UPDATE TYPING_START USER_UPDATE VOICE_CHANNEL_EFFECT_SEND VOICE_SERVER_UPDATE
VOICE_STATE_UPDATE WEBHOOKS_UPDATE`

// strange warns of declared event types that are not known. They are no fault: Discord may have more than we know.
func strange(events []string) (warnings []string) {
	known := append(strings.Fields(discordEvents), event.Startup)
	for _, typ := range events {
		if slices.Contains(known, typ) {
			continue
		}
		warning := fmt.Sprintf("%s is no event that Discord is known to send, so its handler may never run", typ)
		if near := nearest(typ, known); near != "" {
			warning += fmt.Sprintf("; did you mean %s?", near)
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// nearest is the known word that a misspelt one shares the most with; empty when that is too little.
func nearest(word string, known []string) string {
	best, most := "", len(word)/3+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(word, k); d < most {
			best, most = k, d
		}
	}
	return best
}

// lineOf is the line of a template's first file on which a text stands in quotation marks; 0 when it is put together in some other way.
func lineOf(files bundle.Revision, text string) (n int, source string) {
	for line := range strings.Lines(files[bundle.Entry]) {
		n++
		if strings.Contains(line, `"`+text+`"`) || strings.Contains(line, "'"+text+"'") {
			return n, readable(strings.TrimRight(line, "\r\n"))
		}
	}
	return 0, ""
}

// maxLine is how much of a source line is shown, in bytes; executors show as much.
const maxLine = 200

func readable(line string) string {
	if len(line) > maxLine {
		return strings.ToValidUTF8(line[:maxLine], "") + "…"
	}
	return line
}
