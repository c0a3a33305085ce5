package executor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// replay replays a tenant's events of the last hour and returns what would have become of them.
func (s *system) replay(id tenant.ID) (records []*run.Record) {
	s.Helper()
	inbox := s.replaying(id)
	for {
		data, err := inbox.Next(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		var f api.ReplayFrame
		if err := json.Unmarshal(data, &f); err != nil || f.Error != "" {
			s.Fatal(err, f.Error)
		}
		if f.End != nil {
			if f.End.Runs != len(records) {
				s.Errorf("replayed %+v, with %d records", f.End, len(records))
			}
			return records
		}
		if !f.Record.Dry {
			s.Errorf("a replay ran %+v", f.Record)
		}
		records = append(records, f.Record)
	}
}

// replaying begins a replay and returns where its steps arrive.
func (s *system) replaying(id tenant.ID) interface {
	Next(context.Context) ([]byte, error)
} {
	s.Helper()
	inbox, err := s.bus.Inbox()
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { inbox.Close() })
	request, err := json.Marshal(api.ReplayRequest{Tenant: id, Since: time.Now().Add(-time.Hour), Inbox: inbox.Address})
	if err != nil {
		s.Fatal(err)
	}
	if err := s.bus.Send(subject.CallReplay, request); err != nil {
		s.Fatal(err)
	}
	return inbox
}

func TestAReplayShowsWhatWouldBeDoneAndDoesNothing(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	s.executor("one")
	for i := range 3 {
		s.publish(id, "MESSAGE_CREATE", fmt.Sprint("m", i), `{"channel_id":"55","content":"x"}`)
		s.record()
	}
	records := s.replay(id)
	if len(records) != 3 {
		t.Errorf("%d runs, want 3", len(records))
	}
	for i, r := range records {
		if string(r.Reply) != fmt.Sprint(4+i) || len(r.Effects) != 1 || r.Usage.Instructions == 0 {
			t.Errorf("run %d: %+v", i, r)
		}
	}
	s.publish(id, "MESSAGE_CREATE", "m3", `{"channel_id":"55","content":"x"}`)
	if r := s.record(); string(r.Reply) != "4" {
		t.Errorf("after the replay the count is %s, want 4", r.Reply)
	}
}

// TestAReplayThatBreaksItsProcessHarmsNobody replays an event with a template that is stuck in it where nothing can interrupt it.
func TestAReplayThatBreaksItsProcessHarmsNobody(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"a": counter}, "MESSAGE_CREATE")
	_, out := s.start(program(t, "faulty"), "ANTIRAID_WORKERS=1")
	s.publish(id, "MESSAGE_CREATE", "spin", `{"channel_id":"5","content":"spin"}`)
	before := s.record()
	s.deploy(id, map[string]string{"a": breaker}, "MESSAGE_CREATE")
	s.change(id, func(b *bundle.Bundle) { b.Limits.Wall = 300 * time.Millisecond })
	s.publish(id, "MESSAGE_CREATE", "between", `{"channel_id":"5","content":"x"}`)
	s.record()
	s.replaying(id)
	if d := out.deaths(t, 1); d.n != 1 {
		t.Errorf("%d workers ended, want 1", d.n)
	}
	if log := out.String(); !strings.Contains(log, "could not be interrupted") || !strings.Contains(log, "template was being tried when its process ended") {
		t.Error("the supervisor does not say what its worker ended of")
	}
	s.wantStrikes(blame.Run{Tenant: id, Seq: before.Seq, Template: "a"}, 0)
	s.publish(id, "MESSAGE_CREATE", "after", `{"channel_id":"5","content":"x"}`)
	if r := s.record(); r.Event == before.Event || r.Outcome != run.OK || r.Attempt != 1 {
		t.Errorf("the next run: %+v", r)
	}
}

// TestWhatIsDeployedIsLoadedWithinTheBudgets asks what templates declare, small ones, large ones and such that never end.
func TestWhatIsDeployedIsLoadedWithinTheBudgets(t *testing.T) {
	s := newSystem(t)
	s.deploy(guild(t, 7), map[string]string{"a": counter}, "MESSAGE_CREATE")
	s.executor("one")
	s.publish(guild(t, 7), "MESSAGE_CREATE", "first", `{"channel_id":"5"}`)
	s.record() // somebody is there
	const table = ` return { events = { READY = function() return #t end } }`
	for text, want := range map[string]api.InspectReply{
		`t = ("x"):rep(1000)` + table:                                     {Events: []string{"READY"}},
		`t = {} for i = 1, 8 do t[i] = ("x"):rep(1e6) .. i end` + table:   {Events: []string{"READY"}},
		`t = {} for i = 1, 1e6 do t[i] = ("x"):rep(1e6) .. i end` + table: {Failure: &run.Failure{Budget: "memory"}},
		`while true do end`: {Failure: &run.Failure{Budget: "instructions"}},
		`t = ` + table:      {Failure: &run.Failure{Line: 1}},
		`require "@antiraid/kv".set("a", 1)` + table: {Failure: &run.Failure{Line: 1}},
	} {
		var got api.InspectReply
		files := bundle.Revision{bundle.Entry: text}
		if err := s.bus.Call(t.Context(), subject.CallInspect, api.InspectRequest{Template: "tried", Files: files}, &got); err != nil {
			t.Fatal(err)
		}
		switch {
		case want.Failure == nil:
			if got.Failure != nil || len(got.Events) != 1 || got.Events[0] != want.Events[0] {
				t.Errorf("%.60s: %+v %+v", text, got, got.Failure)
			}
		case got.Failure == nil || got.Failure.Budget != want.Failure.Budget || got.Failure.Line != 1 || len(got.Events) > 0:
			t.Errorf("%.60s: %+v %+v, want %+v", text, got, got.Failure, want.Failure)
		}
	}
}

// TestADeployIsLoadedWithinTheLimitsOfItsTenant loads a template that needs 9 million instructions or so, or 8 MB, within limits of its own.
func TestADeployIsLoadedWithinTheLimitsOfItsTenant(t *testing.T) {
	s := newSystem(t)
	s.deploy(guild(t, 7), map[string]string{"a": counter}, "MESSAGE_CREATE")
	s.executor("one")
	s.publish(guild(t, 7), "MESSAGE_CREATE", "first", `{"channel_id":"5"}`)
	s.record() // somebody is there
	const (
		long  = `for i = 1, 9e6 do end return { events = {} }`
		large = `t = {} for i = 1, 8 do t[i] = ("x"):rep(1e6) .. i end return { events = {} }`
	)
	for _, tc := range []struct {
		text   string
		limits run.Limits
		budget string
		limit  int64
	}{
		{long, run.Limits{}, "instructions", 5_000_000},
		{long, run.Limits{Instructions: 40_000_000, Wall: 10 * time.Second}, "", 0},
		{large, run.Limits{Instructions: 40_000_000}, "", 0}, // what is not set is the default
		{large, run.Limits{Memory: 4 << 20}, "memory", 4 << 20},
	} {
		var got api.InspectReply
		req := api.InspectRequest{Template: "tried", Files: bundle.Revision{bundle.Entry: tc.text}, Limits: tc.limits}
		if err := s.bus.Call(t.Context(), subject.CallInspect, req, &got); err != nil {
			t.Fatal(err)
		}
		f := got.Failure
		if f == nil {
			f = &run.Failure{}
		}
		if f.Budget != tc.budget || f.Limit != tc.limit || got.Failure != nil && tc.budget == "" {
			t.Errorf("%.30s within %+v: %+v; want %q of %d spent", tc.text, tc.limits, got.Failure, tc.budget, tc.limit)
		}
	}
}
