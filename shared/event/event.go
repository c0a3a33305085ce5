// Package event is one thing that happened to a tenant, as it travels: identity and place around a raw payload that nobody touches.
package event

import (
	"time"

	"antiraid/shared/tenant"
)

// Types that are not Discord's own.
const (
	// Startup says that a bundle version is in force from this point of the tenant's lane on. Payload: [StartupPayload].
	Startup = "STARTUP"
	// Interaction is Discord's INTERACTION_CREATE; it has a lane of its own, since its answer is due within 3 s.
	Interaction = "INTERACTION_CREATE"
)

// MaxPayload is the largest payload, in bytes, that is published. Discord's largest dispatches (GUILD_CREATE) pass it only for huge guilds.
const MaxPayload = 960 << 10

// Event is one event read from the stream.
type Event struct {
	ID      string    // the publisher's message id; the same for a repeated publish
	Seq     uint64    // place in the stream: order within a tenant
	Tenant  tenant.ID //
	Type    string    // such as MESSAGE_CREATE
	Time    time.Time // when the stream stored it; a run's clock
	Payload []byte    // raw bytes as they were received; may be anything
}

// StartupPayload is the payload of a [Startup] event.
type StartupPayload struct {
	Version uint64 `json:"version"` // the bundle version that is in force from here on
	Reason  string `json:"reason"`  // deploy, rebuild
}
