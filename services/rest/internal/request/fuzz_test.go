package request

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// paths are all that may ever be asked of Discord for tenant g-7 or u-7.
var paths = regexp.MustCompile(`^(POST /channels/\d+/messages|PUT /channels/\d+/messages/\d+/reactions/[^/?#]+/@me|GET /guilds/7/members/\d+|` +
	`PUT /guilds/7/bans/\d+|PUT /guilds/7/members/\d+/roles/\d+|POST /interactions/\d+/[A-Za-z0-9_.=-]+/callback)$`)

func FuzzArgumentsNeverLeaveTheirPlace(f *testing.F) {
	for op, args := range map[string]string{
		"create_message":              `{"channel_id":"70","content":"hi","allowed_mentions":{"parse":["users"]},"message_reference":{"message_id":"3","channel_id":"80","type":1}}`,
		"add_reaction":                `{"channel_id":"70","message_id":"3","emoji":"👍"}`,
		"get_member":                  `{"user_id":"5"}`,
		"ban":                         `{"user_id":"5","delete_message_seconds":60,"reason":"raid"}`,
		"add_role":                    `{"user_id":"5","role_id":"6"}`,
		"create_interaction_response": `{"interaction_id":"4","interaction_token":"a.b","type":4,"data":{"content":"x","embeds":[{"a":[1]}]}}`,
	} {
		f.Add(op, false, args)
		f.Add(op, true, strings.Replace(args, `"`, ` "`, 3))
	}
	f.Fuzz(func(t *testing.T, op string, user bool, args string) {
		who := "g-7"
		if user {
			who = "u-7"
		}
		e := ask(t, who, op, args)
		r, err := Build(e)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 2000 {
				t.Errorf("the error is %q", err)
			}
			return
		}
		u, err := url.Parse("http://discord.test/api" + r.Path)
		if err != nil || !paths.MatchString(r.Method+" "+r.Path) || u.EscapedPath() != "/api"+r.Path || u.RawQuery != "" || strings.Contains(u.Path, "/..") {
			t.Fatalf("%s %s, %v", r.Method, r.Path, err)
		}
		if parts := strings.Split(r.Path, "/"); parts[1] == "channels" && !slices.Contains(r.Channels, parts[2]) {
			t.Fatalf("%s is not checked to be the tenant's: %v", r.Path, r.Channels)
		}
		if r.Body != nil && !json.Valid(r.Body) {
			t.Fatalf("the body is %s", r.Body)
		}
		var body struct {
			Nonce        string `json:"nonce"`
			EnforceNonce bool   `json:"enforce_nonce"`
		}
		if op == "create_message" && (json.Unmarshal(r.Body, &body) != nil || body.Nonce != e.ID || !body.EnforceNonce) {
			t.Fatalf("the body is %s", r.Body)
		}
	})
}
