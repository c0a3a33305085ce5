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
	for _, bad := range []string{"memory=much", "wall=1000h", "speed=1", "memory"} {
		if got := limits("--set", bad); got.code == 0 || strings.Count(got.err, "\n") != 1 {
			t.Errorf("--set %s: exit code %d, %q", bad, got.code, got.err)
		}
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
