package discord

// Guild is a server, as REST shows it; the gateway adds the fields of [GuildCreate].
type Guild struct {
	ID                          ID       `json:"id"`
	Name                        string   `json:"name"`
	Icon                        *string  `json:"icon"`
	Description                 *string  `json:"description"`
	HomeHeader                  *string  `json:"home_header"`
	Splash                      *string  `json:"splash"`
	DiscoverySplash             *string  `json:"discovery_splash"`
	Banner                      *string  `json:"banner"`
	OwnerID                     ID       `json:"owner_id"`
	ApplicationID               *ID      `json:"application_id"`
	Region                      string   `json:"region"`
	AFKChannelID                *ID      `json:"afk_channel_id"`
	AFKTimeout                  int      `json:"afk_timeout"`
	SystemChannelID             *ID      `json:"system_channel_id"`
	SystemChannelFlags          int      `json:"system_channel_flags"`
	WidgetEnabled               bool     `json:"widget_enabled"`
	WidgetChannelID             *ID      `json:"widget_channel_id"`
	VerificationLevel           int      `json:"verification_level"`
	DefaultMessageNotifications int      `json:"default_message_notifications"`
	MFALevel                    int      `json:"mfa_level"`
	ExplicitContentFilter       int      `json:"explicit_content_filter"`
	MaxPresences                *int     `json:"max_presences"`
	MaxMembers                  int      `json:"max_members"`
	MaxStageVideoChannelUsers   int      `json:"max_stage_video_channel_users"`
	MaxVideoChannelUsers        int      `json:"max_video_channel_users"`
	VanityURLCode               *string  `json:"vanity_url_code"`
	PremiumTier                 int      `json:"premium_tier"`
	PremiumSubscriptionCount    int      `json:"premium_subscription_count"`
	PreferredLocale             string   `json:"preferred_locale"`
	RulesChannelID              *ID      `json:"rules_channel_id"`
	SafetyAlertsChannelID       *ID      `json:"safety_alerts_channel_id"`
	PublicUpdatesChannelID      *ID      `json:"public_updates_channel_id"`
	PremiumProgressBarEnabled   bool     `json:"premium_progress_bar_enabled"`
	NSFW                        bool     `json:"nsfw"`
	NSFWLevel                   int      `json:"nsfw_level"`
	Features                    []string `json:"features"`
	Emojis                      []any    `json:"emojis"`
	Stickers                    []any    `json:"stickers"`
	IncidentsData               *string  `json:"incidents_data"`
	Roles                       []Role   `json:"roles"`
	ApproximateMemberCount      int      `json:"approximate_member_count,omitempty"` // with_counts=true
	ApproximatePresenceCount    int      `json:"approximate_presence_count,omitempty"`
}

// GuildCreate is a guild as the gateway announces it.
type GuildCreate struct {
	Guild
	JoinedAt             Time      `json:"joined_at"`
	Large                bool      `json:"large"`
	Unavailable          bool      `json:"unavailable"`
	MemberCount          int       `json:"member_count"`
	VoiceStates          []any     `json:"voice_states"`
	Members              []Member  `json:"members"`
	Channels             []Channel `json:"channels"`
	Threads              []any     `json:"threads"`
	Presences            []any     `json:"presences"`
	StageInstances       []any     `json:"stage_instances"`
	GuildScheduledEvents []any     `json:"guild_scheduled_events"`
	SoundboardSounds     []any     `json:"soundboard_sounds"`
}

// Unavailable is a guild of which nothing but its id is told: in READY, in an outage, or (Outage false) when the bot was removed.
type Unavailable struct {
	ID     ID   `json:"id"`
	Outage bool `json:"unavailable,omitempty"`
}

// Role is a set of permissions with a name. A guild's @everyone has the guild's id.
type Role struct {
	ID           ID         `json:"id"`
	Name         string     `json:"name"`
	Description  *string    `json:"description"`
	Permissions  string     `json:"permissions"`
	Position     int        `json:"position"`
	Color        int        `json:"color"`
	Colors       RoleColors `json:"colors"`
	Hoist        bool       `json:"hoist"`
	Managed      bool       `json:"managed"`
	Mentionable  bool       `json:"mentionable"`
	Icon         *string    `json:"icon"`
	UnicodeEmoji *string    `json:"unicode_emoji"`
	Flags        int        `json:"flags"`
}

// RoleColors are a role's colours, 24-bit RGB.
type RoleColors struct {
	Primary   int  `json:"primary_color"`
	Secondary *int `json:"secondary_color"`
	Tertiary  *int `json:"tertiary_color"`
}
