package executor_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"antiraid/shared/bundle"
)

// TestFiguresOfAllWorkersAreShownTogether asks a supervisor while its workers hold a backlog, and after one of them was killed.
func TestFiguresOfAllWorkersAreShownTogether(t *testing.T) {
	s := newSystem(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	effects := s.discord()
	for n := range 20 {
		s.deploy(guild(t, n+1), map[string]string{"counter": counter, "failing": `return { events = { MESSAGE_CREATE = function() error("x") end } }`}, "MESSAGE_CREATE")
	}
	slow := guild(t, 100)
	s.deploy(slow, map[string]string{"bystander": bystander}, "MESSAGE_CREATE")
	s.change(slow, func(b *bundle.Bundle) { b.Limits.Wall = time.Minute })
	cmd, _ := s.start(program(t, ""), "ANTIRAID_WORKERS=2", "ANTIRAID_HEALTH_ADDR="+addr, "ANTIRAID_LANE_DEPTH=16", "ANTIRAID_DRAIN=1s")
	for n := range 20 {
		s.publish(guild(t, n+1), "MESSAGE_CREATE", fmt.Sprint("m", n), `{"channel_id":"5","content":"x"}`)
	}
	for range 40 {
		s.record()
	}
	for n := range 50 {
		s.publish(slow, "MESSAGE_CREATE", fmt.Sprint("slow", n), `{}`)
	}
	effects.next()
	s.figures(addr, `runs_total{outcome="ok"} 20`, `runs_total{outcome="error"} 20`, `run_seconds_count 40`, `partitions_held 64`, `workers 2`,
		`lanes 1`, `lanes_parked 1`, `events_waiting 16`)
	if err := syscall.Kill(workers(t, cmd.Process.Pid)[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.figures(addr, `runs_total{outcome="ok"} 20`, `runs_total{outcome="error"} 20`, `partitions_held 64`, `workers 2`,
		`workers_replaced_total{reason="died"} 1`, `lanes_parked 1`)
}

// figures waits until an executor shows these.
func (s *system) figures(addr string, want ...string) {
	s.Helper()
	missing, page := want, ""
	for deadline := time.Now().Add(20 * time.Second); ; {
		res, err := http.Get("http://" + addr + "/metrics")
		if err == nil {
			data, _ := io.ReadAll(res.Body)
			res.Body.Close()
			page = string(data)
			missing = nil
			for _, line := range want {
				if !strings.Contains(page, "\nantiraid_executor_"+line+"\n") {
					missing = append(missing, line)
				}
			}
		}
		if len(missing) == 0 {
			return
		}
		if time.Now().After(deadline) {
			s.Fatalf("not shown: %q; shown is\n%s", missing, page)
		}
		pause(s.T, 50*time.Millisecond)
	}
}
