package metric_test

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"antiraid/services/rest/internal/metric"
	"antiraid/shared/effect"
)

func TestFiguresAreSharedByAProcess(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	for range 2 {
		s, err := metric.New(registry)
		if err != nil {
			t.Fatal(err)
		}
		s.Ended("ban", effect.Result{Status: 204})
		s.Ended("ban", effect.Result{Status: 403, Error: "no"})
		s.Ended("ban", effect.Result{Error: "no"})
		for _, status := range []int{200, 204, 404, 403, 429, 502, 0} {
			s.Answered(status)
		}
		s.Lanes(1)
		s.Waiting(3)
		s.Waiting(-2)
	}
	want := `
# HELP antiraid_rest_effects_total Effects that came to an end.
# TYPE antiraid_rest_effects_total counter
antiraid_rest_effects_total{end="not_performed",op="ban"} 2
antiraid_rest_effects_total{end="performed",op="ban"} 2
antiraid_rest_effects_total{end="refused",op="ban"} 2
# HELP antiraid_rest_effects_waiting Effects taken from the stream that have not come to an end.
# TYPE antiraid_rest_effects_waiting gauge
antiraid_rest_effects_waiting 2
# HELP antiraid_rest_lanes_held Lanes that this process works on.
# TYPE antiraid_rest_lanes_held gauge
antiraid_rest_lanes_held 2
# HELP antiraid_rest_requests_total Requests to Discord.
# TYPE antiraid_rest_requests_total counter
antiraid_rest_requests_total{status="2xx"} 4
antiraid_rest_requests_total{status="403"} 2
antiraid_rest_requests_total{status="429"} 2
antiraid_rest_requests_total{status="4xx"} 2
antiraid_rest_requests_total{status="5xx"} 2
antiraid_rest_requests_total{status="none"} 2
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}
