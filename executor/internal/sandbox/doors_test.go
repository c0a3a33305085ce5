package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/shared/effect"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

func runBody(t *testing.T, body string, change func(in *Input)) Result {
	t.Helper()
	v := newVM(t, "return { events = { MESSAGE_CREATE = function(ctx, event) "+body+"\nend } }")
	in := input(t, `{"content":"x"}`, &world{})
	if change != nil {
		change(&in)
	}
	return v.Run(t.Context(), in)
}

func TestEveryDoorNeedsItsCapability(t *testing.T) {
	for call, capability := range map[string]string{
		`kv.get("x")`: "kv:get", `kv.set("x", 1)`: "kv:set", `kv.delete("x")`: "kv:delete", `kv.list()`: "kv:list",
		`discord.ban{user_id="1"}`: "discord:ban", `discord.get_member{user_id="1"}`: "discord:get_member",
		`discord.create_message{channel_id="1"}`: "discord:create_message", `discord.add_role{}`: "discord:add_role",
	} {
		body := `local kv, discord = require "@antiraid/kv", require "@antiraid/discord" pcall(function() ` + call + ` end) return "went on"`
		w := &world{}
		res := runBody(t, body, func(in *Input) { in.Granted, in.Host = []string{"kv:other", "discord:other"}, w })
		if res.Failure == nil || res.Failure.Denied != capability || res.Failure.Outcome() != run.Denied || !strings.Contains(res.Failure.Message, "deploy again with it granted") {
			t.Errorf("%s without its capability: %+v", call, res.Failure)
		}
		if len(w.effects)+len(w.state) > 0 {
			t.Errorf("%s went through", call)
		}
		module, _, _ := strings.Cut(capability, ":")
		for _, granted := range []string{capability, module + ":*"} {
			res = runBody(t, body, func(in *Input) { in.Granted = []string{granted}; in.Host = &world{answer: effect.Result{Status: 200}} })
			if res.Failure != nil || res.Err != nil {
				t.Errorf("%s with %s: %+v %v", call, granted, res.Failure, res.Err)
			}
		}
	}
}

func TestEffectsThatAreAwaited(t *testing.T) {
	const get = `local discord = require "@antiraid/discord" `
	for name, test := range map[string]struct {
		answer effect.Result
		body   string
		want   string
	}{
		"a read":         {effect.Result{Status: 200, Body: json.RawMessage(`{"user":{"id":"7"},"roles":["1"]}`)}, `return discord.get_member{user_id="7"}.user.id`, `"7"`},
		"waits":          {effect.Result{Status: 200, Body: json.RawMessage(`{"id":"9"}`)}, `return discord.create_message{channel_id="1", wait=true}.id`, `"9"`},
		"no body":        {effect.Result{Status: 204}, `return discord.ban{user_id="1", wait=true}`, `true`},
		"does not wait":  {refusal, `return discord.ban{user_id="1", wait=false} == nil`, `true`},
		"refused":        {refusal, `local ok, e = pcall(discord.ban, {user_id="1", wait=true}) return {ok, e.status, e.code, tostring(e), "so " .. e, e .. "!"}`, `[false,403,50013,"discord.ban: 403 Missing Permissions","so discord.ban: 403 Missing Permissions","discord.ban: 403 Missing Permissions!"]`},
		"not performed":  {effect.Result{Error: "the bot left the server"}, `local ok, e = pcall(discord.get_member, {user_id="1"}) return tostring(e)`, `"discord.get_member: the bot left the server"`},
		"odd refusal":    {effect.Result{Status: 500, Body: json.RawMessage(`<html>`)}, `local ok, e = pcall(discord.get_member, {user_id="1"}) return tostring(e)`, `"discord.get_member: 500 refused"`},
		"concat a table": {refusal, `local ok, e = pcall(discord.ban, {user_id="1", wait=true}) return select(2, pcall(function() return e .. {} end))`, `"init.lua:1: attempt to concatenate a table value"`},
	} {
		res := runBody(t, get+test.body, func(in *Input) { in.Host = &world{answer: test.answer} })
		if res.Failure != nil || res.Err != nil || string(res.Reply) != test.want {
			t.Errorf("%s: %s, want %s (%+v %v)", name, res.Reply, test.want, res.Failure, res.Err)
		}
	}
	res := runBody(t, get+`discord.ban{user_id="1", wait=true}`, func(in *Input) { in.Host = &world{answer: refusal} })
	if res.Failure == nil || res.Failure.Message != "discord.ban: 403 Missing Permissions" || res.Failure.Line != 1 || res.Failure.Column == 0 {
		t.Errorf("%+v", res.Failure)
	}
}

func TestWaitIsNoArgumentOfDiscord(t *testing.T) {
	w := &world{answer: effect.Result{Status: 200}}
	runBody(t, `require "@antiraid/discord".ban{user_id="1", wait=true, reason="x"}`, func(in *Input) { in.Host = w })
	if len(w.effects) != 1 || w.effects[0] != `ban{"user_id":"1","reason":"x"}` {
		t.Errorf("%q", w.effects)
	}
}

func TestUsersHaveNoServer(t *testing.T) {
	user, err := tenant.New(tenant.User, 5)
	if err != nil {
		t.Fatal(err)
	}
	res := runBody(t, `require "@antiraid/discord".ban{user_id="1"}`, func(in *Input) { in.Event.Tenant = user })
	if res.Failure == nil || res.Failure.Message != "discord.ban works in servers only" {
		t.Errorf("%+v", res.Failure)
	}
}

// What the host cannot do is not the script's fault, and no script can catch it.
func TestHostErrorsEndTheRun(t *testing.T) {
	broken := errors.New("the store is away")
	for _, call := range []string{`kv.get("x")`, `kv.set("x", 1)`, `kv.delete("x")`, `kv.list()`, `discord.get_member{user_id="1"}`} {
		res := runBody(t, `local kv, discord = require "@antiraid/kv", require "@antiraid/discord" pcall(function() `+call+` end)`, func(in *Input) { in.Host = &world{err: broken} })
		if !errors.Is(res.Err, broken) || res.Failure != nil {
			t.Errorf("%s: %v %+v", call, res.Err, res.Failure)
		}
	}
}

// slow waits until its context ends.
type slow struct{ world }

func (s *slow) Get(ctx context.Context, _ string) (json.RawMessage, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (s *slow) Do(ctx context.Context, _ string, _ json.RawMessage, _ bool) (effect.Result, error) {
	<-ctx.Done()
	return effect.Result{}, ctx.Err()
}

// late answers when the run's time is over.
type late struct{ world }

func (l *late) Do(ctx context.Context, _ string, _ json.RawMessage, _ bool) (effect.Result, error) {
	<-ctx.Done()
	return effect.Result{Status: 200}, nil
}

func TestWaitingCountsAsTime(t *testing.T) {
	begin := time.Now()
	res := runBody(t, `pcall(require "@antiraid/discord".get_member, { user_id = "1" })`, func(in *Input) { in.Host, in.Limits.Wall = &late{}, 50*time.Millisecond })
	if res.Failure == nil || res.Failure.Budget != "wall" || res.Failure.Outcome() != run.Timeout || time.Since(begin) > 5*time.Second {
		t.Errorf("%+v %v", res.Failure, res.Err)
	}
}

// A script asks in good faith: when it takes a run's time until its state is there, or when nobody answers at all, the run has not failed.
func TestASlowStoreIsNotTheScriptsFault(t *testing.T) {
	for _, body := range []string{
		`pcall(require "@antiraid/kv".get, "x")`, `pcall(require "@antiraid/kv".get, "x") while true do end`,
		`pcall(require "@antiraid/discord".get_member, { user_id = "1" })`,
	} {
		res := runBody(t, body, func(in *Input) { in.Host, in.Limits.Wall = &slow{}, 50*time.Millisecond })
		if res.Err == nil || res.Failure != nil || !strings.Contains(res.Err.Error(), "wait for an answer: it took") {
			t.Errorf("%s: %+v %v", body, res.Failure, res.Err)
		}
	}
}

// paced says something after each pause; in a bubble, sleeping is what passes time.
type paced struct {
	world
	pauses []time.Duration
}

func (p *paced) next(ctx context.Context) error {
	pause := p.pauses[0]
	if len(p.pauses) > 1 {
		p.pauses = p.pauses[1:]
	}
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	}
	time.Sleep(time.Microsecond) // nobody hears of anything at the very moment
	return ctx.Err()
}

func (p *paced) Get(ctx context.Context, _ string) (json.RawMessage, error) { return nil, p.next(ctx) }

func (p *paced) List(ctx context.Context, _ string, _ int, heard func()) ([]string, int, error) {
	for range 50 {
		if err := p.next(ctx); err != nil {
			return nil, 0, err
		}
		heard()
	}
	return nil, 50, nil
}

// A store that is silent is an excuse, one that is asked often is not: else a script that does that would be repeated for ever.
func TestAskingOftenIsTheScriptsOwnTime(t *testing.T) {
	const get, list = `while true do require "@antiraid/kv".get("x") end`, `while true do require "@antiraid/kv".list() end`
	for name, test := range map[string]struct {
		body    string
		pauses  []time.Duration
		excused bool
	}{
		"many answers":                  {get, []time.Duration{10 * time.Millisecond}, false},
		"answers that are a bit slow":   {get, []time.Duration{200 * time.Millisecond}, false},
		"answers that are very slow":    {get, []time.Duration{700 * time.Millisecond}, true},
		"silence, then many answers":    {get, []time.Duration{1900 * time.Millisecond, 10 * time.Millisecond}, true},
		"silence at the end":            {get, []time.Duration{300 * time.Millisecond, time.Hour}, true},
		"silence that is too short":     {get, []time.Duration{900 * time.Millisecond, 10 * time.Millisecond}, false},
		"a list that is long":           {list, []time.Duration{50 * time.Millisecond}, false},
		"a list that does not begin":    {list, []time.Duration{1900 * time.Millisecond, 10 * time.Millisecond}, true},
		"a list that comes to a stop":   {list, []time.Duration{10 * time.Millisecond, time.Hour}, true},
		"a cut-off list of many breaks": {list, []time.Duration{300 * time.Millisecond}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				res := runBody(t, test.body, func(in *Input) { in.Host, in.Limits.KVOps = &paced{pauses: test.pauses}, 10_000 })
				if excused := res.Err != nil && res.Failure == nil; excused != test.excused || !excused && res.Failure.Outcome() != run.Timeout {
					t.Errorf("%+v %v", res.Failure, res.Err)
				}
			})
		})
	}
}

// Keys that are looked at are paid for, also those that are not returned.
func TestAListIsPaidFor(t *testing.T) {
	used := func(keys int) int64 {
		w := &world{}
		for n := range keys {
			w.Set(t.Context(), fmt.Sprint("k", n), json.RawMessage("1"))
		}
		res := runBody(t, `return #require "@antiraid/kv".list("none")`, func(in *Input) { in.Host = w })
		if res.Failure != nil || string(res.Reply) != "0" {
			t.Fatalf("%s %+v", res.Reply, res.Failure)
		}
		return res.Usage.Instructions
	}
	if few, many := used(0), used(1000); many-few < 30_000 {
		t.Errorf("a list of 1000 keys costs %d instructions, of none %d", many, few)
	}
}

func TestCancelledRunIsNotTheScriptsFault(t *testing.T) {
	cause := errors.New("the lease is lost")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	for _, body := range []string{`while true do end`, `require "@antiraid/kv".get("x") while true do end`} {
		v := newVM(t, "return { events = { MESSAGE_CREATE = function() "+body+" end } }")
		if res := v.Run(ctx, input(t, `{}`, &world{})); !errors.Is(res.Err, cause) || res.Failure != nil {
			t.Errorf("%s: %v %+v", body, res.Err, res.Failure)
		}
		if v.Usable() {
			t.Error("a machine that was interrupted is usable")
		}
	}
}

func TestLogLines(t *testing.T) {
	res := runBody(t, `local log = require "@antiraid/log" log.debug("a", 1, true, nil) log.warn{ a = { 1 } } print("x", 2) log.error(event)`, nil)
	want := `[{debug a 1 true nil} {warn {"a":[1]}} {info x	2} {error {"content":"x"}}]`
	if got := fmt.Sprint(res.Log); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if res.Usage.LogLines != 4 || res.Usage.LogBytes != int64(len("a 1 true nil"+`{"a":[1]}`+"x\t2"+`{"content":"x"}`)) {
		t.Errorf("%+v", res.Usage)
	}
}

func TestPayloadThatIsNoObject(t *testing.T) {
	for _, payload := range []string{"", "null", "[]", `{"a":`, `{"a":1}x`, "\xff", `"x"`, `{"a":` + strings.Repeat("[", 5000)} {
		v := newVM(t, `return { events = { MESSAGE_CREATE = function() end } }`)
		if res := v.Run(t.Context(), input(t, payload, &world{})); !errors.Is(res.Err, ErrPayload) || res.Failure != nil {
			t.Errorf("%.20q: %v %+v", payload, res.Err, res.Failure)
		}
		if !v.Usable() {
			t.Errorf("%.20q: the machine is not usable any more", payload)
		}
	}
}

func TestReply(t *testing.T) {
	for body, want := range map[string]string{
		`return`: "", `return nil`: "", `return 1`: "1", `return { a = { 1, 2 } }`: `{"a":[1,2]}`, `return event`: `{"content":"x"}`, `return false`: "false", `return 1, 2`: "1",
	} {
		if res := runBody(t, body, nil); res.Failure != nil || string(res.Reply) != want {
			t.Errorf("%s: %s, want %s (%+v)", body, res.Reply, want, res.Failure)
		}
	}
	if res := runBody(t, `return print`, nil); res.Failure == nil || !strings.Contains(res.Failure.Message, "what the handler returned cannot be a reply") {
		t.Errorf("%+v", res.Failure)
	}
}
