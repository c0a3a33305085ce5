package discord

// Channel types that the simulator knows.
const (
	GuildText = 0
	DM        = 1
)

// Channel is a text channel of a guild, or a DM. A DM has recipients in place of GuildID, Name and the like.
type Channel struct {
	ID                   ID     `json:"id"`
	Type                 int    `json:"type"`
	LastMessageID        *ID    `json:"last_message_id"`
	Flags                int    `json:"flags"`
	GuildID              ID     `json:"guild_id,omitzero"`
	Name                 string `json:"name,omitempty"`
	Topic                string `json:"topic,omitempty"`
	Position             *int   `json:"position,omitempty"`
	RateLimitPerUser     *int   `json:"rate_limit_per_user,omitempty"`
	NSFW                 *bool  `json:"nsfw,omitempty"`
	ParentID             *ID    `json:"parent_id,omitempty"`
	PermissionOverwrites []any  `json:"permission_overwrites,omitzero"`
	Recipients           []User `json:"recipients,omitzero"`
}

// Emoji is a unicode emoji by its character (ID nil), or a guild's own.
type Emoji struct {
	ID       *ID     `json:"id"`
	Name     *string `json:"name"`
	Animated bool    `json:"animated,omitempty"`
}

// Reaction is one emoji under a message.
type Reaction struct {
	Emoji        Emoji         `json:"emoji"`
	Count        int           `json:"count"`
	CountDetails ReactionCount `json:"count_details"`
	BurstColors  []string      `json:"burst_colors"`
	MeBurst      bool          `json:"me_burst"`
	Me           bool          `json:"me"`
}

// ReactionCount tells ordinary reactions from burst ones.
type ReactionCount struct {
	Burst  int `json:"burst"`
	Normal int `json:"normal"`
}

// String is the emoji as it stands in paths: its character, or name:id.
func (e Emoji) String() string {
	switch {
	case e.Name == nil:
		return ""
	case e.ID == nil:
		return *e.Name
	}
	return *e.Name + ":" + e.ID.String()
}
