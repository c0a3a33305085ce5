package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antiraid/services/lab/internal/torture"
	"antiraid/shared/bundle"
)

// TestTorture attacks a real executor with one script of each class. How late victims are is not judged here: the machine of a gate has
// other things to do.
func TestTorture(t *testing.T) {
	want := map[string]struct{ outcome, budget string }{
		"cpu-loop.lua":          {"budget", "instructions"},
		"memory-doubling.lua":   {"budget", "memory"},
		"stack-recursion.lua":   {"error", ""},
		"pattern-optional.lua":  {"budget", "instructions"},
		"door-kv-flood.lua":     {"budget", "kv_ops"},
		"load-loop.lua":         {"budget", "instructions"},
		"load-no-table.lua":     {"error", ""},
		"tenant-globals.lua":    {"ok", ""},
		"escape-libraries.lua":  {"error", ""},
		"door-effects.lua":      {"budget", "effects"},
		"escape-bytecode.lua":   {"error", ""},
		"tenant-denied.lua":     {"denied", ""},
		"memory-coroutines.lua": {"budget", "coroutines"},
		"load-brackets.lua":     {"refused", ""},
	}
	dir := t.TempDir()
	for file := range want {
		source, err := os.ReadFile(filepath.Join("testdata/hostile", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), source, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	seen, err := torture.Observe(t.Context(), torture.Config{
		Dir: dir, Workers: 2, Victims: 20, Rate: 2, Events: 2, AtOnce: 4, Warmup: time.Second, Parts: t.Output(),
	}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	r := torture.Judge(seen)
	if r.Lost+r.Reordered+r.StateLeaks+r.Restarts > 0 || seen.Ended {
		t.Errorf("the scripts did harm: %+v", r.Reasons)
	}
	for _, s := range r.Results {
		if w := want[s.File]; string(s.Outcome) != w.outcome || s.Budget != w.budget {
			t.Errorf("%s came to %q %q, want %q %q", s.File, s.Outcome, s.Budget, w.outcome, w.budget)
		}
	}
	for _, a := range seen.Attacks {
		for _, run := range a.Runs {
			if run.Took <= 0 {
				t.Errorf("%s: event %d has a record without a time", a.File, run.N)
			}
		}
	}
	if r.VictimEvents < 40 || r.IdleP99 == 0 || r.AttackedP99 == 0 {
		t.Errorf("%d events of victims, p99 %d and %d µs: nothing was measured", r.VictimEvents, r.IdleP99, r.AttackedP99)
	}
}

// TestTortureOfAnyFolder attacks with what strangers' folders have: scripts that leave no record, say that they got out, or are none.
func TestTortureOfAnyFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "we[ird]")
	if err := os.MkdirAll(filepath.Join(dir, "folder.lua"), 0o700); err != nil {
		t.Fatal(err)
	}
	handler := func(body string) string {
		return "return { events = { MESSAGE_CREATE = function(ctx, event) " + body + " end } }"
	}
	for file, source := range map[string]string{
		"busy.lua":    handler("for i = 1, 1e6 do local x = i % 7 end"),
		"says.lua":    handler(`print("saw another tenant")`),
		"large.lua":   strings.Repeat("-", bundle.MaxFileBytes+1),
		"larger.lua":  strings.Repeat("-", 2<<20),
		"escapes.lua": "--" + strings.Repeat("\x01", bundle.MaxFileBytes-2),
		"binary.lua":  "\x1bLua\xff",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nothing", filepath.Join(dir, "link.lua")); err != nil {
		t.Fatal(err)
	}
	cfg := torture.Config{Dir: dir, Workers: 2, Victims: 20, Rate: 5, Events: 2, AtOnce: 4, Warmup: 2 * time.Second, Parts: t.Output()}
	seen, err := torture.Observe(t.Context(), cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	r := torture.Judge(seen)
	for i, want := range []struct{ file, outcome, deploy string }{
		{"binary.lua", "refused", "not UTF-8"},
		{"busy.lua", "ok", "accepted"},
		{"escapes.lua", "refused", "once it is encoded"},
		{"folder.lua", "refused", "no plain file"},
		{"large.lua", "refused", "262144 are allowed"},
		{"larger.lua", "refused", "262144 are allowed"},
		{"link.lua", "refused", "no such file"},
		{"says.lua", "ok", "accepted"},
	} {
		if len(r.Results) != 8 || r.Scripts != 8 {
			t.Fatalf("got results %+v, want 8", r.Results)
		}
		s := r.Results[i]
		if s.File != want.file || string(s.Outcome) != want.outcome || !strings.Contains(s.Deploy, want.deploy) {
			t.Errorf("got %+v, want %+v", s, want)
		}
		switch s.File {
		case "busy.lua":
			if s.WallMS < 5 {
				t.Errorf("a million turns of a loop took %d ms", s.WallMS)
			}
		case "says.lua":
			if !strings.Contains(strings.Join(s.Reasons, " "), "it says: saw another tenant") {
				t.Errorf("a script said that it saw another tenant: %q", s.Reasons)
			}
		}
	}
	if lasted := seen.Attacked.To.Sub(seen.Attacked.From); lasted < cfg.Warmup {
		t.Errorf("%d attacks in %s: the victims were alone for longer", len(seen.Attacks), lasted)
	}
	for _, a := range seen.Attacks {
		if len(a.Events) != 2 && a.Refused == "" {
			t.Errorf("%s: %d events in one attack, want 2", a.File, len(a.Events))
		}
	}
	if r.AttackedP99 == 0 || r.Ratio == 0 {
		t.Errorf("p99 of the victims is %d µs, ratio %g: nothing was measured", r.AttackedP99, r.Ratio)
	}
}
