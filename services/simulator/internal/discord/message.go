package discord

import "encoding/json"

// Message flags.
const (
	FlagEphemeral  = 1 << 6
	FlagLoading    = 1 << 7
	FlagComponents = 1 << 15 // components v2: no content, no embeds
)

// Message types.
const (
	MessageDefault   = 0
	MessageReply     = 19
	MessageChatInput = 20 // answer to a slash command
)

// Message is a message as REST shows it; the gateway adds the fields of [MessageEvent].
type Message struct {
	ID                ID                `json:"id"`
	ChannelID         ID                `json:"channel_id"`
	Type              int               `json:"type"`
	Author            User              `json:"author"`
	Content           string            `json:"content"`
	Timestamp         Time              `json:"timestamp"`
	EditedTimestamp   *Time             `json:"edited_timestamp"`
	TTS               bool              `json:"tts"`
	MentionEveryone   bool              `json:"mention_everyone"`
	Mentions          []User            `json:"mentions"`
	MentionRoles      []ID              `json:"mention_roles"`
	Attachments       []Attachment      `json:"attachments"`
	Embeds            []json.RawMessage `json:"embeds"`
	Components        []json.RawMessage `json:"components"`
	Pinned            bool              `json:"pinned"`
	Flags             int               `json:"flags"`
	Reactions         []Reaction        `json:"reactions,omitempty"`
	Nonce             json.RawMessage   `json:"nonce,omitempty"` // as the author sent it, a string or an integer
	Poll              json.RawMessage   `json:"poll,omitempty"`
	ApplicationID     ID                `json:"application_id,omitzero"`
	WebhookID         ID                `json:"webhook_id,omitzero"`
	MessageReference  *MessageReference `json:"message_reference,omitempty"`
	ReferencedMessage *Message          `json:"referenced_message,omitempty"`
	InteractionMeta   *InteractionMeta  `json:"interaction_metadata,omitempty"`
}

// MessageReference names the message that a reply answers.
type MessageReference struct {
	Type      int `json:"type"`
	MessageID ID  `json:"message_id,omitzero"`
	ChannelID ID  `json:"channel_id,omitzero"`
	GuildID   ID  `json:"guild_id,omitzero"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID          ID     `json:"id"`
	Filename    string `json:"filename"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	ContentType string `json:"content_type,omitempty"`
	Description string `json:"description,omitempty"`
}

// MessageEvent is MESSAGE_CREATE and MESSAGE_UPDATE.
type MessageEvent struct {
	Message
	GuildID     ID      `json:"guild_id,omitzero"`
	Member      *Member `json:"member,omitempty"` // the author's, without its user
	ChannelType int     `json:"channel_type"`
}

// AllowedMentions is what a new message may mention; nil: everything, or users only for answers to interactions.
type AllowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []ID     `json:"users"`
	Roles       []ID     `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}
