package fairness_test

import (
	"os"
	"testing"
	"time"

	"antiraid/services/lab/internal/fairness"
	"antiraid/services/lab/internal/part"
)

// TestMain lets this test's program be the parts that tests start.
func TestMain(m *testing.M) {
	part.Become()
	os.Exit(m.Run())
}

// TestQuietTenantsAreMeasuredBesideALoudOne is about the measurement: how long anything takes is not judged on the machine of a gate.
func TestQuietTenantsAreMeasuredBesideALoudOne(t *testing.T) {
	cfg := fairness.Defaults()
	cfg.Tenants, cfg.Near, cfg.Rate, cfg.Times, cfg.Duration, cfg.Rounds, cfg.Parts = 10, 2, 4, 50, time.Second, 1, t.Output()
	r, err := fairness.Measure(t.Context(), cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
	if r.Near < 2 || r.QuietEvents < 40 || r.IdleP50 <= 0 || r.LoudP50 <= 0 || r.NearIdleP99 <= 0 || r.NearLoudP99 <= 0 {
		t.Errorf("quiet tenants were not measured: %+v", r)
	}
	if r.LoudEvents < 200 || r.LoudRuns == 0 || r.LoudRun < 1000 || r.Backlog < 50 {
		t.Errorf("nobody was loud: %+v", r)
	}
}
