package request

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"antiraid/shared/effect"
	"antiraid/shared/tenant"
)

func ask(t testing.TB, who, op, args string) effect.Effect {
	t.Helper()
	id, err := tenant.Parse(who)
	if err != nil {
		t.Fatal(err)
	}
	return effect.Effect{ID: effect.ID("0.abc.1", "welcome", 0), Op: op, Args: json.RawMessage(args), Tenant: id, Template: "welcome"}
}

func TestEveryOperationHasARequest(t *testing.T) {
	names := effect.Names()
	slices.Sort(names)
	if have := slices.Sorted(maps.Keys(builders)); !slices.Equal(have, names) {
		t.Errorf("requests are made for %v, operations are %v", have, names)
	}
}

func TestWhatIsSentForEachOperation(t *testing.T) {
	id := effect.ID("0.abc.1", "welcome", 0)
	noPing := `{"allowed_mentions":{"parse":[]},`
	for name, tc := range map[string]struct {
		who, op, args string
		line, body    string
		channels      string
	}{
		"message":        {"g-7", "create_message", `{"channel_id":"70","content":"hi"}`, "POST /channels/70/messages", noPing + `"content":"hi","enforce_nonce":true,"nonce":"$"}`, "70"},
		"with all":       {"g-7", "create_message", `{"channel_id":"70","content":"hi","tts":true,"flags":4096.0,"embeds":[{"title":"x"}],"components":[{"type":1}],"sticker_ids":["5"],"poll":{"a":1}}`, "POST /channels/70/messages", `{"allowed_mentions":{"parse":[]},"components":[{"type":1}],"content":"hi","embeds":[{"title":"x"}],"enforce_nonce":true,"flags":4096,"nonce":"$","poll":{"a":1},"sticker_ids":["5"],"tts":true}`, "70"},
		"mentions":       {"g-7", "create_message", `{"channel_id":"70","content":"hi","allowed_mentions":{"parse":["users"],"roles":["6"],"users":{},"replied_user":false}}`, "POST /channels/70/messages", `{"allowed_mentions":{"parse":["users"],"replied_user":false,"roles":["6"]},"content":"hi","enforce_nonce":true,"nonce":"$"}`, "70"},
		"null mentions":  {"g-7", "create_message", `{"channel_id":"70","content":"hi","allowed_mentions":null}`, "POST /channels/70/messages", noPing + `"content":"hi","enforce_nonce":true,"nonce":"$"}`, "70"},
		"empty mentions": {"g-7", "create_message", `{"channel_id":"70","content":"hi","allowed_mentions":[]}`, "POST /channels/70/messages", noPing + `"content":"hi","enforce_nonce":true,"nonce":"$"}`, "70"},
		"reply":          {"g-7", "create_message", `{"channel_id":"70","content":"hi","message_reference":{"message_id":"3"}}`, "POST /channels/70/messages", noPing + `"content":"hi","enforce_nonce":true,"message_reference":{"message_id":"3","type":0},"nonce":"$"}`, "70"},
		"forward":        {"g-7", "create_message", `{"channel_id":"70","message_reference":{"message_id":"3","channel_id":"80","type":1}}`, "POST /channels/70/messages", noPing + `"enforce_nonce":true,"message_reference":{"channel_id":"80","message_id":"3","type":1},"nonce":"$"}`, "70 80"},
		"to a user":      {"u-9", "create_message", `{"channel_id":"90","content":"hi"}`, "POST /channels/90/messages", noPing + `"content":"hi","enforce_nonce":true,"nonce":"$"}`, "90"},
		"reaction":       {"g-7", "add_reaction", `{"channel_id":"70","message_id":"3","emoji":"👍"}`, "PUT /channels/70/messages/3/reactions/%F0%9F%91%8D/@me", "", "70"},
		"keycap":         {"g-7", "add_reaction", `{"channel_id":"70","message_id":"3","emoji":"#️⃣"}`, "PUT /channels/70/messages/3/reactions/%23%EF%B8%8F%E2%83%A3/@me", "", "70"},
		"custom emoji":   {"g-7", "add_reaction", `{"channel_id":"70","message_id":"3","emoji":"blob_wave:123"}`, "PUT /channels/70/messages/3/reactions/blob_wave:123/@me", "", "70"},
		"member":         {"g-7", "get_member", `{"user_id":"5"}`, "GET /guilds/7/members/5", "", ""},
		"ban":            {"g-7", "ban", `{"user_id":"5","delete_message_seconds":60,"reason":"raid"}`, "PUT /guilds/7/bans/5", `{"delete_message_seconds":60}`, ""},
		"plain ban":      {"g-7", "ban", `{"user_id":"5"}`, "PUT /guilds/7/bans/5", `{}`, ""},
		"role":           {"g-7", "add_role", `{"user_id":"5","role_id":"6"}`, "PUT /guilds/7/members/5/roles/6", "", ""},
		"response":       {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"aW50.x-_=","type":4,"data":{"content":"hi","flags":64}}`, "POST /interactions/4/aW50.x-_=/callback", `{"data":{"allowed_mentions":{"parse":[]},"content":"hi","flags":64},"type":4}`, ""},
		"deferred":       {"u-9", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t","type":5,"data":{"flags":64}}`, "POST /interactions/4/t/callback", `{"data":{"flags":64},"type":5}`, ""},
		"bare deferred":  {"u-9", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t","type":6}`, "POST /interactions/4/t/callback", `{"type":6}`, ""},
		"update":         {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t","type":7,"data":{"content":""}}`, "POST /interactions/4/t/callback", `{"data":{"allowed_mentions":{"parse":[]},"content":""},"type":7}`, ""},
		"choices":        {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t","type":8,"data":{"choices":[{"name":"a","value":"b"}]}}`, "POST /interactions/4/t/callback", `{"data":{"choices":[{"name":"a","value":"b"}]},"type":8}`, ""},
		"no choices":     {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t","type":8}`, "POST /interactions/4/t/callback", `{"data":{"choices":[]},"type":8}`, ""},
		"form":           {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t","type":9,"data":{"custom_id":"a","title":"b","components":[{"type":18}]}}`, "POST /interactions/4/t/callback", `{"data":{"components":[{"type":18}],"custom_id":"a","title":"b"},"type":9}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Build(ask(t, tc.who, tc.op, tc.args))
			if err != nil {
				t.Fatal(err)
			}
			body := strings.ReplaceAll(tc.body, "$", id)
			if got := r.Method + " " + r.Path; got != tc.line || string(r.Body) != body || strings.Join(r.Channels, " ") != tc.channels {
				t.Errorf("got  %s %s, channels %v\nwant %s %s, channels %s", got, r.Body, r.Channels, tc.line, body, tc.channels)
			}
			if r.Callback != (tc.op == "create_interaction_response") || r.Callback == r.Until.IsZero() || r.Nonce != (tc.op == "create_message") {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestTheReasonIsForTheAuditLog(t *testing.T) {
	for op, args := range map[string]string{
		"ban":      `{"user_id":"5","reason":"spam é"}`,
		"add_role": `{"user_id":"5","role_id":"6","reason":"spam é"}`,
	} {
		if r, err := Build(ask(t, "g-7", op, args)); err != nil || r.Reason != "spam é" {
			t.Errorf("%s: %q, %v", op, r.Reason, err)
		}
	}
}

func TestWrongArgumentsAreRefusedByName(t *testing.T) {
	message, reaction := func(s string) string { return `{"channel_id":"70",` + s + `}` }, func(emoji string) string {
		return `{"channel_id":"70","message_id":"3","emoji":` + emoji + `}`
	}
	respond := func(s string) string { return `{"interaction_id":"4","interaction_token":"t",` + s + `}` }
	for name, tc := range map[string]struct{ who, op, args, says string }{
		"no object":           {"g-7", "ban", `[]`, "not an object"},
		"null":                {"g-7", "ban", `null`, "not an object"},
		"nothing":             {"g-7", "ban", ``, "not an object"},
		"cut short":           {"g-7", "ban", `{"user_id":"5"`, "not an object"},
		"unknown operation":   {"g-7", "leave_guild", `{}`, `"leave_guild" does not exist`},
		"guild's only":        {"u-9", "ban", `{"user_id":"5"}`, "for servers only"},
		"too large":           {"g-7", "create_message", message(`"content":"` + strings.Repeat("x", effect.MaxArgs) + `"`), "at most 65536"},
		"missing":             {"g-7", "ban", `{}`, "user_id is missing"},
		"null id":             {"g-7", "ban", `{"user_id":null}`, "user_id is missing"},
		"id as a number":      {"g-7", "ban", `{"user_id":5}`, "user_id: want an id as a string"},
		"path in an id":       {"g-7", "ban", `{"user_id":"5/../../users/@me"}`, "user_id: parse snowflake"},
		"dots":                {"g-7", "ban", `{"user_id":".."}`, "user_id: parse snowflake"},
		"query":               {"g-7", "get_member", `{"user_id":"5?limit=1"}`, "user_id: parse snowflake"},
		"escaped slash":       {"g-7", "get_member", `{"user_id":"5%2f5"}`, "user_id: parse snowflake"},
		"line break":          {"g-7", "get_member", `{"user_id":"5\r\nHost: x"}`, "user_id: parse snowflake"},
		"zeros before":        {"g-7", "get_member", `{"user_id":"05"}`, "user_id: parse snowflake"},
		"sign":                {"g-7", "get_member", `{"user_id":"+5"}`, "user_id: parse snowflake"},
		"other digits":        {"g-7", "get_member", `{"user_id":"٥"}`, "user_id: parse snowflake"},
		"zero":                {"g-7", "get_member", `{"user_id":"0"}`, "user_id: parse snowflake"},
		"too many digits":     {"g-7", "get_member", `{"user_id":"184467440737095516160"}`, "user_id: parse snowflake"},
		"guild is no choice":  {"g-7", "get_member", `{"user_id":"5","guild_id":"8"}`, `unknown argument "guild_id"; known are user_id`},
		"another case":        {"g-7", "get_member", `{"User_ID":"5"}`, "user_id is missing"},
		"role path":           {"g-7", "add_role", `{"user_id":"5","role_id":"../6"}`, "role_id: parse snowflake"},
		"long reason":         {"g-7", "add_role", `{"user_id":"5","role_id":"6","reason":"` + strings.Repeat("é", 513) + `"}`, "reason: has 513 characters, at most 512"},
		"reason no text":      {"g-7", "ban", `{"user_id":"5","reason":{}}`, "reason: want a string"},
		"seconds":             {"g-7", "ban", `{"user_id":"5","delete_message_seconds":604801}`, "delete_message_seconds: want a whole number from 0 to 604800"},
		"part of a second":    {"g-7", "ban", `{"user_id":"5","delete_message_seconds":0.5}`, "delete_message_seconds: want a whole number"},
		"endless seconds":     {"g-7", "ban", `{"user_id":"5","delete_message_seconds":1e300}`, "delete_message_seconds: want a whole number"},
		"nonce":               {"g-7", "create_message", message(`"content":"x","nonce":"mine"`), `unknown argument "nonce"`},
		"enforce_nonce":       {"g-7", "create_message", message(`"content":"x","enforce_nonce":false`), `unknown argument "enforce_nonce"`},
		"empty message":       {"g-7", "create_message", `{"channel_id":"70"}`, "the message is empty"},
		"empty lists":         {"g-7", "create_message", message(`"embeds":[],"components":{},"sticker_ids":{}`), "the message is empty"},
		"long content":        {"g-7", "create_message", message(`"content":"` + strings.Repeat("é", 2001) + `"`), "content: has 2001 characters, at most 2000"},
		"content no text":     {"g-7", "create_message", message(`"content":5`), "content: want a string, got 5"},
		"embeds no list":      {"g-7", "create_message", message(`"embeds":"x"`), "embeds: want a list"},
		"embed no object":     {"g-7", "create_message", message(`"embeds":[{},[]]`), "embeds: entry 2: want an object"},
		"embed null":          {"g-7", "create_message", message(`"embeds":[null]`), "embeds: entry 1: want an object"},
		"many embeds":         {"g-7", "create_message", message(`"embeds":[{},{},{},{},{},{},{},{},{},{},{}]`), "embeds: has 11 entries, at most 10"},
		"sticker path":        {"g-7", "create_message", message(`"sticker_ids":["../1"]`), "sticker_ids: parse snowflake"},
		"stickers":            {"g-7", "create_message", message(`"sticker_ids":["1","2","3","4"]`), "sticker_ids: has 4 entries, at most 3"},
		"flags":               {"g-7", "create_message", message(`"content":"x","flags":-1`), "flags: want a whole number"},
		"tts":                 {"g-7", "create_message", message(`"content":"x","tts":"yes"`), "tts: want true or false"},
		"poll":                {"g-7", "create_message", message(`"poll":"x"`), "poll: want an object"},
		"mention what":        {"g-7", "create_message", message(`"content":"x","allowed_mentions":{"parse":["here"]}`), `allowed_mentions: parse: "here" is none of [users roles everyone]`},
		"mention whom":        {"g-7", "create_message", message(`"content":"x","allowed_mentions":{"users":["@everyone"]}`), "allowed_mentions: users: parse snowflake"},
		"mention how":         {"g-7", "create_message", message(`"content":"x","allowed_mentions":{"Parse":["everyone"]}`), `allowed_mentions: unknown argument "Parse"`},
		"mentions no object":  {"g-7", "create_message", message(`"content":"x","allowed_mentions":"all"`), "allowed_mentions: the arguments are not an object"},
		"reply to nothing":    {"g-7", "create_message", message(`"content":"x","message_reference":{}`), "message_reference: message_id is missing"},
		"forward from where":  {"g-7", "create_message", message(`"message_reference":{"message_id":"3","type":1}`), "message_reference: channel_id is missing"},
		"another guild":       {"g-7", "create_message", message(`"content":"x","message_reference":{"message_id":"3","guild_id":"8"}`), `message_reference: unknown argument "guild_id"`},
		"no emoji":            {"g-7", "add_reaction", `{"channel_id":"70","message_id":"3"}`, "emoji is missing"},
		"emoji dots":          {"g-7", "add_reaction", reaction(`".."`), "emoji: want a Unicode emoji"},
		"emoji path":          {"g-7", "add_reaction", reaction(`"👍/../.."`), "emoji: want a Unicode emoji"},
		"emoji escape":        {"g-7", "add_reaction", reaction(`"👍%2e"`), "emoji: want a Unicode emoji"},
		"emoji query":         {"g-7", "add_reaction", reaction(`"👍?x"`), "emoji: want a Unicode emoji"},
		"emoji of nothing":    {"g-7", "add_reaction", reaction(`""`), "emoji: want a Unicode emoji"},
		"emoji digits":        {"g-7", "add_reaction", reaction(`"123"`), "emoji: want a Unicode emoji"},
		"emoji text":          {"g-7", "add_reaction", reaction(`"é"`), "emoji: want a Unicode emoji"},
		"emoji path by name":  {"g-7", "add_reaction", reaction(`"a/b:1"`), "emoji: want a Unicode emoji"},
		"emoji line break":    {"g-7", "add_reaction", reaction(`"blob:1\n"`), "emoji: want a Unicode emoji"},
		"emoji zero byte":     {"g-7", "add_reaction", reaction(`"👍\u0000"`), "emoji: want a Unicode emoji"},
		"long emoji":          {"g-7", "add_reaction", reaction(`"` + strings.Repeat("👍", 65) + `"`), "emoji: has 65 characters"},
		"token path":          {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"a/../b","type":6}`, "interaction_token: want the token"},
		"token dots":          {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"..","type":6}`, "interaction_token: want the token"},
		"no token":            {"g-7", "create_interaction_response", `{"interaction_id":"4","type":6}`, "interaction_token: want the token"},
		"no type":             {"g-7", "create_interaction_response", `{"interaction_id":"4","interaction_token":"t"}`, "type is missing"},
		"type 10":             {"g-7", "create_interaction_response", respond(`"type":10`), "type: want a whole number from 4 to 9"},
		"empty answer":        {"g-7", "create_interaction_response", respond(`"type":4`), "data: the message is empty"},
		"sticker in answer":   {"g-7", "create_interaction_response", respond(`"type":4,"data":{"content":"x","sticker_ids":["1"]}`), `data: unknown argument "sticker_ids"`},
		"content in deferred": {"g-7", "create_interaction_response", respond(`"type":5,"data":{"content":"x"}`), `data: unknown argument "content"`},
		"data for nothing":    {"g-7", "create_interaction_response", respond(`"type":6,"data":{"flags":64}`), `data: unknown argument "flags"`},
		"many choices":        {"g-7", "create_interaction_response", respond(`"type":8,"data":{"choices":[` + strings.Repeat("{},", 25) + `{}]}`), "data: choices: has 26 entries"},
		"half a form":         {"g-7", "create_interaction_response", respond(`"type":9,"data":{"title":"x"}`), "data: a form needs custom_id"},
		"huge interaction id": {"g-7", "create_interaction_response", `{"interaction_id":"18446744073709551615","interaction_token":"t","type":6}`, "interaction_id: "},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Build(ask(t, tc.who, tc.op, tc.args))
			if err == nil {
				t.Fatalf("%s was built", r.Path)
			}
			if !strings.Contains(err.Error(), tc.says) || strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 400 {
				t.Errorf("the error is %q, want %q in it", err, tc.says)
			}
		})
	}
}

// A key given twice is read once, and what was read is what is sent.
func TestWhatWasCheckedIsWhatIsSent(t *testing.T) {
	r, err := Build(ask(t, "g-7", "create_message", `{"channel_id":"80","channel_id":"70","content":"x",
		"message_reference":{"channel_id":"80","message_id":"3","channel_id":"70","type":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.Path+string(r.Body)+strings.Join(r.Channels, " "), "80") {
		t.Errorf("both values travel: %s %s %v", r.Path, r.Body, r.Channels)
	}
}
