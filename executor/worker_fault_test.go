package executor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// breaker counts events; one whose content is not x breaks the process as that says, see internal/library/faulty.go.
const breaker = `
local kv = require "@antiraid/kv"
return { events = { MESSAGE_CREATE = function(ctx, event)
  local n = (kv.get("n") or 0) + 1
  kv.set("n", n)
  if event.content ~= "x" then kv.get("faulty/" .. event.content) end
  return n
end } }`

func TestTheShippedProgramCannotBeBrokenByTheTestsDoors(t *testing.T) {
	door := []byte("faulty/spin")
	for tag, want := range map[string]bool{"": false, "faulty": true} {
		data, err := os.ReadFile(program(t, tag))
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(data, door); got != want {
			t.Errorf("program with tags %q contains %s: %v, want %v", tag, door, got, want)
		}
	}
}

// TestARunThatBreaksItsProcessIsGivenUp has one event that is stuck where nothing can interrupt it, eats all memory, or ends the process,
// each time it runs.
func TestARunThatBreaksItsProcessIsGivenUp(t *testing.T) {
	for how, says := range map[string]string{
		"spin": "could not be interrupted",
		"eat":  "exit status 2",
		"die":  "exit status 3",
	} {
		t.Run(how, func(t *testing.T) {
			s := newSystem(t)
			attacker := guild(t, 1)
			s.deploy(attacker, map[string]string{"a-counter": counter, "b-breaker": breaker, "c-counter": counter}, "MESSAGE_CREATE")
			s.change(attacker, func(b *bundle.Bundle) { b.Limits.Wall = 300 * time.Millisecond })
			_, out := s.start(program(t, "faulty"), "ANTIRAID_WORKERS=2", fmt.Sprint("ANTIRAID_WORKER_MEMORY=", 256<<20))
			victims := s.crowd(10)
			s.publish(attacker, "MESSAGE_CREATE", "before", `{"channel_id":"5","content":"x"}`)
			for _, template := range []string{"a-counter", "b-breaker", "c-counter"} {
				if r := victims.other(); r.Template != template || r.Outcome != run.OK || string(r.Reply) != "1" {
					t.Fatalf("before: %s ended %s with %s (%+v), want %s", r.Template, r.Outcome, r.Reply, r.Failure, template)
				}
			}
			s.publish(attacker, "MESSAGE_CREATE", "bad", fmt.Sprintf(`{"channel_id":"5","content":%q}`, how))
			s.publish(attacker, "MESSAGE_CREATE", "after", `{"channel_id":"5","content":"x"}`)
			bad := s.follow(victims, "a-counter 2", "b-breaker quarantined", "c-counter 2", "a-counter 3", "b-breaker 2", "c-counter 3")
			if u := bad.Usage; u.Instructions < 20 || u.KVOps < 2 || u.Memory == 0 || u.Wall == 0 {
				t.Errorf("the record of the run says that it had used %+v", u)
			}
			d := out.deaths(t, strikes.Out)
			if allowed := time.Second + 2*d.first; d.n != strikes.Out || d.worst > allowed {
				t.Errorf("%d workers ended and a place was empty for %v, want %d and at most %v", d.n, d.worst, strikes.Out, allowed)
			}
			slowest := victims.stop()
			t.Logf("%d events of others in order, the slowest took %v; a place was empty for at most %v", victims.events, slowest, d.worst)
			if slowest > 10*time.Second { // a suspect is run alone twice, each time for its wall clock and 2 s
				t.Errorf("a victim's event took %v, want at most 10 s", slowest)
			}
			if n := strings.Count(out.String(), says); n < strikes.Out {
				t.Errorf("the supervisor says %q %d times, want %d times", says, n, strikes.Out)
			}
			s.wantStrikes(blame.Run{Tenant: attacker, Seq: bad.Seq, Template: "b-breaker"}, strikes.Out)
			s.wantDead("dead.g-1.b-breaker " + fmt.Sprintf(`{"channel_id":"5","content":%q}`, how))
		})
	}
}

// TestATemplateThatBreaksItsProcessesIsPaused has the processes end that count how often a template fails. A good run ends that count too.
func TestATemplateThatBreaksItsProcessesIsPaused(t *testing.T) {
	s := newSystem(t)
	pauses := make(chan api.PauseRequest, 10)
	go s.bus.Serve(t.Context(), subject.CallPause, 1, func(_ context.Context, data []byte) (any, error) {
		var r api.PauseRequest
		err := json.Unmarshal(data, &r)
		pauses <- r
		return api.PauseReply{}, err
	})
	id := guild(t, 1)
	s.deploy(id, map[string]string{"breaker": breaker}, "MESSAGE_CREATE")
	s.change(id, func(b *bundle.Bundle) { b.PauseAfter = 2 })
	_, out := s.start(program(t, "faulty"), "ANTIRAID_WORKERS=2")
	events := []struct {
		content string
		outcome run.Outcome
	}{{"die", run.Quarantined}, {"x", run.OK}, {"die", run.Quarantined}, {"die", run.Quarantined}, {"die", run.Paused}, {"x", run.Paused}}
	for n, e := range events {
		s.publish(id, "MESSAGE_CREATE", fmt.Sprint("m", n), fmt.Sprintf(`{"content":%q}`, e.content))
	}
	for n, e := range events {
		if r, _ := s.within(20*time.Second, fmt.Sprint("m", n)); r.Outcome != e.outcome {
			t.Errorf("event %d ended with %s %+v, want %s", n, r.Outcome, r.Failure, e.outcome)
		}
	}
	if d := out.deaths(t, 3*strikes.Out); d.n != 3*strikes.Out {
		t.Errorf("%d workers ended, want %d", d.n, 3*strikes.Out)
	}
	if len(pauses) != 1 {
		t.Fatalf("%d requests to pause, want 1", len(pauses))
	}
	if p := <-pauses; p.Tenant != id || p.Template != "breaker" || !strings.HasPrefix(p.Reason, "2 runs in a row failed, the last with: its process ended 3 times") {
		t.Errorf("asked to pause %+v", p)
	}
}

// follow checks the records that are not the crowd's, each as its template and its reply or outcome, and returns the first that failed.
func (s *system) follow(c *crowd, want ...string) (failed *run.Record) {
	s.Helper()
	for _, w := range want {
		r := c.other()
		got := r.Template + " " + string(r.Reply)
		if r.Outcome != run.OK {
			got = r.Template + " " + string(r.Outcome)
			failed = r
		}
		if got != w {
			s.Fatalf("record %s: %q (%+v), want %q", r.Run, got, r.Failure, w)
		}
	}
	return failed
}

func (s *system) wantStrikes(r blame.Run, want int) {
	s.Helper()
	book, err := strikes.Open(s.Context(), s.bus)
	if err != nil {
		s.Fatal(err)
	}
	struck, err := book.Of(s.Context(), r.Tenant.Partition())
	if err != nil || struck[r].N != want {
		s.Errorf("%+v has %d strikes (%v), want %d", r, struck[r].N, err, want)
	}
}

func (s *system) wantDead(want ...string) {
	s.Helper()
	var dead []string
	err := s.bus.ReadAll(s.Context(), bus.Reading{Stream: subject.Dead, Subjects: []string{subject.AllDead}}, func(m *bus.Message) error {
		dead = append(dead, m.Subject+" "+string(m.Data))
		return nil
	})
	if err != nil || !slices.Equal(dead, want) {
		s.Errorf("dead letters %q, %v; want %q", dead, err, want)
	}
}

// deaths is what a supervisor's log says of workers that ended.
type deaths struct {
	n     int           // how many
	empty int           // places that no worker has taken yet
	worst time.Duration // from the end of a worker until the next one in its place was ready to work
	first time.Duration // how long the very first worker took to be ready: what this machine can do now
}

// deaths waits until n workers have ended and all places are taken again.
func (l *log) deaths(t *testing.T, n int) deaths {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		d := readDeaths(l.String())
		if d.n >= n && d.empty == 0 {
			return d
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d workers ended within 20 s and %d places are empty, want %d and none", d.n, d.empty, n)
		}
	}
}

func readDeaths(log string) (d deaths) {
	var began time.Time
	empty := map[string]time.Time{}
	for line := range strings.Lines(log) {
		var l struct {
			Time        time.Time
			Msg, Worker string
		}
		_, rest, _ := strings.Cut(line, `{"time":`) // another worker's traceback may stand before it
		if json.Unmarshal([]byte(`{"time":`+rest), &l) != nil {
			continue
		}
		if began.IsZero() {
			began = l.Time
		}
		since, gone := empty[l.Worker]
		switch {
		case l.Msg == "worker is replaced":
			d.n++
			if !gone {
				empty[l.Worker] = l.Time
			}
		case l.Msg == "joined group" && gone:
			d.worst = max(d.worst, l.Time.Sub(since))
			delete(empty, l.Worker)
		case l.Msg == "joined group" && d.first == 0:
			d.first = l.Time.Sub(began)
		}
	}
	d.empty = len(empty)
	return d
}

// crowd is tenants with steady traffic, whose counts must be right whatever happens to others.
type crowd struct {
	s      *system
	others chan *run.Record // of other tenants' runs
	forced chan *run.Record // of other tenants' versions that are in force
	probes chan *run.Record // of templates named probe
	quit   chan struct{}
	done   chan struct{}

	events  int
	slowest time.Duration
}

// crowd starts the traffic: every tenant an event each 50 ms.
func (s *system) crowd(tenants int) *crowd {
	s.Helper()
	ids := make([]tenant.ID, tenants)
	for i := range ids {
		ids[i] = guild(s.T, 1000+i)
		s.deploy(ids[i], map[string]string{"counter": counter}, "MESSAGE_CREATE")
	}
	c := &crowd{s: s, others: make(chan *run.Record, 1000), forced: make(chan *run.Record, 1000), probes: make(chan *run.Record, 1000), quit: make(chan struct{}), done: make(chan struct{})}
	go c.run(ids)
	s.Cleanup(func() { <-c.done })
	return c
}

func (c *crowd) run(ids []tenant.ID) {
	defer close(c.done)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	quit := c.quit
	seen, sent := map[tenant.ID]int{}, map[string]time.Time{}
	for round := 1; quit != nil || len(sent) > 0; {
		select {
		case <-c.s.Context().Done(): // the test has failed
			return
		case <-quit:
			quit = nil
		case <-tick.C:
			if quit == nil {
				continue
			}
			for _, id := range ids {
				name := fmt.Sprint(id, ".", round)
				sent[name] = time.Now()
				c.s.publishUntilStored(id, "MESSAGE_CREATE", name, `{"channel_id":"5","content":"x"}`)
			}
			round++
		case r := <-c.s.records:
			switch {
			case !slices.Contains(ids, r.Tenant) && r.Template == "_bundle":
				c.forced <- r
			case r.Template == "probe":
				c.probes <- r
			case !slices.Contains(ids, r.Tenant):
				c.others <- r
			case r.Template == "_bundle":
			default:
				seen[r.Tenant]++
				if want := fmt.Sprint(seen[r.Tenant]); r.Outcome != run.OK || string(r.Reply) != want || r.Event != fmt.Sprint(r.Tenant, ".", want) {
					c.s.Errorf("%s: run %s counted %s, want %s (%s %+v)", r.Tenant, r.Event, r.Reply, want, r.Outcome, r.Failure)
				}
				c.events++
				c.slowest = max(c.slowest, time.Since(sent[r.Event]))
				delete(sent, r.Event)
			}
		case <-time.After(20 * time.Second):
			c.s.Errorf("%d events of the crowd had no record within 20 s", len(sent))
			return
		}
	}
}

// other is the next record of a tenant that is not one of the crowd.
func (c *crowd) other() *run.Record {
	c.s.Helper()
	return next(c.s, "run record", c.others)
}

// stop ends the traffic, waits for the last record and returns how long the slowest event took.
func (c *crowd) stop() time.Duration {
	close(c.quit)
	<-c.done
	return c.slowest
}
