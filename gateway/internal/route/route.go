// Package route says whose event a dispatch is, from its type and raw data, without decoding more than that takes.
//
// A guild's events belong to the guild. Events outside of guilds belong to the user they are about, never to the bot itself. An
// interaction belongs to whoever authorised it: the guild if the bot is in it, else the user who installed the app.
// Everything read here is untrusted: whatever the bytes are, the answer is a tenant or one of the reasons below.
package route

import (
	"unsafe"

	"github.com/tidwall/gjson"

	"antiraid/shared/event"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Reason says why a dispatch is nobody's event. The set is closed: reasons are used as metric labels.
type Reason string

// Reasons to drop a dispatch: it is well formed and concerns no tenant.
const (
	Lifecycle  Reason = "lifecycle" // READY, RESUMED: about the connection itself
	OwnMessage Reason = "own"       // outside of guilds, by the bot itself
	Nobody     Reason = "no_tenant" // names neither a guild nor a user
)

// Reasons to keep a dispatch as a dead letter: it is not what Discord documents.
const (
	NotObject    Reason = "not_object"
	BadType      Reason = "bad_type"
	BadGuild     Reason = "bad_guild_id"
	BadUser      Reason = "bad_user_id"
	BadOwners    Reason = "bad_owners"    // authorizing_integration_owners contradicts itself or guild_id
	DuplicateKey Reason = "duplicate_key" // two readers could see two tenants
	TooLarge     Reason = "too_large"
	Undecodable  Reason = "undecodable" // not even a frame
)

// Dead reports whether a dispatch with this reason is kept as a dead letter.
func (r Reason) Dead() bool {
	switch r {
	case "", Lifecycle, OwnMessage, Nobody:
		return false
	}
	return true
}

// Dispatch is the tenant whose event a dispatch is, or the reason why it is no event; with [TooLarge] there is a tenant as well.
// bot is the bot's own user id. data must be valid JSON; it is not changed and not kept.
func Dispatch(typ string, data []byte, bot uint64) (tenant.ID, Reason) {
	switch {
	case typ == "READY" || typ == "RESUMED":
		return tenant.ID{}, Lifecycle
	case subject.CheckType(typ) != nil:
		return tenant.ID{}, BadType
	}
	object := gjson.Parse(unsafe.String(unsafe.SliceData(data), len(data))) // lives no longer than this call
	if !object.IsObject() {
		return tenant.ID{}, NotObject
	}
	f, reason := read(object, guildKey(typ))
	if reason != "" {
		return tenant.ID{}, reason
	}
	t, reason := f.tenant(typ, bot)
	if reason == "" && len(data) > event.MaxPayload {
		reason = TooLarge
	}
	return t, reason
}

func (f *found) tenant(typ string, bot uint64) (tenant.ID, Reason) {
	switch {
	case typ == event.Interaction:
		return f.interaction(bot)
	case present(f.guild):
		return guild(f.guild)
	}
	return f.person(bot)
}

// guildKey is where a dispatch names its guild: three types are the guild.
func guildKey(typ string) string {
	switch typ {
	case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE":
		return "id"
	}
	return "guild_id"
}

// interaction follows authorizing_integration_owners, https://discord.com/developers/docs/interactions/receiving-and-responding:
// "0" is the guild that installed the app, or "0" in the bot's own direct messages; "1" is the user who did.
func (f *found) interaction(bot uint64) (tenant.ID, Reason) {
	if present(f.owners) && !f.owners.IsObject() {
		return tenant.ID{}, BadOwners
	}
	byGuild, once := only(f.owners, "0")
	byUser, onceToo := only(f.owners, "1")
	switch {
	case !once || !onceToo, present(f.guild) && present(byGuild) && byGuild.Str != f.guild.Str:
		return tenant.ID{}, BadOwners
	case present(f.guild) && (present(byGuild) || !present(byUser)):
		return guild(f.guild)
	case present(byUser):
		return user(byUser, bot)
	}
	return f.person(bot)
}

// person is the user whom a dispatch outside of guilds is about.
func (f *found) person(bot uint64) (tenant.ID, Reason) {
	switch {
	case present(f.userID):
		return user(f.userID, bot)
	case present(f.webhook):
		return tenant.ID{}, Nobody // its author is no user
	case present(f.author):
		return userObject(f.author, bot)
	case present(f.user):
		return userObject(f.user, bot)
	case f.recipients.IsArray() && f.recipients.Get("#").Num == 1:
		return userObject(f.recipients.Get("0"), bot)
	}
	return tenant.ID{}, Nobody
}

func userObject(object gjson.Result, bot uint64) (tenant.ID, Reason) {
	id, once := only(object, "id")
	if !once {
		return tenant.ID{}, DuplicateKey
	}
	return user(id, bot)
}

func guild(id gjson.Result) (tenant.ID, Reason) {
	n, err := tenant.ParseSnowflake(id.Str)
	if err != nil || id.Type != gjson.String {
		return tenant.ID{}, BadGuild
	}
	t, err := tenant.New(tenant.Guild, n)
	if err != nil {
		return tenant.ID{}, BadGuild
	}
	return t, ""
}

func user(id gjson.Result, bot uint64) (tenant.ID, Reason) {
	n, err := tenant.ParseSnowflake(id.Str)
	if err != nil || id.Type != gjson.String {
		return tenant.ID{}, BadUser
	}
	if n == bot {
		return tenant.ID{}, OwnMessage
	}
	t, err := tenant.New(tenant.User, n)
	if err != nil {
		return tenant.ID{}, BadUser
	}
	return t, ""
}

// present reports whether a field says anything: null is as good as absent.
func present(v gjson.Result) bool { return v.Type != gjson.Null }
