package sandbox

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/effect"
	"antiraid/shared/event"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// world is a host in memory.
type world struct {
	state   map[string]json.RawMessage
	effects []string
	answer  effect.Result
	err     error
}

func (w *world) Get(_ context.Context, key string) (json.RawMessage, error) {
	return w.state[key], w.err
}

func (w *world) Set(_ context.Context, key string, value json.RawMessage) error {
	if w.state == nil {
		w.state = map[string]json.RawMessage{}
	}
	w.state[key] = value
	return w.err
}

func (w *world) Delete(_ context.Context, key string) error {
	delete(w.state, key)
	return w.err
}

func (w *world) List(_ context.Context, prefix string, limit int, _ func()) ([]string, int, error) {
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(w.state)), func(k string) bool { return !strings.HasPrefix(k, prefix) })
	return keys[:min(limit, len(keys))], len(w.state), w.err
}

func (w *world) Do(_ context.Context, op string, args json.RawMessage, _ bool) (effect.Result, error) {
	w.effects = append(w.effects, op+string(args))
	return w.answer, w.err
}

// refusal is what Discord answers when it does not want to.
var refusal = effect.Result{Status: 403, Body: json.RawMessage(`{"message":"Missing Permissions","code":50013}`)}

func compile(t testing.TB, source string) *Program {
	t.Helper()
	p, failure := Compile("test", bundle.Revision{bundle.Entry: source})
	if failure != nil {
		t.Fatalf("compile: %+v", failure)
	}
	return p
}

func input(_ testing.TB, payload string, host Host) Input {
	guild, err := tenant.New(tenant.Guild, 81384788765712384)
	if err != nil {
		panic(err)
	}
	return Input{
		Event:    event.Event{ID: "e1", Seq: 7, Tenant: guild, Type: "MESSAGE_CREATE", Time: time.UnixMilli(1700000000123), Payload: []byte(payload)},
		Bundle:   3,
		Template: "test",
		Limits:   run.DefaultLimits(),
		Granted:  []string{"discord:*", "kv:*"},
		Host:     host,
	}
}

func newVM(t testing.TB, source string) *VM {
	t.Helper()
	v, err := New(compile(t, source))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDesignExample(t *testing.T) {
	v := newVM(t, `
local discord = require "@antiraid/discord"
local kv      = require "@antiraid/kv"
return {
  capabilities = { "discord:create_message", "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.content ~= "!count" then return end
      local n = (kv.get("count") or 0) + 1
      kv.set("count", n)
      discord.create_message{ channel_id = event.channel_id, content = "count " .. n }
    end,
  },
}`)
	w := &world{}
	for range 2 {
		if res := v.Run(t.Context(), input(t, `{"content":"!count","channel_id":"5"}`, w)); res.Failure != nil || res.Err != nil {
			t.Fatalf("%+v %v", res.Failure, res.Err)
		}
	}
	if string(w.state["count"]) != "2" {
		t.Errorf("count is %s", w.state["count"])
	}
	if len(w.effects) != 2 || !strings.Contains(w.effects[1], `"count 2"`) {
		t.Errorf("effects: %q", w.effects)
	}
}
