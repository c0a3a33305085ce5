package main_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"antiraid/services/lab/internal/torture"
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
