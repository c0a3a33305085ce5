package metric_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"antiraid/executor/internal/metric"
	"antiraid/shared/run"
)

func TestCountersOutliveTheirProcessAndGaugesDoNot(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	board, err := metric.NewBoard(registry)
	if err != nil {
		t.Fatal(err)
	}
	again, err := metric.NewBoard(registry)
	if err != nil || again != board {
		t.Fatalf("a second board in one process is another one (%v)", err)
	}
	mem := make([]byte, metric.Size)
	first, err := metric.In(mem)
	if err != nil {
		t.Fatal(err)
	}
	second := metric.New()
	hide := board.Show(first)
	board.Show(second)
	for _, s := range []*metric.Set{first, second, nil} {
		s.Ran(run.OK, 100*time.Microsecond)
		s.Ran(run.Timeout, 2*time.Second)
		s.Ran("later", time.Minute)
		s.Held(3)
		s.Held(-1)
		s.Moved(metric.Lanes{Lanes: 5, Parked: 1, Waiting: 20}, metric.Lanes{})
		s.Moved(metric.Lanes{Lanes: 4, Parked: 2, Waiting: 10}, metric.Lanes{Lanes: 5, Parked: 1, Waiting: 20})
	}
	hide()
	hide()
	clear(mem)
	board.Replaced("died")
	want := `
# HELP antiraid_executor_events_waiting Events in memory that are not done.
# TYPE antiraid_executor_events_waiting gauge
antiraid_executor_events_waiting 10
# HELP antiraid_executor_lanes Tenants' lanes that have events.
# TYPE antiraid_executor_lanes gauge
antiraid_executor_lanes 4
# HELP antiraid_executor_lanes_parked Lanes whose backlog stays in the stream.
# TYPE antiraid_executor_lanes_parked gauge
antiraid_executor_lanes_parked 2
# HELP antiraid_executor_partitions_held Partitions of the stream that this executor works on.
# TYPE antiraid_executor_partitions_held gauge
antiraid_executor_partitions_held 2
# HELP antiraid_executor_run_seconds How long runs took, waiting for effects included.
# TYPE antiraid_executor_run_seconds histogram
antiraid_executor_run_seconds_bucket{le="0.0001"} 2
antiraid_executor_run_seconds_bucket{le="0.00025"} 2
antiraid_executor_run_seconds_bucket{le="0.0005"} 2
antiraid_executor_run_seconds_bucket{le="0.001"} 2
antiraid_executor_run_seconds_bucket{le="0.0025"} 2
antiraid_executor_run_seconds_bucket{le="0.005"} 2
antiraid_executor_run_seconds_bucket{le="0.01"} 2
antiraid_executor_run_seconds_bucket{le="0.025"} 2
antiraid_executor_run_seconds_bucket{le="0.05"} 2
antiraid_executor_run_seconds_bucket{le="0.1"} 2
antiraid_executor_run_seconds_bucket{le="0.25"} 2
antiraid_executor_run_seconds_bucket{le="0.5"} 2
antiraid_executor_run_seconds_bucket{le="1"} 2
antiraid_executor_run_seconds_bucket{le="2.5"} 4
antiraid_executor_run_seconds_bucket{le="5"} 4
antiraid_executor_run_seconds_bucket{le="+Inf"} 6
antiraid_executor_run_seconds_sum 124.0002
antiraid_executor_run_seconds_count 6
# HELP antiraid_executor_runs_total Runs that ended, repeated ones included.
# TYPE antiraid_executor_runs_total counter
antiraid_executor_runs_total{outcome="budget"} 0
antiraid_executor_runs_total{outcome="denied"} 0
antiraid_executor_runs_total{outcome="error"} 0
antiraid_executor_runs_total{outcome="ok"} 2
antiraid_executor_runs_total{outcome="other"} 2
antiraid_executor_runs_total{outcome="quarantined"} 0
antiraid_executor_runs_total{outcome="timeout"} 2
# HELP antiraid_executor_workers Processes that run events.
# TYPE antiraid_executor_workers gauge
antiraid_executor_workers 1
# HELP antiraid_executor_workers_replaced_total Worker processes that were replaced.
# TYPE antiraid_executor_workers_replaced_total counter
antiraid_executor_workers_replaced_total{reason="died"} 1
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

func TestTooLittleMemoryIsRefused(t *testing.T) {
	if _, err := metric.In(make([]byte, metric.Size-1)); err == nil {
		t.Error("a set was made in too little memory")
	}
}
