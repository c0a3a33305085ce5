package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"antiraid/shared/run"
)

func TestAnOperatorChangesATenantsLimits(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "counter", counter)
	limits := func(args ...string) result {
		return antiraid(t, nil, append([]string{"limits", "--data", r.data, "--tenant", guild.String()}, args...)...)
	}
	if got := limits(); got.code != 0 || !strings.Contains(got.out, "memory") || !strings.Contains(got.out, "32 MiB") {
		t.Fatalf("limits: exit code %d, %s%s", got.code, got.out, got.err)
	}
	for bad, want := range map[string]struct {
		code int
		says string
	}{
		"memory=much":      {2, "--set memory=much: want a size, such as memory=64MiB, or memory=default\n"},
		"memory":           {2, "--set memory: want a size, such as memory=64MiB, or memory=default\n"},
		"memory=-1":        {2, "--set memory=-1: want a size, such as memory=64MiB"},
		"wall=5":           {2, "--set wall=5: want a time with its unit, such as wall=5s, or wall=default\n"},
		"instructions=4e7": {2, "--set instructions=4e7: want a whole number, such as instructions=100, or instructions=default\n"},
		"pause_after=":     {2, "--set pause_after=: want a whole number, such as pause_after=100"},
		"speed=fast":       {2, `limit "speed" does not exist; there are coroutines, `},
		"speed=1":          {1, "value_bytes, wall and pause_after\n"},
		"wall=1h":          {1, "limit wall is 1h; want 10ms to 1m, or 0 for the default\n"},
		"wall=1ns":         {1, "limit wall is 1ns; want 10ms to 1m, or 0 for the default\n"},
		"memory=1GiB":      {1, "limit memory is 1 GiB; want 1 MiB to 128 MiB, or 0 for the default\n"},
	} {
		t.Run(bad, func(t *testing.T) { limits("--set", bad).oneSentence(t, want.code, want.says) })
	}
	if got := limits("--set", "effects=0", "--set", "kv_ops=1", "--set", "wall=1500ms", "--set", "pause_after=-1"); got.code != 0 || !strings.Contains(got.out, "1.5s") {
		t.Fatalf("limits: exit code %d, %s%s", got.code, got.out, got.err)
	}
	for budget := ""; budget != "kv_ops"; { // executors learn of it in a moment
		says(t, r.Discord, "!count")
		rec := r.next(t, func(rec *run.Record) bool {
			return rec.Template == "counter" && rec.Type == "MESSAGE_CREATE" && rec.Noteworthy()
		})
		if rec.Failure != nil {
			if budget = rec.Failure.Budget; budget != "kv_ops" || rec.Failure.Limit != 1 {
				t.Fatalf("failed with %+v", rec.Failure)
			}
		}
	}
}

// TestALimitThatWasRaisedHoldsForTheDeploy deploys a template whose top level is over the default.
func TestALimitThatWasRaisedHoldsForTheDeploy(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	long := folder(t, map[string]string{"init.lua": "for i = 1, 9e6 do end\nreturn { events = {} }"})
	command := func(args ...string) result {
		return antiraid(t, nil, append(args, "--data", r.data, "--tenant", guild.String())...)
	}
	deploy := func() result { return command("deploy", long, "--name", "long") }
	if got := deploy(); got.code != 1 || !strings.Contains(got.err, "used more than 5000000 instructions") {
		t.Errorf("with the default: exit code %d, %s%s", got.code, got.out, got.err)
	}
	for _, step := range []struct{ limit, says string }{{"40000000", ""}, {"1000000", "used more than 1000000 instructions"}, {"40000000", ""}} {
		if got := command("limits", "--set", "instructions="+step.limit, "--set", "wall=30s"); got.code != 0 {
			t.Fatalf("limits: %s", got.err)
		}
		if got := deploy(); (got.code == 0) != (step.says == "") || !strings.Contains(got.err, step.says) {
			t.Errorf("with %s: exit code %d, %s%s", step.limit, got.code, got.out, got.err)
		}
	}
}
