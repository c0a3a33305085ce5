package discord

import "strconv"

// Permissions is a set of what a member may do, one bit each.
type Permissions uint64

// Permissions that the simulator asks for.
const (
	KickMembers        Permissions = 1 << 1
	BanMembers         Permissions = 1 << 2
	Administrator      Permissions = 1 << 3
	ManageChannels     Permissions = 1 << 4
	AddReactions       Permissions = 1 << 6
	ViewAuditLog       Permissions = 1 << 7
	ViewChannel        Permissions = 1 << 10
	SendMessages       Permissions = 1 << 11
	ManageMessages     Permissions = 1 << 13
	EmbedLinks         Permissions = 1 << 14
	AttachFiles        Permissions = 1 << 15
	ReadMessageHistory Permissions = 1 << 16
	MentionEveryone    Permissions = 1 << 17
	ManageNicknames    Permissions = 1 << 27
	ManageRoles        Permissions = 1 << 28
	ModerateMembers    Permissions = 1 << 40
	UseExternalApps    Permissions = 1 << 50

	// Ordinary is what @everyone may do in a new guild.
	Ordinary = AddReactions | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | UseExternalApps
	// All is everything that exists, and more.
	All Permissions = 1<<53 - 1
)

// Has reports whether all of want are there; an administrator has everything.
func (p Permissions) Has(want Permissions) bool { return p&Administrator != 0 || p&want == want }

func (p Permissions) String() string { return strconv.FormatUint(uint64(p), 10) }
