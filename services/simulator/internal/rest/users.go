package rest

import (
	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/gateway"
)

func getGateway(c *call) (reply, error) { return ok(map[string]string{"url": c.gatewayURL()}) }

// gatewayURL is where the client finds the gateway: where it found this.
func (c *call) gatewayURL() string { return "ws://" + c.r.Host }

type gatewayBot struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		gateway.Limit
		ResetAfter int64 `json:"reset_after"` // ms
	} `json:"session_start_limit"`
}

func getGatewayBot(c *call) (reply, error) {
	l := c.api.gateway.Limit()
	out := gatewayBot{URL: c.gatewayURL(), Shards: l.Shards}
	out.Limit.Limit, out.Limit.ResetAfter = l, l.ResetAfter.Milliseconds()
	return ok(out)
}

func getMe(c *call) (reply, error) { return ok(gateway.Self(c.api.world.Bot())) }

func getUser(c *call) (reply, error) { return either(c.api.world.User(c.ids["user"])) }

// partialGuild is a guild as /users/@me/guilds lists it.
type partialGuild struct {
	ID          discord.ID `json:"id"`
	Name        string     `json:"name"`
	Icon        *string    `json:"icon"`
	Banner      *string    `json:"banner"`
	Owner       bool       `json:"owner"`
	Permissions string     `json:"permissions"`
	Features    []string   `json:"features"`
}

func getMyGuilds(c *call) (reply, error) {
	limit, err := c.limit(200, 200)
	if err != nil {
		return reply{}, err
	}
	after, err := c.number("after", 0)
	if err != nil {
		return reply{}, err
	}
	out := []partialGuild{}
	for _, g := range c.api.world.Guilds() {
		if g.ID > after && len(out) < limit {
			out = append(out, partialGuild{
				ID: g.ID, Name: g.Name, Owner: g.OwnerID == c.api.world.Bot().ID, Permissions: discord.All.String(), Features: g.Features,
			})
		}
	}
	return ok(out)
}

func openDM(c *call) (reply, error) {
	var form struct {
		Recipient discord.ID `json:"recipient_id"`
	}
	if err := c.into(&form); err != nil {
		return reply{}, err
	}
	return either(c.api.world.OpenDM(form.Recipient))
}

// application is the application as its bot sees it.
type application struct {
	ID                    discord.ID   `json:"id"`
	Name                  string       `json:"name"`
	Icon                  *string      `json:"icon"`
	Description           string       `json:"description"`
	Type                  *int         `json:"type"`
	Bot                   discord.User `json:"bot"`
	BotPublic             bool         `json:"bot_public"`
	BotRequireCodeGrant   bool         `json:"bot_require_code_grant"`
	IntegrationTypes      any          `json:"integration_types_config"`
	VerifyKey             string       `json:"verify_key"`
	Flags                 int          `json:"flags"`
	FlagsNew              string       `json:"flags_new"`
	RedirectURIs          []string     `json:"redirect_uris"`
	InteractionsURL       *string      `json:"interactions_endpoint_url"`
	RoleConnectionsURL    *string      `json:"role_connections_verification_url"`
	Owner                 discord.User `json:"owner"`
	GuildCount            int          `json:"approximate_guild_count"`
	UserInstallCount      int          `json:"approximate_user_install_count"`
	UserAuthorizations    int          `json:"approximate_user_authorization_count"`
	ExplicitContentFilter int          `json:"explicit_content_filter"`
	Team                  *string      `json:"team"`
	Scopes                []string     `json:"eligible_oauth2_scopes"`
}

func getApplication(c *call) (reply, error) {
	bot := c.api.world.Bot()
	flags := gateway.ApplicationFlags(c.api.cfg.Privileged)
	return ok(application{
		ID: bot.ID, Name: bot.Username, Bot: bot, BotPublic: true, VerifyKey: verifyKey, Flags: flags,
		FlagsNew: discord.ID(flags).String(), RedirectURIs: []string{}, GuildCount: len(c.api.world.Guilds()), Scopes: []string{},
		Owner: bot, IntegrationTypes: map[string]any{"0": struct{}{}, "1": struct{}{}},
	})
}

// verifyKey belongs to no private key: interactions come by the gateway only.
const verifyKey = "0000000000000000000000000000000000000000000000000000000000000000"
