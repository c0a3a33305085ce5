package deploybench_test

import (
	"os"
	"testing"
	"time"

	"antiraid/services/lab/internal/deploybench"
	"antiraid/services/lab/internal/part"
)

// TestMain lets this test's program be the parts that tests start.
func TestMain(m *testing.M) {
	part.Become()
	os.Exit(m.Run())
}

func TestNoRunMixesVersionsWhileDeploysGoOn(t *testing.T) {
	cfg := deploybench.Defaults()
	cfg.Tenants, cfg.Duration, cfg.Parts = 6, 2*time.Second, t.Output()
	r, err := deploybench.Measure(t.Context(), cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
	if !r.Clean() {
		t.Errorf("refuted: %+v", r)
	}
	if r.Deploys < 4 || r.Events < 40 || r.Runs < 2*r.Events || r.P50 <= 0 || r.CallP50 <= 0 || r.EventP50 <= 0 {
		t.Errorf("too little was seen: %+v", r)
	}
}
