package discord

import "encoding/json"

// Interaction types.
const (
	InteractionPing         = 1
	InteractionCommand      = 2
	InteractionComponent    = 3
	InteractionAutocomplete = 4
	InteractionModal        = 5
)

// Interaction contexts: where a command was used.
const (
	ContextGuild   = 0
	ContextBotDM   = 1
	ContextPrivate = 2
)

// Interaction is INTERACTION_CREATE.
type Interaction struct {
	ID                  ID              `json:"id"`
	ApplicationID       ID              `json:"application_id"`
	Type                int             `json:"type"`
	Data                json.RawMessage `json:"data,omitempty"`
	Guild               *PartialGuild   `json:"guild,omitempty"`
	GuildID             ID              `json:"guild_id,omitzero"`
	Channel             *Channel        `json:"channel,omitempty"`
	ChannelID           ID              `json:"channel_id,omitzero"`
	Member              *Member         `json:"member,omitempty"`
	User                *User           `json:"user,omitempty"`
	Token               string          `json:"token"`
	Version             int             `json:"version"`
	Message             *Message        `json:"message,omitempty"`
	AppPermissions      string          `json:"app_permissions"`
	Locale              string          `json:"locale"`
	GuildLocale         string          `json:"guild_locale,omitempty"`
	Entitlements        []any           `json:"entitlements"`
	EntitlementSKUIDs   []any           `json:"entitlement_sku_ids"`
	Owners              Owners          `json:"authorizing_integration_owners"`
	Context             int             `json:"context"`
	AttachmentSizeLimit int             `json:"attachment_size_limit"`
}

// PartialGuild is the guild inside an interaction.
type PartialGuild struct {
	ID       ID       `json:"id"`
	Locale   string   `json:"locale"`
	Features []string `json:"features"`
}

// Owners says by whose installation a command is there: "0" → the guild ("0" in the bot's DM), "1" → the user. Only "1" means that
// the bot is not in that guild.
type Owners map[string]ID

// InteractionMeta is what a message tells of the interaction it answers.
type InteractionMeta struct {
	ID     ID     `json:"id"`
	Type   int    `json:"type"`
	User   User   `json:"user"`
	Owners Owners `json:"authorizing_integration_owners"`
}
