package rest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/gateway"
	"antiraid/services/simulator/internal/world"
)

func getGuild(c *call) (reply, error) {
	return either(c.api.world.Guild(c.ids["guild"], c.yes("with_counts")))
}

func getChannels(c *call) (reply, error) { return either(c.api.world.Channels(c.ids["guild"])) }

func getRoles(c *call) (reply, error) {
	g, err := c.api.world.Guild(c.ids["guild"], false)
	return reply{http.StatusOK, g.Roles}, err
}

func getMember(c *call) (reply, error) {
	return either(c.api.world.Member(c.ids["guild"], c.ids["user"]))
}

// getMembers needs the privileged intent, as the list says who is there.
func getMembers(c *call) (reply, error) {
	if c.api.cfg.Privileged&gateway.GuildMembers == 0 {
		return reply{}, discord.ErrMissingAccess
	}
	after, err := c.number("after", 0)
	if err != nil {
		return reply{}, err
	}
	limit, err := c.limit(1, 1000)
	if err != nil {
		return reply{}, err
	}
	return either(c.api.world.Members(c.ids["guild"], after, limit))
}

func changeMember(c *call) (reply, error) {
	var form struct {
		Nick    *string         `json:"nick"`
		Roles   *[]discord.ID   `json:"roles"`
		Mute    *bool           `json:"mute"`
		Deaf    *bool           `json:"deaf"`
		Timeout json.RawMessage `json:"communication_disabled_until"`
	}
	if err := c.into(&form); err != nil {
		return reply{}, err
	}
	change := world.MemberChange{Nick: form.Nick, Roles: form.Roles, Mute: form.Mute, Deaf: form.Deaf, Reason: reason(c.r)}
	if form.Timeout != nil {
		change.Timeout = &discord.Time{}
		if err := json.Unmarshal(form.Timeout, change.Timeout); err != nil {
			return reply{}, discord.InvalidField("communication_disabled_until", "DATE_TIME_TYPE_PARSE", "Could not parse the time.")
		}
		if change.Timeout.Sub(c.at) > 28*24*time.Hour {
			return reply{}, discord.InvalidField("communication_disabled_until", "TIMEOUT_TOO_LONG", "The time must be within 28 days.")
		}
	}
	return either(c.api.world.ChangeMember(c.ids["guild"], c.ids["user"], change))
}

func addRole(c *call) (reply, error) {
	_, err := c.api.world.ChangeMember(c.ids["guild"], c.ids["user"], world.MemberChange{AddRole: c.ids["role"], Reason: reason(c.r)})
	return none(err)
}

func dropRole(c *call) (reply, error) {
	_, err := c.api.world.ChangeMember(c.ids["guild"], c.ids["user"], world.MemberChange{DropRole: c.ids["role"], Reason: reason(c.r)})
	return none(err)
}

func kick(c *call) (reply, error) {
	return none(c.api.world.Kick(c.ids["guild"], c.ids["user"], reason(c.r)))
}

// maxForget is how far back a ban deletes messages, in seconds.
const maxForget = 604800

func ban(c *call) (reply, error) {
	var form struct {
		Seconds int `json:"delete_message_seconds"`
		Days    int `json:"delete_message_days"`
	}
	if err := c.into(&form); err != nil {
		return reply{}, err
	}
	forget := cmp.Or(form.Seconds, form.Days*24*3600)
	if forget < 0 || forget > maxForget {
		return reply{}, discord.InvalidField("delete_message_seconds", "NUMBER_TYPE_MAX", "int value should be between 0 and %d.", maxForget)
	}
	return none(c.api.world.Ban(c.ids["guild"], c.ids["user"], reason(c.r), time.Duration(forget)*time.Second))
}

func unban(c *call) (reply, error) {
	return none(c.api.world.Unban(c.ids["guild"], c.ids["user"], reason(c.r)))
}

func getBan(c *call) (reply, error) { return either(c.api.world.BanOf(c.ids["guild"], c.ids["user"])) }

func getBans(c *call) (reply, error) {
	after, err := c.number("after", 0)
	if err != nil {
		return reply{}, err
	}
	limit, err := c.limit(1000, 1000)
	if err != nil {
		return reply{}, err
	}
	return either(c.api.world.Bans(c.ids["guild"], after, limit))
}
