package request

import (
	"bytes"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// description is Discord's own description of its API, beside the project.
const description = "../../../../../shared/discord/openapi.json"

// loadDescription reads it. It is not part of the project, and a test that cannot see it has shown nothing.
func loadDescription(t *testing.T) (doc map[string]any, c *jsonschema.Compiler) {
	t.Helper()
	data, err := os.ReadFile(description)
	if err != nil {
		t.Fatalf("Discord's OpenAPI file is needed: put it at ../shared/discord/openapi.json beside the project's root: %v", err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c = jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("mem:///openapi.json", parsed); err != nil {
		t.Fatal(err)
	}
	return parsed.(map[string]any), c
}

// template finds the path of the description that a request's path is an instance of.
func template(doc map[string]any, path string) (string, map[string]any) {
	parts := strings.Split(path, "/")
	for name, methods := range doc["paths"].(map[string]any) {
		want := strings.Split(name, "/")
		if len(want) != len(parts) {
			continue
		}
		ok := true
		for i, w := range want {
			ok = ok && (strings.HasPrefix(w, "{") && parts[i] != "@me" || w == parts[i])
		}
		if ok {
			return name, methods.(map[string]any)
		}
	}
	return "", nil
}

func TestRequestsFollowDiscordsDescription(t *testing.T) {
	doc, compiler := loadDescription(t)
	respond := func(rest string) string { return `{"interaction_id":"4","interaction_token":"token",` + rest + `}` }
	for name, tc := range map[string]struct{ who, op, args string }{
		"message": {"g-7", "create_message", `{"channel_id":"70","content":"hi"}`},
		"full message": {"g-7", "create_message", `{"channel_id":"70","content":"hi","tts":false,"flags":4,"sticker_ids":["81384788765712384"],
			"embeds":[{"title":"t","description":"d","color":255,"fields":[{"name":"n","value":"v","inline":true}]}],
			"components":[{"type":1,"components":[{"type":2,"style":1,"label":"press","custom_id":"x"}]}],
			"allowed_mentions":{"parse":["roles"],"users":["81384788765712384"],"replied_user":true},
			"message_reference":{"message_id":"81384788765712384","channel_id":"70","fail_if_not_exists":false}}`},
		"forward":        {"g-7", "create_message", `{"channel_id":"70","message_reference":{"message_id":"3","channel_id":"80","type":1}}`},
		"poll":           {"g-7", "create_message", `{"channel_id":"70","poll":{"question":{"text":"?"},"answers":[{"poll_media":{"text":"a"}}]}}`},
		"direct message": {"u-9", "create_message", `{"channel_id":"90","content":"hi"}`},
		"reaction":       {"g-7", "add_reaction", `{"channel_id":"70","message_id":"3","emoji":"👍"}`},
		"member":         {"g-7", "get_member", `{"user_id":"5"}`},
		"ban":            {"g-7", "ban", `{"user_id":"5","delete_message_seconds":604800,"reason":"raid"}`},
		"plain ban":      {"g-7", "ban", `{"user_id":"5"}`},
		"role":           {"g-7", "add_role", `{"user_id":"5","role_id":"6"}`},
		"answer":         {"g-7", "create_interaction_response", respond(`"type":4,"data":{"content":"hi","flags":64}`)},
		"deferred":       {"g-7", "create_interaction_response", respond(`"type":5,"data":{"flags":64}`)},
		"deferred edit":  {"g-7", "create_interaction_response", respond(`"type":6`)},
		"edit":           {"g-7", "create_interaction_response", respond(`"type":7,"data":{"content":"x"}`)},
		"choices":        {"g-7", "create_interaction_response", respond(`"type":8,"data":{"choices":[{"type":3,"name":"a","value":"b"}]}`)},
		"form": {"g-7", "create_interaction_response", respond(`"type":9,"data":{"custom_id":"f","title":"t",
			"components":[{"type":18,"label":"l","component":{"type":4,"custom_id":"c","style":1}}]}`)},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Build(ask(t, tc.who, tc.op, tc.args))
			if err != nil {
				t.Fatal(err)
			}
			path, methods := template(doc, r.Path)
			operation, ok := methods[strings.ToLower(r.Method)].(map[string]any)
			if !ok {
				t.Fatalf("Discord has no %s %s", r.Method, r.Path)
			}
			_, takesBody := operation["requestBody"]
			if takesBody != (r.Body != nil) {
				t.Fatalf("%s %s: the body is %q, Discord takes one: %v", r.Method, path, r.Body, takesBody)
			}
			if r.Body != nil {
				// Forwarding (type 1) stands in Discord's documents ("Message Reference Types") and not in this file, which knows 0 only.
				body := bytes.Replace(r.Body, []byte(`"message_id":"3","type":1`), []byte(`"message_id":"3","type":0`), 1)
				validate(t, compiler, path, strings.ToLower(r.Method), body)
			}
		})
	}
}

func validate(t *testing.T, c *jsonschema.Compiler, path, method string, body []byte) {
	t.Helper()
	pointer := "/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(path) + "/" + method + "/requestBody/content/application~1json/schema"
	schema, err := c.Compile("mem:///openapi.json#" + (&url.URL{Path: pointer}).EscapedPath())
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s\n%v", body, err)
	}
}
