package bundle_test

import (
	"encoding/json"
	"strings"
	"testing"

	"antiraid/shared/bundle"
)

const stored = `{"schema":1,"tenant":"g-7","version":3,"status":"active","templates":[` +
	`{"name":"counter","revision":"ab","events":["MESSAGE_CREATE","STARTUP"],"capabilities":["discord:create_message","kv:*"],"deployed":"2026-01-02T03:04:05Z"}],` +
	`"updated":"2026-01-02T03:04:05Z"}`

func TestTheStoredFormIsFixed(t *testing.T) {
	b, err := bundle.Decode([]byte(stored))
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(b)
	if err != nil || string(again) != stored {
		t.Errorf("stored form became %s, %v", again, err)
	}
	tpl := b.Templates[0]
	if !tpl.Handles("STARTUP") || tpl.Handles("MESSAGE_DELETE") || tpl.Handles("") {
		t.Error("the template does not handle what it says")
	}
}

func TestBadBundlesAreRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"newer schema":   {`"schema":1`, `"schema":2`},
		"no tenant":      {`"g-7"`, `""`},
		"bad tenant":     {`"g-7"`, `"g-07"`},
		"version 0":      {`"version":3`, `"version":0`},
		"unknown status": {`"active"`, `"asleep"`},
		"bad name":       {`"counter"`, `"a.b"`},
		"unsorted":       {`"MESSAGE_CREATE","STARTUP"`, `"STARTUP","MESSAGE_CREATE"`},
		"bad type":       {`"MESSAGE_CREATE"`, `"MESSAGE CREATE"`},
		"bad capability": {`"kv:*"`, `"kv"`},
		"not JSON":       {`{"schema"`, `{schema`},
	} {
		text := strings.Replace(stored, change[0], change[1], 1)
		if text == stored {
			t.Fatalf("%s: nothing was changed", name)
		}
		if b, err := bundle.Decode([]byte(text)); err == nil {
			t.Errorf("%s: accepted as %+v", name, b)
		}
	}
	if b, err := bundle.Decode([]byte(strings.Replace(stored, `"schema"`, `"later":{"x":1},"schema"`, 1))); err != nil {
		t.Errorf("a field of a later program was refused: %v, %v", b, err)
	}
}

func TestGrants(t *testing.T) {
	for _, tc := range []struct {
		granted []string
		want    string
		ok      bool
	}{
		{[]string{"kv:*"}, "kv:get", true},
		{[]string{"kv:get"}, "kv:get", true},
		{[]string{"kv:get"}, "kv:set", false},
		{[]string{"discord:*"}, "kv:get", false},
		{nil, "kv:get", false},
		{[]string{"*:*", "*"}, "kv:get", false},
	} {
		if got := bundle.Grants(tc.granted, tc.want); got != tc.ok {
			t.Errorf("%v grants %s: %v, want %v", tc.granted, tc.want, got, tc.ok)
		}
	}
}

func TestARevisionIsItsContent(t *testing.T) {
	r := bundle.Revision{"init.lua": "return {} -- <é> & \u2028", "lib/a.lua": "return 1"}
	data, key, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if want := "{\"init.lua\":\"return {} -- <é> & \\u2028\",\"lib/a.lua\":\"return 1\"}"; string(data) != want {
		t.Errorf("stored form %s, want %s", data, want)
	}
	back, err := bundle.DecodeRevision(data, key)
	if err != nil || back["init.lua"] != r["init.lua"] || len(back) != 2 {
		t.Errorf("read back %v, %v", back, err)
	}
	if _, err := bundle.DecodeRevision(append(data, ' '), key); err == nil {
		t.Error("content with another hash was accepted")
	}
}

func TestBadContentIsRefusedByName(t *testing.T) {
	for says, files := range map[string]bundle.Revision{
		"no init.lua":        {"a.lua": ""},
		"../x.lua":           {"init.lua": "", "../x.lua": ""},
		"/etc/x.lua":         {"init.lua": "", "/etc/x.lua": ""},
		"a//b.lua":           {"init.lua": "", "a//b.lua": ""},
		"only .lua":          {"init.lua": "", "a.txt": ""},
		"not UTF-8":          {"init.lua": "\x1bLua\xff"},
		"262144 are allowed": {"init.lua": strings.Repeat("-", bundle.MaxFileBytes+1)},
		"524288 are allowed": {"init.lua": strings.Repeat("-", bundle.MaxFileBytes), "a.lua": strings.Repeat("-", bundle.MaxFileBytes), "b.lua": "-"},
	} {
		if err := files.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v", says, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(stored))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := bundle.Decode(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bundle.Decode(again); err != nil {
			t.Fatalf("%s was accepted, %s was not: %v", data, again, err)
		}
	})
}
