package executor_test

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// TestAStoppedProcessDoesNotSayThatItsRunFailed has a worker stopped in the middle of a run for longer than the run may take and its lease
// lives. When it goes on it finds the run's time over; but that is its own fault, and no longer its to say.
func TestAStoppedProcessDoesNotSayThatItsRunFailed(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 1)
	s.deploy(id, map[string]string{"bystander": bystander}, "MESSAGE_CREATE")
	effects := s.discord()
	supervisor, out := s.process(1)
	s.publish(id, "MESSAGE_CREATE", "m1", `{}`)
	waits := effects.next()
	worker := workers(t, supervisor.Process.Pid)[0]
	signal := func(pid int, sig syscall.Signal) {
		if err := syscall.Kill(pid, sig); err != nil {
			t.Fatal(err)
		}
	}
	signal(supervisor.Process.Pid, syscall.SIGSTOP) // it would end the worker
	defer signal(supervisor.Process.Pid, syscall.SIGCONT)
	signal(worker, syscall.SIGSTOP)

	s.executor("two")
	effects.askedFor(waits, 2)
	signal(worker, syscall.SIGCONT)
	for began := time.Now(); !strings.Contains(out.String(), "not a member"); pause(t, 10*time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatal("the worker does not notice that it lost its lease")
		}
	}
	effects.answer(waits)
	if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "1" {
		t.Errorf("the run's record: %+v, failure %+v", r, r.Failure)
	}
	s.publish(id, "MESSAGE_CREATE", "m2", `{}`)
	effects.answer(effects.next())
	if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
		t.Errorf("the next run's record: %+v, failure %+v", r, r.Failure)
	}
	stored := 0
	err := s.bus.ReadAll(t.Context(), bus.Reading{Stream: subject.Runs, Subjects: []string{subject.TenantRuns(id)}}, func(m *bus.Message) error {
		var r run.Record
		err := json.Unmarshal(m.Data, &r)
		if r.Template == "bystander" {
			stored++
		}
		return err
	})
	if err != nil || stored != 2 {
		t.Errorf("%d records are stored, %v; want 2", stored, err)
	}
}
