package route_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"antiraid/gateway/internal/route"
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

const bot = 99

func TestDispatch(t *testing.T) {
	for name, tc := range map[string]struct{ typ, data, want string }{
		"guild message":       {"MESSAGE_CREATE", `{"guild_id":"7","author":{"id":"5"}}`, "g-7"},
		"bot's guild message": {"MESSAGE_CREATE", `{"guild_id":"7","author":{"id":"99"}}`, "g-7"},
		"guild itself":        {"GUILD_CREATE", `{"id":"7","guild_id":"8"}`, "g-7"},
		"guild gone":          {"GUILD_DELETE", `{"id":"7","unavailable":true}`, "g-7"},
		"role":                {"GUILD_ROLE_CREATE", `{"id":"8","guild_id":"7"}`, "g-7"},
		"huge snowflake":      {"GUILD_BAN_ADD", `{"guild_id":"18446744073709551615"}`, "g-18446744073709551615"},
		"escaped key":         {"X", `{"guild\u005fid":"7"}`, "g-7"},
		"unknown type":        {"SOMETHING_NEW", `{"guild_id":"7"}`, "g-7"},

		"direct message":                {"MESSAGE_CREATE", `{"author":{"id":"5"}}`, "u-5"},
		"direct message, guild_id null": {"MESSAGE_CREATE", `{"guild_id":null,"author":{"id":"5"}}`, "u-5"},
		"own direct message":            {"MESSAGE_CREATE", `{"author":{"id":"99"}}`, "own"},
		"webhook outside of guilds":     {"MESSAGE_CREATE", `{"author":{"id":"5"},"webhook_id":"5"}`, "no_tenant"},
		"reaction in a direct message":  {"MESSAGE_REACTION_ADD", `{"user_id":"5","message_author_id":"99"}`, "u-5"},
		"own reaction":                  {"MESSAGE_REACTION_ADD", `{"user_id":"99"}`, "own"},
		"deleted direct message":        {"MESSAGE_DELETE", `{"id":"1","channel_id":"2"}`, "no_tenant"},
		"direct message channel":        {"CHANNEL_CREATE", `{"id":"1","type":1,"recipients":[{"id":"5"}]}`, "u-5"},
		"group":                         {"CHANNEL_CREATE", `{"id":"1","recipients":[{"id":"5"},{"id":"6"}]}`, "no_tenant"},
		"nobody in it":                  {"CHANNEL_CREATE", `{"id":"1","recipients":[]}`, "no_tenant"},
		"entitlement of a user":         {"ENTITLEMENT_CREATE", `{"user_id":"5","guild_id":null}`, "u-5"},
		"entitlement of a guild":        {"ENTITLEMENT_CREATE", `{"user_id":"5","guild_id":"7"}`, "g-7"},
		"the bot's own user":            {"USER_UPDATE", `{"id":"99","username":"x"}`, "no_tenant"},
		"READY":                         {"READY", `{"user":{"id":"99"}}`, "lifecycle"},
		"RESUMED":                       {"RESUMED", `{}`, "lifecycle"},

		"interaction in a guild":         {"INTERACTION_CREATE", `{"guild_id":"7","member":{"user":{"id":"5"}},"authorizing_integration_owners":{"0":"7"}}`, "g-7"},
		"installed by both":              {"INTERACTION_CREATE", `{"guild_id":"7","authorizing_integration_owners":{"0":"7","1":"5"}}`, "g-7"},
		"only the user installed it":     {"INTERACTION_CREATE", `{"guild_id":"7","member":{"user":{"id":"6"}},"authorizing_integration_owners":{"1":"5"}}`, "u-5"},
		"without owners":                 {"INTERACTION_CREATE", `{"guild_id":"7"}`, "g-7"},
		"with empty owners":              {"INTERACTION_CREATE", `{"guild_id":"7","authorizing_integration_owners":{}}`, "g-7"},
		"user command in a DM":           {"INTERACTION_CREATE", `{"user":{"id":"5"},"authorizing_integration_owners":{"1":"5"}}`, "u-5"},
		"guild command in the bot's DM":  {"INTERACTION_CREATE", `{"user":{"id":"5"},"authorizing_integration_owners":{"0":"0"}}`, "u-5"},
		"component pressed by another":   {"INTERACTION_CREATE", `{"user":{"id":"6"},"authorizing_integration_owners":{"1":"5"}}`, "u-5"},
		"owners name another guild":      {"INTERACTION_CREATE", `{"guild_id":"7","authorizing_integration_owners":{"0":"8"}}`, "bad_owners"},
		"owners are a list":              {"INTERACTION_CREATE", `{"guild_id":"7","authorizing_integration_owners":["7"]}`, "bad_owners"},
		"owners name two users":          {"INTERACTION_CREATE", `{"authorizing_integration_owners":{"1":"5","1":"6"}}`, "bad_owners"},
		"owner is a number":              {"INTERACTION_CREATE", `{"authorizing_integration_owners":{"1":5}}`, "bad_user_id"},
		"owner is the guild as a number": {"INTERACTION_CREATE", `{"guild_id":"7","authorizing_integration_owners":{"0":7}}`, "bad_owners"},
		"interaction of nobody":          {"INTERACTION_CREATE", `{}`, "no_tenant"},
		"owners of an ordinary dispatch": {"X", `{"user_id":"5","authorizing_integration_owners":[]}`, "u-5"},

		"not an object":          {"X", `[{"guild_id":"7"}]`, "not_object"},
		"null":                   {"X", `null`, "not_object"},
		"nothing":                {"X", ``, "not_object"},
		"no type":                {"", `{}`, "bad_type"},
		"type with a wildcard":   {"A.>", `{}`, "bad_type"},
		"type in small letters":  {"message", `{}`, "bad_type"},
		"guild is a number":      {"X", `{"guild_id":7}`, "bad_guild_id"},
		"guild is an object":     {"X", `{"guild_id":{"id":"7"}}`, "bad_guild_id"},
		"guild is empty":         {"X", `{"guild_id":""}`, "bad_guild_id"},
		"guild is false":         {"X", `{"guild_id":false,"user_id":"5"}`, "bad_guild_id"},
		"guild is 0":             {"X", `{"guild_id":"0"}`, "bad_guild_id"},
		"guild with a zero":      {"X", `{"guild_id":"07"}`, "bad_guild_id"},
		"guild is too large":     {"X", `{"guild_id":"18446744073709551616"}`, "bad_guild_id"},
		"guild with a dot":       {"X", `{"guild_id":"7.8"}`, "bad_guild_id"},
		"guild is negative":      {"X", `{"guild_id":"-7"}`, "bad_guild_id"},
		"two guilds":             {"X", `{"guild_id":"7","guild_id":"8"}`, "duplicate_key"},
		"two guilds, one hidden": {"X", `{"guild_id":"7","guild\u005fid":"8"}`, "duplicate_key"},
		"a guild and null":       {"X", `{"guild_id":null,"guild_id":"8"}`, "duplicate_key"},
		"two authors":            {"X", `{"author":{"id":"5"},"author":{"id":"6"}}`, "duplicate_key"},
		"one author, two ids":    {"X", `{"author":{"id":"5","id":"6"}}`, "duplicate_key"},
		"author without id":      {"X", `{"author":{}}`, "bad_user_id"},
		"author is a string":     {"X", `{"author":"5"}`, "bad_user_id"},
		"user id is a list":      {"X", `{"user_id":["5"]}`, "bad_user_id"},
		"recipient without id":   {"X", `{"recipients":[null]}`, "bad_user_id"},
	} {
		t.Run(name, func(t *testing.T) {
			id, reason := route.Dispatch(tc.typ, []byte(tc.data), bot)
			if got := id.String() + string(reason); got != tc.want {
				t.Errorf("%s %s gave %q, want %q", tc.typ, tc.data, got, tc.want)
			}
		})
	}
}

func TestTooLargeKeepsTheTenant(t *testing.T) {
	data := []byte(`{"guild_id":"7","x":"` + strings.Repeat("x", event.MaxPayload) + `"}`)
	if id, reason := route.Dispatch("X", data, bot); id.String() != "g-7" || reason != route.TooLarge {
		t.Errorf("gave %s, %q", id, reason)
	}
}

func TestOnlyMalformedDispatchesAreDead(t *testing.T) {
	for reason, dead := range map[route.Reason]bool{
		"": false, route.Lifecycle: false, route.OwnMessage: false, route.Nobody: false,
		route.NotObject: true, route.BadType: true, route.BadGuild: true, route.BadUser: true, route.BadOwners: true, route.DuplicateKey: true, route.TooLarge: true, route.Undecodable: true,
	} {
		if reason.Dead() != dead {
			t.Errorf("%q: dead is %t", reason, !dead)
		}
	}
}

// FuzzDispatch: whatever the bytes are there is no panic, and where there is a tenant the bytes name it.
func FuzzDispatch(f *testing.F) {
	f.Add("MESSAGE_CREATE", []byte(`{"guild_id":"7","author":{"id":"5"}}`))
	f.Add("GUILD_CREATE", []byte(`{"id":"7"}`))
	f.Add("INTERACTION_CREATE", []byte(`{"guild_id":"7","authorizing_integration_owners":{"1":"5","0":"7"}}`))
	f.Add("CHANNEL_CREATE", []byte(`{"recipients":[{"id":"5"}]}`))
	f.Add("X", []byte(`{"guild_id":"7","guild_id":"8"}`))
	f.Add("X", []byte(`{"a":{"guild_id":"7`))
	f.Fuzz(func(t *testing.T, typ string, data []byte) {
		before := bytes.Clone(data)
		id, reason := route.Dispatch(typ, data, bot)
		if !bytes.Equal(before, data) {
			t.Fatal("the bytes were changed")
		}
		if reason != "" || !json.Valid(data) {
			return
		}
		if again, err := tenant.Parse(id.String()); err != nil || again != id {
			t.Fatalf("tenant %q: %v", id, err)
		}
		if id.Snowflake() == "99" && id.Kind() == tenant.User {
			t.Fatal("the bot became a tenant")
		}
		if !bytes.Contains(data, []byte(id.Snowflake())) && !bytes.Contains(data, []byte(`\u`)) {
			t.Fatalf("%s is not in %s", id, data)
		}
	})
}
