package discord

// User is a person or a bot.
type User struct {
	ID                   ID      `json:"id"`
	Username             string  `json:"username"`
	Discriminator        string  `json:"discriminator"`
	GlobalName           *string `json:"global_name"`
	Avatar               *string `json:"avatar"`
	AvatarDecorationData *string `json:"avatar_decoration_data"`
	Banner               *string `json:"banner"`
	AccentColor          *int    `json:"accent_color"`
	Bot                  bool    `json:"bot"`
	System               bool    `json:"system"`
	PublicFlags          int     `json:"public_flags"`
	Flags                int     `json:"flags"`
	PrimaryGuild         *string `json:"primary_guild"`
	Clan                 *string `json:"clan"`
}

// Self is the bot's own account, as only the bot sees it.
type Self struct {
	User
	Verified    bool    `json:"verified"`
	MFAEnabled  bool    `json:"mfa_enabled"`
	Email       *string `json:"email"`
	Locale      string  `json:"locale"`
	PremiumType int     `json:"premium_type"`
}

// Member is a user in a guild. User is nil inside a message.
type Member struct {
	User                       *User   `json:"user,omitempty"`
	Nick                       *string `json:"nick"`
	Avatar                     *string `json:"avatar"`
	Banner                     *string `json:"banner"`
	Roles                      []ID    `json:"roles"`
	JoinedAt                   Time    `json:"joined_at"`
	PremiumSince               *Time   `json:"premium_since"`
	Deaf                       bool    `json:"deaf"`
	Mute                       bool    `json:"mute"`
	Flags                      int     `json:"flags"`
	Pending                    bool    `json:"pending"`
	CommunicationDisabledUntil *Time   `json:"communication_disabled_until"`
	Permissions                string  `json:"permissions,omitempty"` // in interactions
}

// Ban is a user kept out of a guild.
type Ban struct {
	User   User    `json:"user"`
	Reason *string `json:"reason"`
}
