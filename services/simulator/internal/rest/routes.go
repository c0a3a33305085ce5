package rest

import (
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/limit"
)

// route is one thing that can be asked.
type route struct {
	method, path string
	limit        limit.Bucket
	do           func(*call) (reply, error)
	open         bool // needs no token
	apart        bool // does not count towards the global limit
}

// Sizes are what is usually seen; Discord documents none and changes them.
func per(name string, size int, period time.Duration) limit.Bucket {
	return limit.Bucket{Name: name, Size: size, Per: period}
}

// unknown is the route of what does not exist, badVersion that of other versions.
func unknown() route { return route{path: "?", do: lost} }

func badVersion() route {
	return route{path: "?", open: true, do: func(*call) (reply, error) { return reply{}, discord.ErrVersion }}
}

// lost tells a path that does not exist from one that takes other methods.
func lost(c *call) (reply, error) {
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		r := c.r.Clone(c.r.Context())
		r.Method = method
		if _, pattern := c.api.routes.Handler(r); pattern != "/" {
			return reply{}, discord.ErrMethod
		}
	}
	return reply{}, discord.ErrNotFound
}

func routes() []route {
	const s = time.Second
	return []route{
		{method: "GET", path: "/gateway", do: getGateway, open: true},
		{method: "GET", path: "/gateway/bot", do: getGatewayBot, limit: per("gateway", 50, s)},
		{method: "GET", path: "/users/@me", do: getMe, limit: per("me", 30, s)},
		{method: "GET", path: "/users/@me/guilds", do: getMyGuilds, limit: per("my guilds", 10, s)},
		{method: "GET", path: "/users/{user}", do: getUser, limit: per("user", 30, s)},
		{method: "POST", path: "/users/@me/channels", do: openDM, limit: per("dm", 10, s)},
		{method: "GET", path: "/applications/@me", do: getApplication, limit: per("application", 30, s)},
		{method: "GET", path: "/oauth2/applications/@me", do: getApplication, limit: per("application", 30, s)},

		{method: "GET", path: "/guilds/{guild}", do: getGuild, limit: per("guild", 30, s)},
		{method: "GET", path: "/guilds/{guild}/channels", do: getChannels, limit: per("guild channels", 30, s)},
		{method: "GET", path: "/guilds/{guild}/roles", do: getRoles, limit: per("guild roles", 30, s)},
		{method: "GET", path: "/guilds/{guild}/members", do: getMembers, limit: per("members", 10, s)},
		{method: "GET", path: "/guilds/{guild}/members/{user}", do: getMember, limit: per("member", 50, s)},
		{method: "PATCH", path: "/guilds/{guild}/members/{user}", do: changeMember, limit: per("change member", 20, s)},
		{method: "DELETE", path: "/guilds/{guild}/members/{user}", do: kick, limit: per("kick", 20, s)},
		{method: "PUT", path: "/guilds/{guild}/members/{user}/roles/{role}", do: addRole, limit: per("member role", 20, s)},
		{method: "DELETE", path: "/guilds/{guild}/members/{user}/roles/{role}", do: dropRole, limit: per("member role", 20, s)},
		{method: "GET", path: "/guilds/{guild}/bans", do: getBans, limit: per("bans", 20, s)},
		{method: "GET", path: "/guilds/{guild}/bans/{user}", do: getBan, limit: per("bans", 20, s)},
		{method: "PUT", path: "/guilds/{guild}/bans/{user}", do: ban, limit: per("ban", 50, s)},
		{method: "DELETE", path: "/guilds/{guild}/bans/{user}", do: unban, limit: per("ban", 50, s)},

		{method: "GET", path: "/channels/{channel}", do: getChannel, limit: per("channel", 50, s)},
		{method: "GET", path: "/channels/{channel}/messages", do: getMessages, limit: per("messages", 20, s)},
		{method: "POST", path: "/channels/{channel}/messages", do: createMessage, limit: per("create message", 5, 5*s)},
		{method: "GET", path: "/channels/{channel}/messages/{message}", do: getMessage, limit: per("message", 20, s)},
		{method: "PATCH", path: "/channels/{channel}/messages/{message}", do: editMessage, limit: per("edit message", 5, 5*s)},
		{method: "DELETE", path: "/channels/{channel}/messages/{message}", do: deleteMessage, limit: per("delete message", 5, s)},
		{method: "PUT", path: "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", do: react, limit: per("reaction", 1, s/4)},
		{method: "DELETE", path: "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", do: unreact, limit: per("reaction", 1, s/4)},
		{method: "POST", path: "/channels/{channel}/typing", do: typing, limit: per("typing", 5, 5*s)},

		{method: "POST", path: "/interactions/{interaction}/{token}/callback", do: answer, limit: per("callback", 50, s), open: true, apart: true},
		{method: "POST", path: "/webhooks/{application}/{token}", do: followUp, limit: per("webhook", 5, 2*s), open: true, apart: true},
		{method: "GET", path: "/webhooks/{application}/{token}/messages/{message}", do: getAnswer, limit: per("webhook message", 5, 2*s), open: true, apart: true},
		{method: "PATCH", path: "/webhooks/{application}/{token}/messages/{message}", do: editAnswer, limit: per("webhook message", 5, 2*s), open: true, apart: true},
		{method: "DELETE", path: "/webhooks/{application}/{token}/messages/{message}", do: deleteAnswer, limit: per("webhook message", 5, 2*s), open: true, apart: true},
		{method: "GET", path: "/webhooks/{application}/{token}/messages/@original", do: getAnswer, limit: per("webhook message", 5, 2*s), open: true, apart: true},
		{method: "PATCH", path: "/webhooks/{application}/{token}/messages/@original", do: editAnswer, limit: per("webhook message", 5, 2*s), open: true, apart: true},
		{method: "DELETE", path: "/webhooks/{application}/{token}/messages/@original", do: deleteAnswer, limit: per("webhook message", 5, 2*s), open: true, apart: true},

		{method: "GET", path: "/applications/{application}/commands", do: getCommands, limit: per("commands", 20, s)},
		{method: "POST", path: "/applications/{application}/commands", do: putCommand, limit: per("commands", 20, s)},
		{method: "PUT", path: "/applications/{application}/commands", do: setCommands, limit: per("commands", 20, s)},
		{method: "DELETE", path: "/applications/{application}/commands/{command}", do: dropCommand, limit: per("commands", 20, s)},
		{method: "GET", path: "/applications/{application}/guilds/{guild}/commands", do: getCommands, limit: per("guild commands", 20, s)},
		{method: "POST", path: "/applications/{application}/guilds/{guild}/commands", do: putCommand, limit: per("guild commands", 20, s)},
		{method: "PUT", path: "/applications/{application}/guilds/{guild}/commands", do: setCommands, limit: per("guild commands", 20, s)},
		{method: "DELETE", path: "/applications/{application}/guilds/{guild}/commands/{command}", do: dropCommand, limit: per("guild commands", 20, s)},
	}
}
