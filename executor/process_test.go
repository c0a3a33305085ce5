package executor_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// builds are the executor's program by build tag, each built once for all tests, in one folder.
var builds struct {
	mu   sync.Mutex
	dir  string
	done map[string]error
}

// program builds the executor's program as it is shipped, or with a build tag.
func program(t *testing.T, tag string) string {
	t.Helper()
	builds.mu.Lock()
	defer builds.mu.Unlock()
	if builds.dir == "" {
		dir, err := os.MkdirTemp("", "antiraid-executor-*")
		if err != nil {
			t.Fatal(err)
		}
		builds.dir, builds.done = dir, map[string]error{}
	}
	path := filepath.Join(builds.dir, "executor"+tag)
	err, built := builds.done[tag]
	if !built {
		build := exec.Command("go", "build", "-tags", tag, "-o", path, "./cmd/executor")
		build.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is shipped
		if out, failed := build.CombinedOutput(); failed != nil {
			err = fmt.Errorf("build the executor: %w: %s", failed, out)
		}
		builds.done[tag] = err
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if builds.dir != "" {
		os.RemoveAll(builds.dir)
	}
	os.Exit(code)
}

// log is a process's output.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// process starts a real executor with workers, stopped when the test ends.
func (s *system) process(workers int) (*exec.Cmd, *log) {
	s.Helper()
	return s.start(program(s.T, ""), fmt.Sprint("ANTIRAID_WORKERS=", workers))
}

// start is process for a program of another build, with settings.
func (s *system) start(program string, settings ...string) (*exec.Cmd, *log) {
	s.Helper()
	out := &log{}
	cmd := exec.Command(program)
	cmd.Env = append(append(os.Environ(), "ANTIRAID_NATS_URL="+s.url, "ANTIRAID_NAME=x"), settings...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if s.Failed() {
			s.Log(out.String())
		}
	})
	return cmd, out
}

// workers are the children of a supervisor.
func workers(t *testing.T, pid int) (pids []int) {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		t.Fatal(err)
	}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	data = nil
	for _, task := range tasks {
		more, _ := os.ReadFile(task)
		data = append(append(data, more...), ' ')
	}
	for _, field := range strings.Fields(string(data)) {
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, n)
	}
	return pids
}

func TestAKilledWorkerIsReplacedAndNothingIsLost(t *testing.T) {
	s := newSystem(t)
	const tenants, each = 10, 40
	for n := range tenants {
		s.deploy(guild(t, n+1), map[string]string{"counter": counter}, "MESSAGE_CREATE")
	}
	cmd, _ := s.process(2)
	seen := map[tenant.ID]int{}
	var slowest time.Duration
	for i := range each {
		start := time.Now()
		for n := range tenants {
			id := guild(t, n+1)
			s.publish(id, "MESSAGE_CREATE", fmt.Sprint(id, ".", i+1), `{"channel_id":"5","content":"x"}`)
		}
		if i%10 == 5 {
			pids := workers(t, cmd.Process.Pid)
			for began := time.Now(); len(pids) != 2; pids = workers(t, cmd.Process.Pid) {
				if time.Since(began) > 2*time.Second {
					t.Fatalf("the supervisor has workers %v, want 2", pids)
				}
			}
			if err := syscall.Kill(pids[i/10%2], syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		for range tenants {
			r := s.record()
			seen[r.Tenant]++
			if want := fmt.Sprint(seen[r.Tenant]); r.Outcome != run.OK || string(r.Reply) != want {
				t.Fatalf("%s: run %s counted %s, want %s (%s %+v)", r.Tenant, r.Event, r.Reply, want, r.Outcome, r.Failure)
			}
		}
		if i > 0 {
			slowest = max(slowest, time.Since(start))
		}
	}
	t.Logf("four workers were killed; no event took longer than %v", slowest)
	if slowest > 3*time.Second {
		t.Errorf("an event took %v while a worker was replaced, want at most 3 s", slowest)
	}
}

func TestAStoppedWorkerIsEndedAndReplaced(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	cmd, out := s.process(1)
	s.publish(id, "MESSAGE_CREATE", "m1", `{"channel_id":"5","content":"x"}`)
	s.record()
	first := readDeaths(out.String()).first
	old := workers(t, cmd.Process.Pid)
	if err := syscall.Kill(old[0], syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s.publish(id, "MESSAGE_CREATE", "m2", `{"channel_id":"5","content":"x"}`)
	if r := s.record(); string(r.Reply) != "2" {
		t.Errorf("after the replacement the count is %s (%+v)", r.Reply, r.Failure)
	}
	// 0.6 s of silence, the pause behind a worker that did not live long, and a start
	took, allowed := time.Since(began), 1200*time.Millisecond+2*first
	t.Logf("the event of the stopped worker took %v; the first worker was ready after %v", took, first)
	if took > allowed {
		t.Errorf("the event took %v, want at most %v", took, allowed)
	}
	if now := workers(t, cmd.Process.Pid); len(now) != 1 || now[0] == old[0] {
		t.Errorf("workers %v became %v", old, now)
	}
	if !strings.Contains(out.String(), "no sign of life") {
		t.Error("the supervisor does not say why")
	}
}

func TestWorkersEndWithTheirSupervisor(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	cmd, _ := s.process(2)
	s.publish(id, "MESSAGE_CREATE", "m1", `{"channel_id":"5","content":"x"}`)
	s.record()
	pids := workers(t, cmd.Process.Pid)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	deadline := time.Now().Add(10 * time.Second)
	for _, pid := range pids {
		for syscall.Kill(pid, 0) == nil && !zombie(pid) {
			if time.Now().After(deadline) {
				t.Fatalf("worker %d outlived its supervisor", pid)
			}
			select {
			case <-t.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
}

// zombie reports whether a process is dead and not yet collected.
func zombie(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(data), ") Z ")
}
