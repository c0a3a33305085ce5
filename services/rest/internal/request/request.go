// Package request makes the HTTP request for an effect, from arguments that a stranger's script wrote.
//
// Nothing of the arguments reaches a path but snowflakes, one emoji and one interaction token, each checked and escaped; the guild is
// always the tenant's. A request names the channels it touches: whoever performs it must first see that they are the tenant's.
package request

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"antiraid/shared/effect"
	"antiraid/shared/tenant"
)

// Request is one call of Discord's API.
type Request struct {
	Method   string
	Path     string    // below the API's address, escaped
	Route    string    // method and path with names in place of parameters: what a rate limit belongs to
	Major    string    // Discord's major parameter: one more part of a rate limit's identity
	Body     []byte    // JSON; nil: none
	Reason   string    // for the guild's audit log
	Callback bool      // answers an interaction: needs no bot token and is outside the global limit
	Channels []string  // must be the tenant's
	Until    time.Time // when Discord stops taking it; zero: never
	Nonce    bool      // may be repeated only while Discord knows the nonce in it
	Payer    tenant.ID // for whom it is made
}

// builders make a request for each operation of package effect. Mistakes are noted in args.
var builders = map[string]func(e effect.Effect, a *args) Request{
	"create_message":              createMessage,
	"add_reaction":                addReaction,
	"get_member":                  getMember,
	"ban":                         ban,
	"add_role":                    addRole,
	"create_interaction_response": createInteractionResponse,
}

// Build makes the request for an effect. Its error tells the template's author which argument is wrong, and is final.
func Build(e effect.Effect) (Request, error) {
	build, ok := builders[e.Op]
	op, known := effect.Lookup(e.Op)
	if !ok || !known {
		return Request{}, fmt.Errorf("operation %.64q does not exist", e.Op)
	}
	if op.GuildOnly && e.Tenant.Kind() != tenant.Guild {
		return Request{}, fmt.Errorf("%s: is for servers only, and %s is a %s", e.Op, e.Tenant, e.Tenant.Kind())
	}
	if len(e.Args) > effect.MaxArgs {
		return Request{}, fmt.Errorf("%s: the arguments have %d bytes, at most %d are allowed", e.Op, len(e.Args), effect.MaxArgs)
	}
	a := readArgs(e.Args)
	r := build(e, a)
	if err := a.done(); err != nil {
		return Request{}, fmt.Errorf("%s: %w", e.Op, err)
	}
	r.Payer = e.Tenant
	return r, nil
}

// Channel asks for what a channel is, on behalf of a tenant.
func Channel(id string, payer tenant.ID) Request {
	return Request{Method: "GET", Path: below(discordgo.EndpointChannel(id)), Route: "GET /channels/{channel}", Major: id, Payer: payer}
}

// below cuts an endpoint of discordgo down to its path: the address and version are ours to choose.
func below(endpoint string) string { return "/" + strings.TrimPrefix(endpoint, discordgo.EndpointAPI) }

func createMessage(e effect.Effect, a *args) Request {
	channel := a.snowflake("channel_id")
	body := a.message(plainMessage)
	body["nonce"], body["enforce_nonce"] = e.ID, true
	return Request{
		Method: "POST", Path: below(discordgo.EndpointChannelMessages(channel)), Route: "POST /channels/{channel}/messages", Major: channel,
		Body: a.encode(body), Channels: append([]string{channel}, a.channels...), Nonce: true,
	}
}

func addReaction(_ effect.Effect, a *args) Request {
	channel, message, emoji := a.snowflake("channel_id"), a.snowflake("message_id"), a.emoji("emoji")
	return Request{
		Method: "PUT", Path: below(discordgo.EndpointMessageReaction(channel, message, url.PathEscape(emoji), "@me")),
		Route: "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me", Major: channel, Channels: []string{channel},
	}
}

func getMember(e effect.Effect, a *args) Request {
	guild := e.Tenant.Snowflake()
	return Request{
		Method: "GET", Path: below(discordgo.EndpointGuildMember(guild, a.snowflake("user_id"))),
		Route: "GET /guilds/{guild}/members/{user}", Major: guild,
	}
}

func ban(e effect.Effect, a *args) Request {
	guild, body := e.Tenant.Snowflake(), map[string]any{}
	const week = 7 * 24 * 60 * 60
	if n, ok := a.integer("delete_message_seconds", 0, week); ok {
		body["delete_message_seconds"] = n
	}
	return Request{
		Method: "PUT", Path: below(discordgo.EndpointGuildBan(guild, a.snowflake("user_id"))),
		Route: "PUT /guilds/{guild}/bans/{user}", Major: guild, Body: a.encode(body), Reason: a.reason(),
	}
}

func addRole(e effect.Effect, a *args) Request {
	guild := e.Tenant.Snowflake()
	return Request{
		Method: "PUT", Path: below(discordgo.EndpointGuildMemberRole(guild, a.snowflake("user_id"), a.snowflake("role_id"))),
		Route: "PUT /guilds/{guild}/members/{user}/roles/{role}", Major: guild, Reason: a.reason(),
	}
}
