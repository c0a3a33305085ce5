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
	if _, err := (run.Limits{}).With("Wall", int64(time.Second)); err == nil {
		t.Error("another spelling was taken")
	}
}
