package dispatcher_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"antiraid/dispatcher/internal/deploy"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/natstest"
	"antiraid/shared/run"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
)

// raw is a request as any caller could send it.
type raw map[string]any

func TestBadInputIsRefusedInOneSentenceAndNothingIsWritten(t *testing.T) {
	s := deploytest.Start(t)
	start(t, s)
	p := s.Publisher(t, nil)
	good := raw{"tenant": "g-7", "template": "good", "files": deploytest.Files(t, api.InspectReply{Capabilities: []string{"kv:get"}}, "1"), "grant": []string{"kv:get"}}
	if r := call[api.DeployReply](t, s, subject.CallDeploy, good); r.Error != nil {
		t.Fatal(r.Error)
	}
	before := s.Look(t, p)
	declares := func(r api.InspectReply) bundle.Revision { return deploytest.Files(t, r, "bad") }
	asks := declares(api.InspectReply{Capabilities: []string{"kv:get", "discord:ban", "kv:*"}})
	for name, tc := range map[string]struct {
		change raw
		code   api.Code
		says   string
	}{
		"no tenant":              {raw{"tenant": ""}, api.Invalid, "name one, such as g-"},
		"malformed tenant":       {raw{"tenant": "g-007"}, api.Invalid, `parse tenant "g-007": want g-<guild id> or u-<user id>`},
		"no template name":       {raw{"template": ""}, api.Invalid, `check template name ""`},
		"bad template name":      {raw{"template": "../x"}, api.Invalid, `check template name "../x": want 1 to 64 of a-z`},
		"no files":               {raw{"files": nil}, api.Invalid, "it has no init.lua"},
		"no init.lua":            {raw{"files": raw{"main.lua": ""}}, api.Invalid, "it has no init.lua"},
		"file over the cap":      {raw{"files": raw{"init.lua": "", "big.lua": strings.Repeat(" ", bundle.MaxFileBytes+1)}}, api.Invalid, "check file big.lua: 262145 bytes, at most 262144 are allowed; split it"},
		"path leads out":         {raw{"files": raw{"init.lua": "", "../x.lua": ""}}, api.Invalid, `check file "../x.lua": want a relative path`},
		"other kind of file":     {raw{"files": raw{"init.lua": "", "a.png": ""}}, api.Invalid, "check file a.png: only .lua"},
		"too large in JSON":      {raw{"files": raw{"init.lua": strings.Repeat("\x01", 170_000)}}, api.Invalid, "encoded as JSON, at most 983040 are allowed"},
		"malformed grant":        {raw{"grant": []string{"everything"}}, api.Invalid, `check capability "everything": want <module>:<operation>`},
		"syntax error":           {raw{"files": raw{"init.lua": "return end"}}, api.Script, "init.lua:1:4: unexpected symbol near 'end'; correct the template"},
		"its top level errors":   {raw{"files": declares(api.InspectReply{Failure: &run.Failure{Message: "attempt to call nil", File: "lib/a.lua", Line: 12}})}, api.Script, "lib/a.lua:12: attempt to call nil; correct"},
		"it returns no table":    {raw{"files": declares(api.InspectReply{Failure: &run.Failure{Message: "it returns no table", File: "init.lua"}})}, api.Script, "init.lua: it returns no table; correct"},
		"a place without a line": {raw{"files": declares(api.InspectReply{Failure: &run.Failure{Message: "the template returns nil", File: "init.lua"}})}, api.Script, "deploy good to g-7: init.lua: the template returns nil; correct"},
		"unknown sort of event":  {raw{"files": declares(api.InspectReply{Events: []string{"message.create"}})}, api.Script, `init.lua: events: check event type "message.create": want`},
		"malformed capability":   {raw{"files": declares(api.InspectReply{Capabilities: []string{"all"}})}, api.Script, `init.lua:1: capabilities: check capability "all": want`},
		"unknown operation":      {raw{"files": declares(api.InspectReply{Capabilities: []string{"discord:fly"}})}, api.Script, `init.lua:1: capabilities: check capability discord:fly: discord has no operation fly; it has add_reaction, add_role, ban, `},
		"unknown module":         {raw{"files": declares(api.InspectReply{Capabilities: []string{"http:*"}})}, api.Script, `init.lua:1: capabilities: check capability http:*: there is no module http; there are discord, kv; correct`},
		"grant of nothing":       {raw{"grant": []string{"kv:got"}}, api.Invalid, `check capability kv:got: kv has no operation got; it has delete, get, list, set`},
		"too much declared":      {raw{"files": declares(api.InspectReply{Events: many(129)})}, api.Script, "129 events or capabilities are declared, at most 128"},
		"not granted":            {raw{"files": asks}, api.Denied, "asks for discord:ban, kv:*, which is not granted; grant it with --grant discord:ban,kv:*"},
		"granted to another":     {raw{"template": "other", "grant": nil}, api.Denied, "asks for kv:get, which is not granted"},
	} {
		t.Run(name, func(t *testing.T) {
			req := maps.Clone(good)
			maps.Copy(req, tc.change)
			r := call[api.DeployReply](t, s, subject.CallDeploy, req)
			if r.Error == nil || r.Error.Code != tc.code || !strings.Contains(r.Error.Message, tc.says) || strings.Contains(r.Error.Message, "\n") {
				t.Errorf("got  %+v\nwant %s: %s", r.Error, tc.code, tc.says)
			}
			if after := s.Look(t, p); !reflect.DeepEqual(after, before) {
				t.Errorf("it changed %+v to %+v", before, after)
			}
		})
	}
}

func many(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprint("E", i))
	}
	return list
}

func TestARequestThatIsNoJSONIsRefused(t *testing.T) {
	s := deploytest.Start(t)
	start(t, s)
	for _, subj := range []string{subject.CallDeploy, subject.CallTemplates} {
		r := call[api.DeployReply](t, s, subj, json.RawMessage(`["g-7"]`))
		if r.Error == nil || r.Error.Code != api.Invalid || !strings.HasPrefix(r.Error.Message, "read the request: ") {
			t.Errorf("%s: %+v", subj, r.Error)
		}
	}
}

func TestATenantHasAMostOfTemplates(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	p := s.Publisher(t, nil)
	d := deployer(t, p)
	for n := range bundle.MaxTemplates {
		if _, err := d.Deploy(t.Context(), request(t, g, fmt.Sprint("t", n), "1")); err != nil {
			t.Fatal(err)
		}
	}
	before := s.Look(t, p)
	_, err := d.Deploy(t.Context(), request(t, g, "more", "2"))
	if err == nil || !strings.Contains(err.Error(), "65 templates, at most 64 are allowed") {
		t.Errorf("got %v", err)
	}
	if after := s.Look(t, p); !reflect.DeepEqual(after, before) {
		t.Error("the refused deploy changed something")
	}
	if r, err := d.Deploy(t.Context(), request(t, g, "t7", "2")); err != nil || r.Version != bundle.MaxTemplates+1 {
		t.Errorf("a template of its own: %+v, %v", r, err)
	}
}

func TestGrantsStayWithTheTemplateAndOnlyAsFarAsItAsks(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	d := deployer(t, s.Publisher(t, nil))
	try := func(asks []string, grant ...string) string {
		t.Helper()
		req := api.DeployRequest{Tenant: g, Template: "a", Files: deploytest.Files(t, api.InspectReply{Capabilities: asks}, ""), Grant: grant}
		r, err := d.Deploy(t.Context(), req)
		if err != nil {
			return "refused"
		}
		return fmt.Sprint(r.Capabilities)
	}
	for i, tc := range []struct{ got, want string }{
		{try([]string{"kv:get"}), "refused"},
		{try([]string{"kv:set", "kv:get"}, "kv:*", "discord:ban"), "[kv:get kv:set]"},
		{try([]string{"kv:get"}), "[kv:get]"},
		{try([]string{"kv:get", "kv:set"}), "refused"},
		{try([]string{"discord:ban"}), "refused"},
		{try([]string{"kv:*"}, "kv:get"), "refused"},
		{try(nil), "[]"},
		{try([]string{"kv:get"}), "refused"},
	} {
		if tc.got != tc.want {
			t.Errorf("step %d: %s, want %s", i, tc.got, tc.want)
		}
	}
}

func TestADeployWithoutExecutorsSaysSo(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	p := s.Publisher(t, nil)
	elsewhere := natstest.Connect(t, natstest.Start(t)) // where nobody answers
	_, err := deploy.New(deploy.Config{}, p, elsewhere, storetest.Log(t)).Deploy(t.Context(), request(t, g, "a", "1"))
	if err == nil || err.Error() != "deploy a to g-7: no executor is there to look at the template; start one and deploy again" {
		t.Errorf("got %v", err)
	}
	if state := s.Look(t, p); len(state.Tenants)+len(state.Blobs) > 0 {
		t.Errorf("it wrote %+v", state)
	}
}
