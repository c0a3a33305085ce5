package executor_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// awaitWorkers waits until a supervisor has n workers, none of which is one of those.
func (s *system) awaitWorkers(supervisor *exec.Cmd, n int, but ...int) []int {
	s.Helper()
	for began := time.Now(); ; pause(s.T, 10*time.Millisecond) {
		now := slices.DeleteFunc(workers(s.T, supervisor.Process.Pid), zombie)
		if len(now) == n && !slices.ContainsFunc(now, func(pid int) bool { return slices.Contains(but, pid) }) {
			return now
		}
		if time.Since(began) > 15*time.Second {
			s.Fatalf("the supervisor has workers %v, want %d without %v", now, n, but)
		}
	}
}

func (s *system) kill(pid int, sig syscall.Signal) {
	s.Helper()
	if err := syscall.Kill(pid, sig); err != nil {
		s.Fatal(err)
	}
}

// TestAWorkerIsReplacedWhateverIsMissing takes from a supervisor what its first workers were started with.
func TestAWorkerIsReplacedWhateverIsMissing(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, supervisor int, program, tmp string) (back func()){
		"the program's file": func(t *testing.T, _ int, program, _ string) func() {
			os.Remove(program)
			return func() {}
		},
		"TMPDIR": func(t *testing.T, _ int, _, tmp string) func() {
			os.RemoveAll(tmp)
			return func() {}
		},
		"files for a second": func(t *testing.T, supervisor int, _, _ string) func() {
			limit(t, supervisor, 3)
			return func() { limit(t, supervisor, 1024) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t)
			id := guild(t, 7)
			s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
			shipped, err := os.ReadFile(program(t, ""))
			if err != nil {
				t.Fatal(err)
			}
			file, tmp := filepath.Join(t.TempDir(), "executor"), t.TempDir()
			if err := os.WriteFile(file, shipped, 0o755); err != nil {
				t.Fatal(err)
			}
			supervisor, out := s.start(file, "ANTIRAID_WORKERS=2", "TMPDIR="+tmp)
			s.publish(id, "MESSAGE_CREATE", "m1", `{"channel_id":"5","content":"x"}`)
			s.record()
			old := s.awaitWorkers(supervisor, 2)
			back := take(t, supervisor.Process.Pid, file, tmp)
			s.kill(old[0], syscall.SIGKILL)
			if name == "files for a second" {
				for began := time.Now(); !strings.Contains(out.String(), "tried again"); pause(t, 10*time.Millisecond) {
					if time.Since(began) > 10*time.Second {
						t.Fatal("the supervisor does not say that it has no file left")
					}
				}
			}
			back()
			s.awaitWorkers(supervisor, 2, old[0])
			if zombie(old[1]) || syscall.Kill(old[1], 0) != nil {
				t.Error("the other worker ended")
			}
			s.publish(id, "MESSAGE_CREATE", "m2", `{"channel_id":"5","content":"x"}`)
			if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
				t.Errorf("the record of the next run: %+v", r)
			}
		})
	}
}

// limit is how many files a process may have open.
func limit(t *testing.T, pid int, files uint64) {
	t.Helper()
	var now unix.Rlimit
	err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &now)
	if err == nil {
		now.Cur = files
		err = unix.Prlimit(pid, unix.RLIMIT_NOFILE, &now, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestASignalToAllProcessesLetsRunsFinish is Ctrl-C in a terminal, and how systemd stops a unit: each process gets the signal, and the workers
// get their supervisor's besides.
func TestASignalToAllProcessesLetsRunsFinish(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 1)
	s.deploy(id, map[string]string{"long": `
local kv, discord = require "@antiraid/kv", require "@antiraid/discord"
return { events = { MESSAGE_CREATE = function()
  discord.get_member{ user_id = "1" }
  for i = 1, 5000000 do end
  kv.set("n", (kv.get("n") or 0) + 1)
  return kv.get("n")
end } }`}, "MESSAGE_CREATE")
	s.change(id, func(b *bundle.Bundle) { b.Limits.Wall, b.Limits.Instructions = time.Minute, 1_000_000_000 })
	effects := s.discord()
	supervisor, out := s.start(program(t, ""), "ANTIRAID_WORKERS=2", "ANTIRAID_DRAIN=30s")
	s.publish(id, "MESSAGE_CREATE", "m1", `{}`)
	effects.answer(effects.next())
	all := append([]int{supervisor.Process.Pid}, s.awaitWorkers(supervisor, 2)...)
	for _, pid := range all {
		s.kill(pid, syscall.SIGTERM)
	}
	if err := supervisor.Wait(); err != nil {
		t.Errorf("the supervisor ended with %v", err)
	}
	if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "1" || r.Attempt > 1 {
		t.Errorf("the run's record: %+v, failure %+v", r, r.Failure)
	}
	if strings.Contains(out.String(), "worker is replaced") {
		t.Error("a worker that was told to stop was taken for dead")
	}
}

// TestASecondSignalEndsAllAtOnce does not wait for a run that nobody answers.
func TestASecondSignalEndsAllAtOnce(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 1)
	s.deploy(id, map[string]string{"bystander": bystander}, "MESSAGE_CREATE")
	s.change(id, func(b *bundle.Bundle) { b.Limits.Wall = time.Minute })
	effects := s.discord()
	supervisor, _ := s.start(program(t, ""), "ANTIRAID_WORKERS=1", "ANTIRAID_DRAIN=1m")
	s.publish(id, "MESSAGE_CREATE", "m1", `{}`)
	effects.next()
	worker := s.awaitWorkers(supervisor, 1)[0]
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		supervisor.Wait()
	}()
	tick, late := time.NewTicker(100*time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for signals := 0; ; {
		select {
		case <-tick.C:
			supervisor.Process.Signal(os.Interrupt)
			signals++
			continue
		case <-late:
			t.Fatalf("the supervisor outlived %d signals", signals)
		case <-ended:
		}
		break
	}
	for began := time.Now(); syscall.Kill(worker, 0) == nil && !zombie(worker); pause(t, 10*time.Millisecond) {
		if time.Since(began) > 5*time.Second {
			t.Fatal("the worker outlived its supervisor")
		}
	}
}

// fill writes until there is no room.
func fill(t *testing.T, pipe *os.File) {
	t.Helper()
	fd := int(pipe.Fd())
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	for err := error(nil); err == nil; {
		_, err = syscall.Write(fd, make([]byte, 4096))
	}
	if err := syscall.SetNonblock(fd, false); err != nil { // all who have the pipe would have it like that
		t.Fatal(err)
	}
}

// TestNobodyReadsTheLog has the pipe full that all processes write to when a worker is killed.
func TestNobodyReadsTheLog(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	supervisor := exec.Command(program(t, ""))
	supervisor.Env = append(os.Environ(), "ANTIRAID_NATS_URL="+s.url, "ANTIRAID_NAME=x", "ANTIRAID_WORKERS=2")
	supervisor.Stdout, supervisor.Stderr = w, w
	if err := supervisor.Start(); err != nil {
		t.Fatal(err)
	}
	s.publish(id, "MESSAGE_CREATE", "m1", `{"channel_id":"5","content":"x"}`)
	s.record()
	old := s.awaitWorkers(supervisor, 2)
	fill(t, w)
	for _, pid := range old {
		s.kill(pid, syscall.SIGKILL)
	}
	s.awaitWorkers(supervisor, 2, old...)
	s.publish(id, "MESSAGE_CREATE", "m2", `{"channel_id":"5","content":"x"}`)
	if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
		t.Errorf("the record of the next run: %+v", r)
	}
	s.kill(supervisor.Process.Pid, syscall.SIGTERM)
	if err := supervisor.Wait(); err != nil {
		t.Errorf("the supervisor ended with %v", err)
	}
}

// TestWorkersThatCannotLiveAreSeen kills each worker as soon as there is one, for longer than a worker may be away.
func TestWorkersThatCannotLiveAreSeen(t *testing.T) {
	s := newSystem(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	supervisor, out := s.start(program(t, ""), "ANTIRAID_WORKERS=2", "ANTIRAID_HEALTH_ADDR="+addr)
	await := func(status int, meanwhile func()) {
		t.Helper()
		for began := time.Now(); ; pause(t, 10*time.Millisecond) {
			meanwhile()
			got := 0
			if res, err := http.Get("http://" + addr + "/healthz"); err == nil {
				res.Body.Close()
				got = res.StatusCode
			}
			if got == status {
				return
			}
			if time.Since(began) > 20*time.Second {
				t.Fatalf("/healthz has status %d, want %d", got, status)
			}
		}
	}
	s.awaitWorkers(supervisor, 2)
	await(http.StatusServiceUnavailable, func() {
		for _, pid := range workers(t, supervisor.Process.Pid) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	if n := strings.Count(out.String(), "worker is replaced"); n > 14 {
		t.Errorf("two workers died %d times within some seconds, want at most 14 times", n)
	}
	await(http.StatusOK, func() {})
}
