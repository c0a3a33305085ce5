package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antiraid/shared/bundle"
)

// Programs in testdata/reference print what a golden file beside them holds, which lua5.1 wrote.
func TestAnswersAsLua51(t *testing.T) {
	files, err := filepath.Glob("testdata/reference/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".lua"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden, err := os.ReadFile(strings.TrimSuffix(file, ".lua") + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			p, failure := Compile("reference", bundle.Revision{
				bundle.Entry: `return { events = { MESSAGE_CREATE = function() require "program" end } }`, "program.lua": string(text),
			})
			if failure != nil {
				t.Fatalf("%+v", failure)
			}
			v, err := New(p)
			if err != nil {
				t.Fatal(err)
			}
			in := input(t, "{}", &world{})
			in.Limits.Instructions, in.Limits.Memory, in.Limits.Wall, in.Limits.LogLines, in.Limits.LogBytes = 1e10, 512<<20, time.Hour, 1e5, 1e7
			res := v.Run(t.Context(), in)
			if res.Failure != nil || res.Err != nil {
				t.Fatalf("%v\n%+v", res.Err, res.Failure)
			}
			want := strings.Split(strings.TrimSpace(string(golden)), "\n")
			for i, line := range res.Log {
				if i >= len(want) || line.Message != want[i] {
					t.Fatalf("line %d is %q; lua5.1 says %q", i+1, line.Message, want[min(i, len(want)-1)])
				}
			}
			if len(res.Log) != len(want) {
				t.Errorf("%d lines; lua5.1 prints %d", len(res.Log), len(want))
			}
		})
	}
}
