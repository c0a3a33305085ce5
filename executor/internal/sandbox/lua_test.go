package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antiraid/shared/bundle"
)

// Lua's behaviour is tested in Lua: testdata/lua has one file for each subject, with cases that begin at a line "--== what". A case fails the
// test when its run fails, unless the line that raises ends in "--> part of the message".
func TestLua(t *testing.T) {
	helper, err := os.ReadFile("testdata/lua/t.lua")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/lua/*.lua")
	if err != nil || len(files) < 2 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".lua")
		if name == "t" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			for _, section := range strings.Split("\n"+string(text), "\n--== ")[1:] {
				title, body, _ := strings.Cut(section, "\n")
				t.Run(title, func(t *testing.T) { luaCase(t, string(helper), body) })
			}
		})
	}
}

func luaCase(t *testing.T, helper, body string) {
	head := `local t = require "t" return { events = { MESSAGE_CREATE = function(ctx, event)`
	p, failure := Compile("test", bundle.Revision{bundle.Entry: head + "\n" + body + "\nend } }", "t.lua": helper})
	if failure != nil {
		t.Fatalf("%+v", failure)
	}
	v, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	line, want := expected(body)
	for range 2 { // warm machines behave as new ones
		if !v.Usable() {
			if v, err = New(p); err != nil {
				t.Fatal(err)
			}
		}
		w := &world{}
		res := v.Run(t.Context(), input(t, `{"content":"hello","author":{"id":"42","bot":false},"mentions":[{"id":"1"},{"id":"2"}],"nick":null,"n":3}`, w))
		switch {
		case res.Err != nil:
			t.Fatal(res.Err)
		case want == "" && res.Failure != nil:
			t.Fatalf("%s:%d: %s\n%s\n%s", res.Failure.File, res.Failure.Line, res.Failure.Message, res.Failure.Source, res.Failure.Traceback)
		case want != "" && res.Failure == nil:
			t.Fatalf("line %d did not fail with %s", line, want)
		case want != "" && (res.Failure.Line != line || !strings.Contains(res.Failure.Message, want)):
			t.Fatalf("%s:%d: %s; want line %d: %s", res.Failure.File, res.Failure.Line, res.Failure.Message, line, want)
		}
	}
}

// expected is the line of init.lua on which a case wants an error, and a part of its message.
func expected(body string) (line int, message string) {
	for i, text := range strings.Split(body, "\n") {
		if _, message, ok := strings.Cut(text, "--> "); ok {
			return i + 2, message
		}
	}
	return 0, ""
}
