package simulator

import (
	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/gateway"
	"antiraid/services/simulator/internal/rest"
	"antiraid/services/simulator/internal/scenario"
	"antiraid/services/simulator/internal/world"
)

// What the parts are called outside.
type (
	World   = world.World
	Use     = world.Use   // somebody using a command or a component
	Draft   = world.Draft // a message as its author hands it in
	Page    = world.Page  // which messages of a channel
	Gateway = gateway.Gateway
	REST    = rest.API

	Request   = rest.Request      // an entry of the journal
	Fault     = rest.Fault        // what a request gets in place of its answer
	Behaviour = gateway.Behaviour // how a connection is treated
	Refusal   = gateway.Refusal
	Signal    = gateway.Signal // something that happened on a connection

	User        = discord.User
	Guild       = discord.Guild
	Channel     = discord.Channel
	Role        = discord.Role
	Member      = discord.Member
	Message     = discord.Message
	Interaction = discord.Interaction
	Permissions = discord.Permissions

	Options = scenario.Options
	Report  = scenario.Report
)

// Permissions that tests take away.
const (
	Ordinary        = discord.Ordinary // what @everyone may do in a new guild
	Administrator   = discord.Administrator
	ViewAuditLog    = discord.ViewAuditLog
	UseExternalApps = discord.UseExternalApps
	BanMembers      = discord.BanMembers
	ManageRoles     = discord.ManageRoles
	SendMessages    = discord.SendMessages
)

// The sample's ids; SampleUser is in no guild and has the app installed for themself.
const (
	SampleGuild   = scenario.SampleGuild
	SampleChannel = scenario.SampleChannel
	SampleRole    = scenario.SampleRole
	SampleOwner   = scenario.SampleOwner
	SampleUser    = scenario.SampleUser
)

// Refusals for a [Behaviour].
const (
	Accept          = gateway.Accept
	Refuse          = gateway.Refuse
	RefuseResumable = gateway.RefuseResumable
)

// Kinds of a [Signal].
const (
	Opened       = gateway.Opened
	Identified   = gateway.Identified
	ResumeAsked  = gateway.Asked
	ReadySent    = gateway.Ready
	ResumedSent  = gateway.Resumed
	Refused      = gateway.Refused
	Reconnect    = gateway.Reconnect
	Closed       = gateway.Closed
	ClientClosed = gateway.ClientClosed
	Gone         = gateway.Gone
)

// Scenarios is the names of what can be played, each with a line about it.
func Scenarios() map[string]string {
	out := map[string]string{}
	for _, s := range scenario.All() {
		out[s.Name] = s.About
	}
	return out
}
