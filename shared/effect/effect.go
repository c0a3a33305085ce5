// Package effect is what a run asks of the world: one operation on Discord with an identity that survives repetition.
//
// A run repeated after a crash asks for the same effects under the same ids; whoever performs them does each id once.
package effect

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"time"

	"antiraid/shared/tenant"
)

// Lanes is the number of FIFOs over which effects are spread by Discord's major parameter.
const Lanes = 16

// Effect is one operation, performed once per ID within 24 h.
type Effect struct {
	ID       string          `json:"id"`
	Op       string          `json:"op"`   // see [Lookup]
	Args     json.RawMessage `json:"args"` // an object
	Tenant   tenant.ID       `json:"tenant"`
	Template string          `json:"template"`
	Event    string          `json:"event"`
	Bundle   uint64          `json:"bundle"`
	Created  time.Time       `json:"created"`
	Awaited  bool            `json:"awaited,omitempty"` // the run waits for the result; it is not sent again after the commit
	// Expires is when nobody waits for an awaited effect any more; performing it later is pointless. Zero: never.
	Expires time.Time `json:"expires,omitzero"`
}

// Result is what became of an effect.
type Result struct {
	ID     string          `json:"id"`
	Status int             `json:"status"`          // Discord's HTTP status; 0 when it was never asked
	Body   json.RawMessage `json:"body,omitempty"`  // Discord's answer, also the body of a refusal
	Error  string          `json:"error,omitempty"` // why it was not performed, for the template's author
}

// ID names the ordinal-th effect (from 0) of the run of a template for an event: 24 characters, fit for Discord's nonce (≤ 25).
func ID(event, template string, ordinal int) string {
	h := sha256.New()
	for _, part := range []string{event, template, strconv.Itoa(ordinal)} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)[:15])
}

// Op says how an operation is routed and offered to templates.
type Op struct {
	// Major is the argument that holds Discord's major parameter; empty: the tenant's guild.
	Major string
	// Reads: the run waits for the answer, and nothing in Discord changes.
	Reads bool
	// GuildOnly: has no meaning for a user tenant.
	GuildOnly bool
}

// ops are the operations that exist, by the name templates use. The capability to call one is `discord:<name>`.
// guild_id is never an argument: it is the tenant.
var ops = map[string]Op{
	"create_message":              {Major: "channel_id"},          // channel_id, then Discord's message fields
	"add_reaction":                {Major: "channel_id"},          // channel_id, message_id, emoji
	"get_member":                  {Reads: true, GuildOnly: true}, // user_id
	"ban":                         {GuildOnly: true},              // user_id, delete_message_seconds, reason
	"add_role":                    {GuildOnly: true},              // user_id, role_id, reason
	"create_interaction_response": {Major: "interaction_id"},      // interaction_id, interaction_token, type, data
}

// Lookup is the operation of that name.
func Lookup(name string) (Op, bool) {
	op, ok := ops[name]
	return op, ok
}

// Names are the operations' names, in no order.
func Names() []string {
	names := make([]string, 0, len(ops))
	for name := range ops {
		names = append(names, name)
	}
	return names
}

// Major is what Discord counts the effect against, in no form that Discord knows: equal for effects that must keep their order.
func (e Effect) Major() string {
	if field := ops[e.Op].Major; field != "" {
		var args map[string]json.RawMessage
		var id string // decoded: one channel has one major, however the id is escaped
		if json.Unmarshal(e.Args, &args) == nil && json.Unmarshal(args[field], &id) == nil && id != "" {
			return id
		}
	}
	return e.Tenant.String()
}

// Lane is the FIFO of an effect: a hash of its major parameter, so that one channel's messages keep their order.
func (e Effect) Lane() int {
	h := fnv.New32a()
	h.Write([]byte(e.Major()))
	return int(h.Sum32() % Lanes)
}
