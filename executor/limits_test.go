package executor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/executor"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// measure says how large the event was, after how many others.
const measure = `
local kv = require "@antiraid/kv"
return { events = { MESSAGE_CREATE = function(ctx, event)
  local n = (kv.get("n") or 0) + 1
  kv.set("n", n)
  return n .. " " .. #event.content
end } }`

// payload is a JSON object of exactly so many bytes.
func payload(size int) string {
	const frame = `{"content":""}`
	return `{"content":"` + strings.Repeat("x", size-len(frame)) + `"}`
}

// TestTheLargestEventsRun has a backlog of the largest events, of which a worker may hold two and which is more than its memory.
func TestTheLargestEventsRun(t *testing.T) {
	s := newSystem(t)
	const tenants, each = 5, 60
	for n := range tenants {
		s.deploy(guild(t, n+1), map[string]string{"measure": measure}, "MESSAGE_CREATE")
	}
	large := payload(event.MaxPayload)
	for i := range each {
		for n := range tenants {
			id := guild(t, n+1)
			s.publish(id, "MESSAGE_CREATE", fmt.Sprint(id, ".", i+1), large)
		}
	}
	_, out := s.start(program(t, ""), "ANTIRAID_WORKERS=1", fmt.Sprint("ANTIRAID_WORKER_MEMORY=", 256<<20), fmt.Sprint("ANTIRAID_VM_BYTES=", 32<<20), fmt.Sprint("ANTIRAID_LANE_BYTES=", 2<<20))
	seen := map[tenant.ID]int{}
	for range tenants * each {
		r := s.record()
		seen[r.Tenant]++
		if want := fmt.Sprintf(`"%d %d"`, seen[r.Tenant], event.MaxPayload-len(payload(14))); string(r.Reply) != want {
			t.Errorf("run %s returned %s, want %s (%+v)", r.Run, r.Reply, want, r.Failure)
		}
	}
	for _, bad := range []string{"worker ended", "out of memory", "connection lost"} {
		if n := strings.Count(out.String(), bad); n > 0 {
			t.Errorf("the log says %d times %q", n, bad)
		}
	}
	if _, err := s.bus.PublishEvent(t.Context(), guild(t, 1), "MESSAGE_CREATE", "over", []byte(payload(event.MaxPayload+1))); err == nil {
		t.Error("an event over the limit was published")
	}
}

// waiting has runs that last as long as they may: nobody answers them.
const waiting = `
local discord = require "@antiraid/discord"
return { events = { X = function(ctx, event) discord.get_member{ user_id = "1" } end } }`

// TestTenantsWithALotOfBytesDelayOnlyThemselves floods a few tenants whose runs are slow.
func TestTenantsWithALotOfBytesDelayOnlyThemselves(t *testing.T) {
	s := newSystem(t)
	const tenants = 4
	for n := range tenants {
		s.deploy(guild(t, n+1), map[string]string{"slow": waiting}, "X")
	}
	quiet := guild(t, 100)
	s.deploy(quiet, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	s.executor("one", func(c *executor.Config) { c.LaneBytes = 16 << 20 })
	large := payload(300 << 10)
	for i := range 30 {
		for n := range tenants {
			s.publish(guild(t, n+1), "X", fmt.Sprint("x", n, ".", i), large)
		}
	}
	slow := 0
	for i := range 5 {
		id := fmt.Sprint("quiet", i)
		s.publish(quiet, "MESSAGE_CREATE", id, `{"channel_id":"5","content":"x"}`)
		for r := s.record(); r.Event != id; r = s.record() {
			slow++
		}
	}
	if slow > 2*tenants {
		t.Errorf("the quiet tenant's five events ran behind %d runs of others", slow)
	}
}

// TestAnUnreadableEventOfAnySizeIsADeadLetter stores what no gateway stores: events that are no JSON, as large as the queue takes.
func TestAnUnreadableEventOfAnySizeIsADeadLetter(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 1)
	s.deploy(id, map[string]string{"measure": measure}, "MESSAGE_CREATE")
	s.executor("one")
	kept := strings.Repeat("x", event.MaxPayload)
	s.publish(id, "MESSAGE_CREATE", "at", kept)
	for _, subj := range []string{subject.Event(id, "MESSAGE_CREATE"), subject.Event(id, "MESSAGE_CREATE") + ".more"} {
		if _, err := s.bus.Publish(t.Context(), bus.Outgoing{Subject: subj, Data: []byte(strings.Repeat("x", 1<<20-64))}); err != nil {
			t.Fatal(err)
		}
	}
	s.publish(id, "MESSAGE_CREATE", "good", payload(100))
	if r := s.record(); r.Event != "good" || r.Outcome != run.OK {
		t.Fatalf("the event behind: %+v, failure %+v", r, r.Failure)
	}
	s.wantDead("dead.g-1.measure "+kept, "dead.g-1.measure "+kept)
}

// TestAStateValueOverItsLimitFailsTheRun has the default limits.
func TestAStateValueOverItsLimitFailsTheRun(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 1)
	limit := run.DefaultLimits().ValueBytes
	s.deploy(id, map[string]string{"keeper": `
local kv = require "@antiraid/kv"
return { events = { MESSAGE_CREATE = function(ctx, event)
  local before = kv.get("before")
  kv.set("before", event.content:sub(1, 3))
  pcall(kv.set, "value", event.content)
  return before
end } }`}, "MESSAGE_CREATE")
	s.executor("one")
	large := func(first string, size int) string { // the value is the content in quotes
		return `{"content":"` + first + strings.Repeat("x", size-2-len(first)) + `"}`
	}
	s.publish(id, "MESSAGE_CREATE", "at", large("one", int(limit)))
	s.publish(id, "MESSAGE_CREATE", "over", large("two", int(limit)+10))
	s.publish(id, "MESSAGE_CREATE", "again", large("six", 10))
	if r := s.record(); r.Outcome != run.OK || len(r.Writes) != 2 {
		t.Errorf("a value at the limit: %s %+v", r.Outcome, r.Failure)
	}
	if r := s.record(); r.Outcome != run.Budget || r.Failure.Budget != "value_bytes" || r.Failure.Limit != limit || r.Failure.Line != 6 || len(r.Writes) != 0 {
		t.Errorf("a value over the limit: %s %+v, %d writes", r.Outcome, r.Failure, len(r.Writes))
	}
	if r := s.record(); string(r.Reply) != `"one"` {
		t.Errorf("afterwards the state is %s (%+v), want what the first run left", r.Reply, r.Failure)
	}
}

// budgets has for each budget a limit, and a body that goes over it and not over the default.
var budgets = map[string]struct {
	set  func(l *run.Limits)
	is   int64
	body string
}{
	"instructions": {func(l *run.Limits) { l.Instructions = 5000 }, 5000, `for i = 1, 1e5 do end`},
	"wall":         {func(l *run.Limits) { l.Wall = time.Millisecond }, 1e6, `for i = 1, 1e6 do end`},
	"memory":       {func(l *run.Limits) { l.Memory = 1 << 20 }, 1 << 20, `local t = {} for i = 1, 4 do t[i] = ("x"):rep(5e5) .. i end`},
	"kv_ops":       {func(l *run.Limits) { l.KVOps = 5 }, 5, `for i = 1, 10 do kv.get("x") end`},
	"kv_bytes":     {func(l *run.Limits) { l.KVBytes = 100 }, 100, `kv.set("k", ("x"):rep(120))`},
	"value_bytes":  {func(l *run.Limits) { l.ValueBytes = 50 }, 50, `kv.set("k", ("x"):rep(60))`},
	"key_bytes":    {func(l *run.Limits) { l.KeyBytes = 10 }, 10, `kv.get(("k"):rep(11))`},
	"depth":        {func(l *run.Limits) { l.Depth = 3 }, 3, `kv.set("k", { { { {} } } })`},
	"effects":      {func(l *run.Limits) { l.Effects = 2 }, 2, `for i = 1, 3 do discord.ban{ user_id = "1" } end`},
	"log_lines":    {func(l *run.Limits) { l.LogLines = 5 }, 5, `for i = 1, 6 do print("x") end`},
	"log_bytes":    {func(l *run.Limits) { l.LogBytes = 100 }, 100, `for i = 1, 4 do print(("x"):rep(30)) end`},
	"coroutines": {func(l *run.Limits) { l.Coroutines = 4 }, 4,
		`local t = {} for i = 1, 5 do t[i] = coroutine.create(function() coroutine.yield() end) coroutine.resume(t[i]) end`},
}

// TestBudgetsAreTheTenants runs each body with the default limits, with a lower one in the tenant's bundle, and with the default again.
func TestBudgetsAreTheTenants(t *testing.T) {
	s := newSystem(t)
	s.executor("one")
	n := 0
	for budget, test := range budgets {
		n++
		id := guild(t, n)
		t.Run(budget, func(t *testing.T) {
			s.deploy(id, map[string]string{"t": `
local kv, discord = require "@antiraid/kv", require "@antiraid/discord"
return { events = { X = function(ctx, event)
  local n = (kv.get("n") or 0) + 1
  kv.set("n", n)
  ` + test.body + `
  return n
end } }`}, "X")
			s.publish(id, "X", fmt.Sprint(id, ".1"), `{}`)
			if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "1" {
				t.Fatalf("with the default: %s %s %+v", r.Outcome, r.Reply, r.Failure)
			}
			s.change(id, func(b *bundle.Bundle) { test.set(&b.Limits) })
			s.publish(id, "X", fmt.Sprint(id, ".2"), `{}`)
			want := run.Budget
			if budget == "wall" {
				want = run.Timeout
			}
			r := s.record()
			if r.Outcome != want || r.Failure.Budget != budget || r.Failure.Limit != test.is || r.Failure.Line == 0 || len(r.Writes)+len(r.Effects) > 0 {
				t.Errorf("with a limit of %d: %s %+v, %d writes, %d effects", test.is, r.Outcome, r.Failure, len(r.Writes), len(r.Effects))
			}
			s.change(id, func(b *bundle.Bundle) { b.Limits = run.Limits{} })
			s.publish(id, "X", fmt.Sprint(id, ".3"), `{}`)
			if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "2" {
				t.Errorf("with the default again: %s %s %+v", r.Outcome, r.Reply, r.Failure)
			}
		})
	}
}

// TestAFailingTemplateIsPausedAfterAsManyRunsAsTheBundleSays has no dispatcher: the test answers for it.
func TestAFailingTemplateIsPausedAfterAsManyRunsAsTheBundleSays(t *testing.T) {
	s := newSystem(t)
	s.executor("one")
	pauses := make(chan api.PauseRequest, 10)
	go s.bus.Serve(t.Context(), subject.CallPause, 1, func(_ context.Context, data []byte) (any, error) {
		var r api.PauseRequest
		err := json.Unmarshal(data, &r)
		pauses <- r
		return api.PauseReply{}, err
	})
	for after, want := range map[int]int{3: 3, -1: 60, 0: 50} {
		id := guild(t, 10+after) // its last version is announced behind its events
		s.deploy(id, map[string]string{"broken": `return { events = { X = function() error("always") end } }`, "fine": `return { events = { X = function() end } }`}, "X")
		s.change(id, func(b *bundle.Bundle) { b.PauseAfter = after })
		for i := range 60 {
			s.publish(id, "X", fmt.Sprint(id, ".", i+1), `{}`)
		}
		runs, passed := 0, 0
		s.change(id, func(*bundle.Bundle) {})
		for r := range s.records {
			switch {
			case r.Template == "broken" && r.Outcome == run.Paused:
				passed++
			case r.Template == "broken":
				runs++
			}
			if r.Event == fmt.Sprint("startup.", id, ".3") {
				break
			}
		}
		if runs != want || passed != 60-want || len(pauses) != min(1, 60/(want+1)) {
			t.Errorf("pause_after %d: %d runs, %d passed and %d requests to pause, want %d runs of 60", after, runs, passed, len(pauses), want)
		}
		for len(pauses) > 0 {
			if p := <-pauses; p.Tenant != id || p.Template != "broken" || !strings.Contains(p.Reason, fmt.Sprint(want, " runs in a row")) {
				t.Errorf("asked to pause %+v", p)
			}
		}
	}
}

// TestThousandsOfTenantsAppearAtOnce deploys to new tenants while workers with little memory run, and publishes an event to each at once.
func TestThousandsOfTenantsAppearAtOnce(t *testing.T) {
	s := newSystem(t)
	const tenants = 5000
	templates := s.templates(map[string]string{"counter": counter}, "MESSAGE_CREATE")
	cmd, out := s.start(program(t, ""), "ANTIRAID_WORKERS=2", fmt.Sprint("ANTIRAID_WORKER_MEMORY=", 256<<20), fmt.Sprint("ANTIRAID_VM_BYTES=", 32<<20))
	s.deploy(guild(t, tenants+1), map[string]string{"counter": counter}, "MESSAGE_CREATE")
	s.publish(guild(t, tenants+1), "MESSAGE_CREATE", "first", `{"channel_id":"5","content":"x"}`)
	s.record() // the workers are there
	before := resident(t, cmd.Process.Pid)

	var bundles errgroup.Group
	bundles.SetLimit(16)
	for n := range tenants {
		id := guild(t, n+1)
		b := s.next(id, templates)
		bundles.Go(func() error {
			data, err := json.Marshal(b)
			if err == nil {
				_, err = s.bundles.Put(t.Context(), subject.TenantKey(id), data)
			}
			return err
		})
	}
	if err := bundles.Wait(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for n := range tenants {
		id := guild(t, n+1)
		startup, _ := json.Marshal(event.StartupPayload{Version: 1, Reason: "deploy"})
		_, err := s.bus.PublishAsync(bus.EventMessage(id, event.Startup, fmt.Sprint("startup.", id), startup))
		if err != nil {
			t.Fatal(err)
		}
		last, err := s.bus.PublishAsync(bus.EventMessage(id, "MESSAGE_CREATE", fmt.Sprint(id), []byte(`{"channel_id":"5","content":"x"}`)))
		if err == nil && n%200 == 199 {
			_, err = last.Wait(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	published := time.Since(start)
	seen := map[tenant.ID]bool{}
	for len(seen) < tenants {
		r := s.record()
		if r.Outcome != run.OK || string(r.Reply) != "1" || seen[r.Tenant] {
			t.Fatalf("%s: %s %s %+v, seen before: %v", r.Tenant, r.Outcome, r.Reply, r.Failure, seen[r.Tenant])
		}
		seen[r.Tenant] = true
	}
	after := resident(t, cmd.Process.Pid)
	t.Logf("%d tenants appeared within %v; all had run after %v; the workers held %d MiB before and %d MiB after",
		tenants, published, time.Since(start), before>>20, after>>20)
	if d := readDeaths(out.String()); d.n > 0 {
		t.Errorf("%d workers ended", d.n)
	}
}

// resident is how much memory a supervisor's workers hold, in bytes.
func resident(t *testing.T, supervisor int) (total int64) {
	t.Helper()
	for _, pid := range workers(t, supervisor) {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		var size, pages int64
		if _, err2 := fmt.Sscan(string(data), &size, &pages); err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		total += pages * int64(os.Getpagesize())
	}
	return total
}
