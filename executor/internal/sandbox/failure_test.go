package sandbox

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

var update = flag.Bool("update", false, "write testdata/failures/*.json anew")

// What an author is told is kept as golden files: message, place, source line, trace.
func TestFailures(t *testing.T) {
	files, err := filepath.Glob("testdata/failures/*.lua")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(failureOf(t, string(source)), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := file[:len(file)-len(".lua")] + ".json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func failureOf(t *testing.T, source string) *run.Failure {
	p, failure := Compile("test", bundle.Revision{bundle.Entry: source})
	if failure != nil {
		return failure
	}
	v, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	in := input(t, `{"content":"moderator"}`, &world{})
	in.Granted = nil
	res := v.Run(t.Context(), in)
	if res.Err != nil || res.Failure == nil {
		t.Fatalf("%+v %v", res.Failure, res.Err)
	}
	return res.Failure
}
