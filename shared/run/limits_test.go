package run_test

import (
	"testing"
	"time"

	"antiraid/shared/run"
)

func TestEveryLimitIsSetByItsName(t *testing.T) {
	defaults := run.DefaultLimits().Map()
	if len(run.LimitNames()) != 12 {
		t.Errorf("limits are %v", run.LimitNames())
	}
	for _, name := range run.LimitNames() {
		l, err := run.Limits{}.With(name, defaults[name])
		if err != nil || len(l.Map()) != 1 || l.Map()[name] != defaults[name] {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
		if l, err = l.With(name, 0); err != nil || l != (run.Limits{}) {
			t.Errorf("%s back at its default: %+v, %v", name, l, err)
		}
		for _, bad := range []int64{-1, 1 << 50} {
			if l, err := (run.Limits{}).With(name, bad); err == nil || l != (run.Limits{}) {
				t.Errorf("%s of %d: %+v, %v", name, bad, l, err)
			}
		}
	}
	stored := run.Limits{Wall: time.Nanosecond, Memory: 1} // of before there was a least of each
	if l, err := stored.With("effects", 1); err != nil || l.Wall != stored.Wall || l.Memory != stored.Memory {
		t.Errorf("beside smaller ones that are stored: %+v, %v", l, err)
	}
	if _, err := (run.Limits{}).With("Wall", int64(time.Second)); err == nil {
		t.Error("another spelling was taken")
	}
}

func TestALimitThatIsRefusedIsToldInItsUnit(t *testing.T) {
	for _, tc := range []struct {
		name  string
		value int64
		says  string
	}{
		{"wall", int64(time.Hour), "limit wall is 1h; want 10ms to 1m, or 0 for the default"},
		{"wall", 1, "limit wall is 1ns; want 10ms to 1m, or 0 for the default"},
		{"wall", -1e9, "limit wall is -1s; want 10ms to 1m, or 0 for the default"},
		{"memory", 1 << 30, "limit memory is 1 GiB; want 1 MiB to 128 MiB, or 0 for the default"},
		{"memory", 1<<20 - 1, "limit memory is 1048575 B; want 1 MiB to 128 MiB, or 0 for the default"},
		{"value_bytes", 1 << 20, "limit value_bytes is 1 MiB; want 1 B to 768 KiB, or 0 for the default"},
		{"key_bytes", 600, "limit key_bytes is 600 B; want 1 B to 512 B, or 0 for the default"},
		{"instructions", 999, "limit instructions is 999; want 1000 to 1000000000, or 0 for the default"},
		{"depth", 101, "limit depth is 101; want 1 to 100, or 0 for the default"},
		{"speed", 1, `limit "speed" does not exist; there are coroutines, depth, effects, instructions, key_bytes, kv_bytes, kv_ops, log_bytes, log_lines, memory, value_bytes, wall`},
	} {
		if _, err := (run.Limits{}).With(tc.name, tc.value); err == nil || err.Error() != tc.says {
			t.Errorf("%s of %d: %v, want %s", tc.name, tc.value, err, tc.says)
		}
	}
}

func TestALimitIsWrittenExactlyAndInTheUnitThatPeopleWouldChoose(t *testing.T) {
	for _, tc := range []struct {
		name  string
		value int64
		want  string
	}{
		{"wall", int64(90 * time.Second), "1m30s"}, {"wall", int64(10 * time.Second), "10s"}, {"wall", int64(20 * time.Minute), "20m"},
		{"wall", int64(10*time.Hour + time.Second), "10h0m1s"}, {"wall", 1_500_000, "1.5ms"},
		{"memory", 32 << 20, "32 MiB"}, {"memory", 3 << 9, "1536 B"}, {"log_bytes", 3 << 10, "3 KiB"}, {"key_bytes", 0, "0 B"},
		{"kv_ops", 256, "256"},
	} {
		if got := run.LimitText(tc.name, tc.value); got != tc.want {
			t.Errorf("%s of %d is %q, want %q", tc.name, tc.value, got, tc.want)
		}
	}
}
