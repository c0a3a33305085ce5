package executor_test

import (
	"fmt"
	"testing"
	"time"

	"antiraid/executor"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// TestATenantIsTakenOutWhileItsLaneRuns suspends and deletes a tenant whose lane is deep, most of it left in the stream, in the middle of a run.
func TestATenantIsTakenOutWhileItsLaneRuns(t *testing.T) {
	for _, status := range []bundle.Status{bundle.Suspended, bundle.Deleted} {
		t.Run(string(status), func(t *testing.T) {
			s := newSystem(t)
			id := guild(t, 1)
			s.deploy(id, map[string]string{"bystander": bystander}, "MESSAGE_CREATE")
			s.change(id, func(b *bundle.Bundle) { b.Limits.Wall = time.Minute })
			effects := s.discord()
			s.executor("one", func(c *executor.Config) { c.LaneDepth = 16 })
			others := s.crowd(10)
			for range 2 {
				next(s, "version in force", others.forced)
			}
			const before, all = 5, 300
			for i := range all {
				s.publish(id, "MESSAGE_CREATE", fmt.Sprint("m", i+1), `{}`)
			}
			for i := range before {
				effects.answer(effects.next())
				if r := others.other(); r.Outcome != run.OK || string(r.Reply) != fmt.Sprint(i+1) {
					t.Fatalf("event %d: %+v, failure %+v", i+1, r, r.Failure)
				}
			}
			underWay := effects.next()

			out := s.changeQuietly(id, func(b *bundle.Bundle) { b.Status = status })
			s.waitForWatch(others, id)
			s.publish(id, "MESSAGE_CREATE", "between", `{}`)
			last := s.change(id, func(*bundle.Bundle) {})
			effects.answer(underWay)
			if r := others.other(); r.Outcome != run.OK || string(r.Reply) != fmt.Sprint(before+1) || r.Bundle != out-1 {
				t.Errorf("the run that was under way: %+v, failure %+v; want it to end with the version it began with", r, r.Failure)
			}
			for next(s, "version in force", others.forced).Bundle != last { // its announcement is behind all the lane's events
			}
			if len(others.others)+len(effects.asked) > 0 {
				t.Fatalf("%d more runs ended and %d more began", len(others.others), len(effects.asked))
			}

			s.change(id, func(b *bundle.Bundle) { b.Status = bundle.Active })
			s.publish(id, "MESSAGE_CREATE", "again", `{}`)
			effects.answer(effects.next())
			if r := others.other(); r.Event != "again" || string(r.Reply) != fmt.Sprint(before+2) {
				t.Errorf("the first run after the return: %+v, failure %+v; want event again to find the state as it was", r, r.Failure)
			}
			slowest := others.stop()
			t.Logf("%d events of others in order, the slowest took %v", others.events, slowest)
		})
	}
}

// waitForWatch returns when executors know every bundle of the tenant's partition: a tenant that is new there, and was not announced, runs.
func (s *system) waitForWatch(c *crowd, id tenant.ID) {
	s.Helper()
	n := 100_000
	for guild(s.T, n).Partition() != id.Partition() {
		n++
	}
	late := guild(s.T, n)
	s.changeQuietly(late, s.templates(map[string]string{"probe": counter}, "MESSAGE_CREATE"))
	for i := range 400 {
		s.publish(late, "MESSAGE_CREATE", fmt.Sprint("probe", i), `{"channel_id":"5","content":"x"}`)
		select {
		case <-c.probes:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.Fatal("the watch of bundles did not come within 20 s")
}

// TestALostBundleStopsNobody removes the record of what a tenant has, which only an accident does: the tenant keeps what it had.
func TestALostBundleStopsNobody(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 1)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	s.executor("one")
	others := s.crowd(1)
	for i := range 20 {
		if i == 5 {
			if err := s.bundles.Delete(t.Context(), subject.TenantKey(id), 0); err != nil {
				t.Fatal(err)
			}
			s.waitForWatch(others, id)
		}
		s.publish(id, "MESSAGE_CREATE", fmt.Sprint("m", i+1), `{"channel_id":"5","content":"x"}`)
		if r := others.other(); r.Outcome != run.OK || string(r.Reply) != fmt.Sprint(i+1) {
			t.Fatalf("event %d: %+v, failure %+v", i+1, r, r.Failure)
		}
	}
	others.stop()
}
