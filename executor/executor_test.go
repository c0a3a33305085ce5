package executor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/executor"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/run"
	"antiraid/shared/service"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// system is a NATS server with executors on it; bundles are written as the dispatcher would.
type system struct {
	*testing.T
	url            string
	bus            *bus.Bus
	bundles, blobs *kv.Bucket
	now            map[tenant.ID]bundle.Bundle // what each tenant has
	records        chan *run.Record
}

func newSystem(t *testing.T) *system { return systemOn(t, natstest.Start(t)) }

func systemOn(t *testing.T, url string) *system {
	t.Helper()
	s := &system{T: t, url: url, now: map[tenant.ID]bundle.Bundle{}, records: make(chan *run.Record, 10_000)}
	s.bus = natstest.Connect(t, s.url)
	var err error
	if s.bundles, err = kv.Open(t.Context(), s.bus, subject.Bundles); err != nil {
		t.Fatal(err)
	}
	if s.blobs, err = kv.Open(t.Context(), s.bus, subject.Blobs); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.bus.Read(ctx, bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}}, func(m *bus.Message) error {
			var r run.Record
			err := json.Unmarshal(m.Data, &r)
			s.records <- &r
			return err
		})
	}()
	t.Cleanup(func() { stop(); <-done })
	return s
}

// executor starts one more executor, with other settings if need be, and returns how to stop it.
func (s *system) executor(name string, settings ...func(*executor.Config)) (stop func()) {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	cfg := executor.Config{Common: service.Common{NATSURL: s.url}, Name: name}
	for _, set := range settings {
		set(&cfg)
	}
	log := slog.New(slog.NewTextHandler(s.Output(), nil))
	go func() { done <- executor.Run(ctx, cfg, log) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			s.Errorf("executor %s ended with %v", name, err)
		}
		done <- nil
	}
	s.Cleanup(stop)
	return stop
}

// deploy makes the named sources the tenant's templates and announces the version.
func (s *system) deploy(id tenant.ID, templates map[string]string, events ...string) uint64 {
	s.Helper()
	return s.change(id, s.templates(templates, events...))
}

// templates stores sources and returns the change of a bundle that makes them its templates.
func (s *system) templates(sources map[string]string, events ...string) func(b *bundle.Bundle) {
	s.Helper()
	slices.Sort(events)
	var templates []bundle.Template
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		data, key, err := bundle.Revision{"init.lua": sources[name]}.Encode()
		if err != nil {
			s.Fatal(err)
		}
		if _, err := s.blobs.Put(s.Context(), key, data); err != nil {
			s.Fatal(err)
		}
		templates = append(templates, bundle.Template{Name: name, Revision: key, Events: events, Capabilities: []string{"discord:*", "kv:*"}})
	}
	return func(b *bundle.Bundle) { b.Templates = templates }
}

// change makes a new version of what the tenant has and announces it.
func (s *system) change(id tenant.ID, fn func(b *bundle.Bundle)) uint64 {
	s.Helper()
	version := s.changeQuietly(id, fn)
	startup, _ := json.Marshal(event.StartupPayload{Version: version, Reason: "deploy"})
	s.publish(id, event.Startup, fmt.Sprint("startup.", id, ".", version), string(startup))
	return version
}

// changeQuietly is change without the announcement: executors learn of the version by their watch alone.
func (s *system) changeQuietly(id tenant.ID, fn func(b *bundle.Bundle)) uint64 {
	s.Helper()
	b := s.next(id, fn)
	data, err := json.Marshal(b)
	if err != nil {
		s.Fatal(err)
	}
	if _, err := s.bundles.Put(s.Context(), subject.TenantKey(id), data); err != nil {
		s.Fatal(err)
	}
	return b.Version
}

// next is a new version of what the tenant has.
func (s *system) next(id tenant.ID, fn func(b *bundle.Bundle)) *bundle.Bundle {
	s.Helper()
	b, known := s.now[id]
	if !known {
		b = bundle.Bundle{Schema: bundle.Schema, Tenant: id, Status: bundle.Active}
	}
	b.Version++
	b.Updated = time.Now()
	fn(&b)
	if err := b.Check(); err != nil {
		s.Fatal(err)
	}
	s.now[id] = b
	return &b
}

func (s *system) publish(id tenant.ID, typ, msgID, payload string) {
	s.Helper()
	if _, err := s.bus.PublishEvent(s.Context(), id, typ, msgID, []byte(payload)); err != nil {
		s.Fatal(err)
	}
}

// publishUntilStored publishes as a gateway does: with the same message id until it is acknowledged.
func (s *system) publishUntilStored(id tenant.ID, typ, msgID, payload string) {
	for {
		_, err := s.bus.PublishEvent(s.Context(), id, typ, msgID, []byte(payload))
		if err == nil || s.Context().Err() != nil {
			return
		}
	}
}

// record waits for the next run record that is not about a bundle.
func (s *system) record() *run.Record {
	s.Helper()
	for {
		select {
		case r := <-s.records:
			if r.Template != "_bundle" {
				return r
			}
		case <-time.After(20 * time.Second):
			s.Fatal("no run record came within 20 s")
		}
	}
}

func guild(t *testing.T, n int) tenant.ID {
	t.Helper()
	id, err := tenant.New(tenant.Guild, uint64(n))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

const counter = `
local kv = require "@antiraid/kv"
local discord = require "@antiraid/discord"
return {
  capabilities = { "kv:*", "discord:create_message" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local n = (kv.get("n") or 0) + 1
      kv.set("n", n)
      kv.set("last", event.content)
      discord.create_message{ channel_id = event.channel_id, content = "count " .. n }
      return n
    end,
  },
}`

func TestAnEventBecomesARunWithStateAndEffects(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	s.executor("one")
	for i := range 3 {
		s.publish(id, "TYPING_START", fmt.Sprint("t", i), `{}`)
		s.publish(id, "MESSAGE_CREATE", fmt.Sprint("m", i), fmt.Sprintf(`{"channel_id":"55","content":"hello %d"}`, i))
		r := s.record()
		if r.Outcome != run.OK || r.Event != fmt.Sprint("m", i) || string(r.Reply) != fmt.Sprint(i+1) || r.Bundle != 1 || len(r.Writes) != 2 {
			t.Fatalf("run record %+v, failure %+v", r, r.Failure)
		}
		if len(r.Effects) != 1 || r.Effects[0].Op != "create_message" || !strings.Contains(string(r.Effects[0].Args), fmt.Sprint("count ", i+1)) {
			t.Errorf("effects %+v", r.Effects)
		}
	}
}

func TestEventsGoOnInOrderWhenExecutorsComeAndGo(t *testing.T) {
	s := newSystem(t)
	const tenants, each = 20, 30
	for n := range tenants {
		s.deploy(guild(t, n+1), map[string]string{"counter": counter}, "MESSAGE_CREATE")
	}
	stop := s.executor("one")
	seen := map[tenant.ID]int{}
	collect := func(n int) {
		t.Helper()
		for range n {
			r := s.record()
			seen[r.Tenant]++
			if want := fmt.Sprint(seen[r.Tenant]); r.Outcome != run.OK || string(r.Reply) != want || r.Event != fmt.Sprint(r.Tenant, ".", want) {
				t.Fatalf("%s: run %s counted %s, want %s (%s %+v)", r.Tenant, r.Event, r.Reply, want, r.Outcome, r.Failure)
			}
		}
	}
	for i := range each {
		for n := range tenants {
			id := guild(t, n+1)
			s.publish(id, "MESSAGE_CREATE", fmt.Sprint(id, ".", i+1), `{"channel_id":"5","content":"x"}`)
		}
		switch i {
		case 5:
			s.executor("two")
		case 10:
			s.executor("three")
		case 15:
			stop()
		}
		collect(tenants)
	}
}

func TestADeployIsInForceForEveryEventBehindIt(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.executor("one")
	template := func(version int) string {
		return fmt.Sprintf(`local log = require "@antiraid/log"
return { events = { X = function(ctx, event) log.info("v%d") return %d end } }`, version, version)
	}
	for v := 1; v <= 20; v++ {
		s.deploy(id, map[string]string{"t": template(v)}, "X")
		s.publish(id, "X", fmt.Sprint("x", v), `{}`)
		if r := s.record(); string(r.Reply) != fmt.Sprint(v) || r.Bundle != uint64(v) {
			t.Fatalf("event behind deploy %d ran with bundle %d and returned %s (%+v)", v, r.Bundle, r.Reply, r.Failure)
		}
	}
}

func TestBadEventsAndBadScriptsStopNobody(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	s.deploy(id, map[string]string{
		"a-broken": `return { events = { MESSAGE_CREATE = function(ctx, event) local x = nil; return x.y end } }`,
		"counter":  counter,
	}, "MESSAGE_CREATE")
	s.executor("one")
	s.publish(id, "MESSAGE_CREATE", "bad", `{"content": `)
	s.publish(id, "MESSAGE_CREATE", "good", `{"channel_id":"5","content":"x"}`)
	if r := s.record(); r.Template != "a-broken" || r.Event != "good" || r.Outcome != run.Error || r.Failure.Line != 1 || len(r.Writes) != 0 {
		t.Errorf("the broken template's record: %+v, failure %+v", r, r.Failure)
	}
	if r := s.record(); r.Template != "counter" || r.Event != "good" || r.Outcome != run.OK {
		t.Errorf("the good template's record: %+v, failure %+v", r, r.Failure)
	}
	var dead []string
	err := s.bus.ReadAll(t.Context(), bus.Reading{Stream: subject.Dead, Subjects: []string{subject.AllDead}}, func(m *bus.Message) error {
		dead = append(dead, m.Subject+" "+string(m.Data))
		return nil
	})
	want := []string{`dead.g-7.a-broken {"content": `, `dead.g-7.counter {"content": `}
	if err != nil || !slices.Equal(dead, want) {
		t.Errorf("dead letters %q, %v; want %q", dead, err, want)
	}
}
