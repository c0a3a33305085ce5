package fairness

import (
	"fmt"

	"antiraid/services/lab/internal/stage"
	"antiraid/shared/bus"
	"antiraid/shared/tenant"
)

const (
	eventType = "MESSAGE_CREATE"
	firstID   = 1_150_000_000_000_000_000
)

// counting is the template of a quiet tenant: it looks at the message and counts in one key.
const counting = `
local kv = require "@antiraid/kv"
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.author.bot then return end
      if event.content:lower():find("discord.gg/", 1, true) then return end
      kv.set("messages", (kv.get("messages") or 0) + 1)
    end,
  },
}`

// burning is the template of a loud one: the same, behind a calculation.
const burning = `
local kv = require "@antiraid/kv"
return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local x = 0
      for i = 1, %d do x = (x + i) %% 8191 end
      kv.set("messages", (kv.get("messages") or 0) + 1)
      kv.set("x", x)
    end,
  },
}`

func quietTemplate() stage.Template {
	return stage.Template{Name: "count", Source: counting, Events: []string{eventType}}
}

func loudTemplate(loops int) stage.Template {
	return stage.Template{Name: "burn", Source: fmt.Sprintf(burning, loops), Events: []string{eventType}}
}

// choose takes tenants one after another: loud ones, and as many quiet ones as are wanted, of which at least near share a partition with the
// first of the loud.
func choose(loud, quiet, near int) (louds, quiets []tenant.ID) {
	for n := uint64(0); len(louds) < loud || len(quiets) < quiet; n++ {
		t, err := tenant.New(tenant.Guild, firstID+n)
		if err != nil {
			panic(fmt.Sprintf("make tenant %d: %v", n, err)) // the numbers above are snowflakes
		}
		switch neighbour := len(louds) > 0 && t.Partition() == louds[0].Partition(); {
		case len(louds) < loud:
			louds = append(louds, t)
		case neighbour && near > 0:
			near--
			quiets = append(quiets, t)
		case len(quiets) < quiet-near:
			quiets = append(quiets, t)
		}
	}
	return louds, quiets
}

// message is an event of the shape that Discord sends, without most of its fields.
func message(t tenant.ID, id string) bus.Outgoing {
	return bus.EventMessage(t, eventType, id, fmt.Appendf(nil, `{"type":0,"tts":false,"timestamp":"2026-01-01T12:00:00.000000+00:00","pinned":false,`+
		`"mentions":[],"mention_roles":[],"mention_everyone":false,"member":{"roles":["1100000000000000011","1100000000000000012"],"nick":null,`+
		`"joined_at":"2020-01-01T12:00:00.000000+00:00","deaf":false,"mute":false},"id":"1100000000000000013","flags":0,"embeds":[],`+
		`"content":"Hello everyone, who wants to play tonight? I think we should meet at nine","components":[],"channel_id":"1100000000000000014",`+
		`"author":{"username":"someone","id":"1100000000000000015","global_name":"Some One","avatar":"0123456789abcdef0123456789abcdef"},`+
		`"attachments":[],"guild_id":"%s"}`, t.Snowflake()))
}
