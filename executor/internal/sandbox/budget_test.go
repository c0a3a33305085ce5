package sandbox

import (
	"strings"
	"testing"
	"time"

	"antiraid/shared/effect"
	"antiraid/shared/run"
)

// Every budget ends the run with its name, its limit and the line, whatever the script catches.
func TestBudgets(t *testing.T) {
	const doors = `local kv, discord, log = require "@antiraid/kv", require "@antiraid/discord", require "@antiraid/log" `
	for name, test := range map[string]struct {
		limit   func(l *run.Limits)
		body    string
		limitIs int64
	}{
		"instructions": {func(l *run.Limits) { l.Instructions = 5000 }, `while true do pcall(function() while true do end end) end`, 5000},
		"wall":         {func(l *run.Limits) { l.Instructions, l.Wall = 1e12, 30*time.Millisecond }, `while true do pcall(function() while true do end end) end`, 3e7},
		"memory":       {func(l *run.Limits) { l.Memory = 1 << 20 }, `local t = {} while true do pcall(function() while true do t[#t + 1] = { #t } end end) end`, 1 << 20},
		"kv_ops":       {func(l *run.Limits) { l.KVOps = 3 }, `while true do pcall(kv.get, "x") end`, 3},
		"kv_bytes":     {func(l *run.Limits) { l.KVBytes = 100 }, `while true do pcall(kv.set, "k", ("x"):rep(30)) end`, 100},
		"value_bytes":  {func(l *run.Limits) { l.ValueBytes = 50 }, `while true do pcall(kv.set, "k", { ("x"):rep(60) }) end`, 50},
		"key_bytes":    {func(l *run.Limits) { l.KeyBytes = 10 }, `while true do pcall(kv.get, ("k"):rep(11)) end`, 10},
		"depth":        {func(l *run.Limits) { l.Depth = 3 }, `while true do pcall(kv.set, "k", { { { {} } } }) end`, 3},
		"effects":      {func(l *run.Limits) { l.Effects = 2 }, `while true do pcall(discord.ban, { user_id = "1" }) end`, 2},
		"log_lines":    {func(l *run.Limits) { l.LogLines = 5 }, `while true do pcall(log.info, "x") end`, 5},
		"log_bytes":    {func(l *run.Limits) { l.LogBytes = 100 }, `while true do pcall(print, ("x"):rep(30)) end`, 100},
		"coroutines":   {func(l *run.Limits) { l.Coroutines = 4 }, `local t = {} while true do pcall(function() t[#t + 1] = coroutine.create(print) end) end`, 4},
	} {
		t.Run(name, func(t *testing.T) {
			res := runBody(t, doors+"\n"+test.body, func(in *Input) { test.limit(&in.Limits) })
			f := res.Failure
			if f == nil || f.Budget != name || f.Limit != test.limitIs {
				t.Fatalf("%+v %v", f, res.Err)
			}
			if f.File != "init.lua" || f.Line != 2 || f.Column == 0 || f.Source != test.body || !strings.Contains(f.Traceback, "init.lua:2") {
				t.Errorf("place: %+v", f)
			}
			want := run.Budget
			if name == "wall" {
				want = run.Timeout
			}
			if f.Outcome() != want {
				t.Errorf("outcome %s", f.Outcome())
			}
			if res.Usage.Instructions == 0 {
				t.Errorf("usage %+v", res.Usage)
			}
		})
	}
}

// A run inside its budgets says what it used.
func TestUsage(t *testing.T) {
	res := runBody(t, `local kv, discord = require "@antiraid/kv", require "@antiraid/discord" kv.set("k", "four") kv.get("k") discord.ban{user_id="1"} print("line")
for i = 1, 3 do coroutine.wrap(function() end)() end
local one, two, t = coroutine.create(print), coroutine.create(print), {}
for i = 1, 1000 do t[i] = {} end`, nil)
	u := res.Usage
	if u.Coroutines != 2 || u.Memory < 100<<10 || u.Memory > 400<<10 {
		t.Errorf("%d coroutines and %d KiB, want 2 and what a thousand tables are", u.Coroutines, u.Memory>>10)
	}
	if res.Failure != nil || u.Instructions < 20 || u.Wall <= 0 || u.KVOps != 2 || u.KVBytes != int64(len(`k"four"`)) || u.Effects != 1 || u.LogLines != 1 || u.LogBytes != 4 {
		t.Errorf("%+v %+v", u, res.Failure)
	}
}

// The count belongs to the script and its input: it is the same in every run, with coroutines, errors and all.
func TestCountIsExact(t *testing.T) {
	loop := func(n string) int64 {
		t.Helper()
		res := runBody(t, "for i = 1, "+n+" do end", nil)
		if res.Failure != nil {
			t.Fatal(res.Failure)
		}
		return res.Usage.Instructions
	}
	if a, b, c := loop("1000"), loop("2000"), loop("101000"); b-a != 1000 || c-a != 100_000 {
		t.Errorf("loops of 1000, 2000 and 101000 cost %d, %d, %d", a, b, c)
	}
	const all = `
local t, json = {}, require "@antiraid/json"
for i = 1, 300 do t["k" .. i] = { i, ("x"):rep(i) } end
for k, v in pairs(t) do k:gsub("%d", function(d) return d + 1 end) end
local co = coroutine.wrap(function() for i = 1, 100 do coroutine.yield(i) pcall(error, "x") end end)
for i = 1, 100 do co() end
table.sort({ 5, 3, 1, 4 }, function(a, b) return a < b end)
json.decode(json.encode(t)) string.format("%5.2f %s", 1.5, tostring(event)) math.random()
loadstring("local a = 1 return function() return a end")()()
for i = 1, 20000 do local s = ("x"):rep(5000) end
return event.author and #event.content`
	var first run.Usage
	for i := range 4 {
		res := runBody(t, all, func(in *Input) { in.Event.Payload, in.Limits.Wall = []byte(typicalPayload), time.Minute })
		if res.Failure != nil || res.Err != nil {
			t.Fatal(res.Failure, res.Err)
		}
		res.Usage.Wall = 0
		if i == 0 {
			first = res.Usage
		} else if res.Usage != first {
			t.Errorf("run %d used %+v, the first %+v", i, res.Usage, first)
		}
	}
	if first.Memory == 0 || first.Memory > 4<<20 {
		t.Errorf("a run that allocated 100 MB, and let go of them, held %d KiB", first.Memory>>10)
	}
	t.Logf("%+v", first)
}

// What a library function builds counts while nobody can reach it yet.
func TestWhatIsBeingDecodedIsWeighed(t *testing.T) {
	many := "[" + strings.Repeat("{},", 100_000) + "{}]"
	for body, payload := range map[string]string{
		`local t = json.decode("[" .. ("{},"):rep(200000) .. "{}]") return #t`:                           "",
		`local t = json.decode(("["):rep(15) .. ("1.5,"):rep(400000) .. "1" .. ("]"):rep(15)) return #t`: "",
		`local t = json.decode("[" .. ("{\"a\":1},"):rep(100000) .. "{}]") return #t`:                    "",
		`return #event.a + #event.b`: `{"a":` + many + `,"b":` + many + `}`,
	} {
		res := runBody(t, `local json = require "@antiraid/json" `+body, func(in *Input) {
			in.Limits.Memory = 8 << 20
			if payload != "" {
				in.Event.Payload = []byte(payload)
			}
		})
		if res.Failure == nil || res.Failure.Budget != "memory" || res.Usage.Memory > 9<<20 {
			t.Errorf("%s: held %d KiB of 8 MiB: %+v", body, res.Usage.Memory>>10, res.Failure)
		}
	}
}

// The first run of a machine, which loads the template, counts and draws as the next do.
func TestTheFirstRunIsAsTheNext(t *testing.T) {
	for top, body := range map[string]string{
		`pcall(print)`:        `pcall(print)`,
		`pcall(error) x = 1`:  `for i = 1, 6 do pcall(pcall, pcall, error) end`,
		`math.random()`:       `return math.random(1e9)`,
		`math.randomseed(42)`: `return { math.random(1e9), math.random(1e9) }`,
		`S = tostring({})`:    `return tostring({}) .. tostring(print) .. S`,
		`C = coroutine.wrap(function() pcall(coroutine.yield) coroutine.yield(1) end) C()`: `local n = 0 while pcall(coroutine.create, print) do n = n + 1 if n > 9 then break end end return C()`,
		`local function f(n) return n > 0 and 1 + f(n - 1) or 0 end F = f f(900)`:          `F(900) local t = {} for i = 1, 50000 do t[i % 100 + 1] = {} end`,
		`T = {} for i = 1, 9000 do T[i] = {} end`:                                          `for i = 1, 9000 do T[i] = { i } end`,
	} {
		v := newVM(t, top+` return { events = { MESSAGE_CREATE = function() `+body+` end } }`)
		var first Result
		for i := range 3 {
			res := v.Run(t.Context(), input(t, typicalPayload, &world{}))
			if res.Failure != nil || res.Err != nil {
				t.Fatal(top, res.Failure, res.Err)
			}
			res.Usage.Wall = 0
			if i == 0 {
				first = res
			} else if res.Usage != first.Usage || string(res.Reply) != string(first.Reply) {
				t.Errorf("%s; %s: run %d used %+v and gave %s, the first %+v and %s", top, body, i, res.Usage, res.Reply, first.Usage, first.Reply)
			}
		}
	}
}

// A budget that is just enough is enough, and one less is not.
func TestLimitIsExact(t *testing.T) {
	for _, body := range []string{
		`for i = 1, 3000 do end`,
		`local co = coroutine.wrap(function() for i = 1, 3000 do coroutine.yield() end end) for i = 1, 3000 do co() end`,
		`pcall(function() for i = 1, 3000 do local s = ("x"):rep(2000) end end)`,
	} {
		used := runBody(t, body, nil).Usage.Instructions
		res := runBody(t, body, func(in *Input) { in.Limits.Instructions = used })
		if res.Failure != nil || res.Usage.Instructions != used {
			t.Errorf("%s: %d of %d used: %+v", body, res.Usage.Instructions, used, res.Failure)
		}
		res = runBody(t, body, func(in *Input) { in.Limits.Instructions = used - 1 })
		if res.Failure == nil || res.Failure.Budget != "instructions" {
			t.Errorf("%s: %d of %d were enough", body, used-1, used)
		}
	}
}

// What a run draws is the event's and the template's: a replay draws the same, another event something else.
func TestRandomIsReplayed(t *testing.T) {
	draw := func(event string) string {
		return string(runBody(t, `return { math.random(1e9), math.random(1e9) }`, func(in *Input) { in.Event.ID = event }).Reply)
	}
	if draw("a") != draw("a") || draw("a") == draw("b") {
		t.Errorf("%s %s %s", draw("a"), draw("a"), draw("b"))
	}
}

func TestDeclare(t *testing.T) {
	for _, test := range []struct{ source, events, capabilities, failure string }{
		{`return { events = { B = print, A = function() end }, capabilities = { "kv:*", "discord:ban", "kv:*" } }`, "A B", "discord:ban kv:*", ""},
		{`return { events = {} }`, "", "", ""},
		{`return setmetatable({ events = {} }, { __index = error })`, "", "", ""},
		{``, "", "", "the template returns nil; it must return a table such as"},
		{`return 5`, "", "", "the template returns a number; it must return a table"},
		{`return {}`, "", "", "events is nil; it must be a table from event types to functions"},
		{`return { events = 5 }`, "", "", "events is a number"},
		{`return { events = {}, evnts = {} }`, "", "", `the template's table has the field "evnts", which is not known`},
		{`return { events = {}, 5 }`, "", "", "the template's table has items"},
		{`return { events = {}, [0] = 5 }`, "", "", `the template's table has the field "0"`},
		{`return { events = { print } }`, "", "", "events has a key that is no text"},
		{`return { events = { message = print } }`, "", "", `events has a handler for "message", which is no event type`},
		{`return { events = { A = 5 } }`, "", "", "the handler for A is a number; it must be a function(ctx, event)"},
		{`return { events = {}, capabilities = "kv:*" }`, "", "", "capabilities must be a list of texts"},
		{`return { events = {}, capabilities = { kv = true } }`, "", "", "capabilities must be a list of texts"},
		{`return { events = {}, capabilities = { 5 } }`, "", "", "item 1 of capabilities is a number"},
		{`return { events = {}, capabilities = { "everything" } }`, "", "", `capability "everything" is not <module>:<operation>`},
		{`error("at the top")`, "", "", "at the top"},
		{`while true do end`, "", "", "used more than 5000000 instructions"},
		{`local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end`, "", "", "used more than 33554432 bytes of memory"},
		{`coroutine.yield()`, "", "", "attempt to yield from outside a coroutine"},
	} {
		d, res := compile(t, test.source).Declare(t.Context(), Input{Limits: run.DefaultLimits()})
		usage, failure := res.Usage, res.Failure
		switch {
		case test.failure == "" && failure != nil:
			t.Errorf("%s: %+v", test.source, failure)
		case test.failure != "" && (failure == nil || !strings.Contains(failure.Message, test.failure) || failure.File != "init.lua"):
			t.Errorf("%s: %+v, want %s", test.source, failure, test.failure)
		case strings.Join(d.Events, " ") != test.events || strings.Join(d.Capabilities, " ") != test.capabilities:
			t.Errorf("%s: %+v", test.source, d)
		case usage.Instructions == 0:
			t.Errorf("%s: usage %+v", test.source, usage)
		}
	}
}

// A machine that failed in any way is thrown away; one that did not may go on.
func TestUsable(t *testing.T) {
	for body, want := range map[string]bool{
		`return 1`: true, `x = 1`: true, `pcall(error, "x")`: true, `error("x")`: false, `while true do end`: false, `require "@antiraid/kv".get("x")`: true,
	} {
		v := newVM(t, "return { events = { MESSAGE_CREATE = function() "+body+" end } }")
		v.Run(t.Context(), input(t, `{}`, &world{answer: effect.Result{}}))
		if v.Usable() != want {
			t.Errorf("%s: usable is %v", body, v.Usable())
		}
	}
}

// Everything a run can hold counts, wherever it waits: a script that has more of it than the limit is ended, and one that has had it is not.
func TestWhatWaitsIsWeighed(t *testing.T) {
	const share = `local function share(n) local t = {} for i = 1, 7 do t[i] = ("x"):rep(120000 + n * 10 + i) end return t end `
	for name, body := range map[string]string{
		"in a coroutine that never begins":  `local keep = {} for n = 1, 3 do local t = share(n) keep[n] = coroutine.create(function() return t end) end`,
		"in a pcall that yielded":           `local keep = {} for n = 1, 3 do keep[n] = coroutine.wrap(function() pcall(function() local t = share(n) coroutine.yield() return t end) end) keep[n]() end`,
		"in the latest error":               `pcall(error, share(1), 0) local t = share(2) return #t`,
		"in a format":                       `local s = ("x"):rep(100000) local function nest(n) return ("%s%s"):format(s, setmetatable({}, { __tostring = function() if n > 20 then return "" end return nest(n + 1) end })) end return #nest(1)`,
		"in a print":                        `local s, o, n = ("x"):rep(100000), nil, 0 o = setmetatable({}, { __tostring = function() n = n + 1 if n < 20 then print(s, o) end return "" end }) pcall(print, s, o)`,
		"in a log":                          `local log, s, o, n = require "@antiraid/log", ("x"):rep(30000), nil, 0 o = setmetatable({}, { __tostring = function() n = n + 1 if n < 60 then log.info(s, o) end return "" end }) pcall(log.info, s, o)`,
		"in a sort":                         `local function nest(n) local t = share(n) table.sort(t, function() for i = 1, 7 do t[i] = nil end if n < 3 then nest(n + 1) end return false end) end nest(1)`,
		"in a load":                         `local piece = (" "):rep(60000) local function nest(n) local read return load(function() if not read then read = true return piece end if n > 0 then nest(n - 1) end end) end nest(40)`,
		"in a text that __concat lengthens": `local long, text = ("x"):rep(100000), "" local o = setmetatable({}, { __concat = function() return text end }) for i = 1, 40 do text = long .. "b" .. o end`,
	} {
		res := runBody(t, share+body, func(in *Input) { in.Limits.Memory = 1 << 20 })
		if res.Failure == nil || res.Failure.Budget != "memory" || res.Usage.Memory > 1<<20+8<<10 {
			t.Errorf("%s: held %d KiB of 1024: %+v", name, res.Usage.Memory>>10, res.Failure)
		}
	}
	for name, body := range map[string]string{
		"idle pcalls":      `local function fill(n) local a, b, c, d, e, f, g = unpack(share(n)) end for n = 1, 5 do pcall(fill, n) end local t = share(9)`,
		"calls that ended": `for n = 1, 5 do local t = share(n) local f = function() return #t end f() end local t = share(9)`,
		"formats":          `local s = ("x"):rep(100000) for n = 1, 50 do ("%s%d"):format(s, n) end local t = share(9)`,
		"failed sorts":     `for n = 1, 5 do pcall(table.sort, share(n), error) end pcall(error, "x") local t = share(9)`,
	} {
		if res := runBody(t, share+body, func(in *Input) { in.Limits.Memory = 1<<20 + 1<<19 }); res.Failure != nil || res.Err != nil {
			t.Errorf("%s: %+v %v", name, res.Failure, res.Err)
		}
	}
}

// What is charged before is never less than what is weighed afterwards, so no run holds more than its limit even by its own account.
func TestChargesAreNotTooLow(t *testing.T) {
	for name, body := range map[string]string{
		"text keys":     `while true do local t = {} t.a = true keep[#keep + 1] = t end`,
		"number keys":   `while true do local t = {} t[-1] = true keep[#keep + 1] = t end`,
		"table keys":    `while true do local t = {} t[t] = true keep[#keep + 1] = t end`,
		"mixed keys":    `while true do local t = {} t.a = true t[0.5] = 1 t[true] = 1 keep[#keep + 1] = t end`,
		"short lists":   `while true do local t = {} t[1] = keep keep[#keep + 1] = t end`,
		"long lists":    `while true do local t = {} for i = 1, 700 do t[i] = i end keep[#keep + 1] = t end`,
		"far elements":  `while true do local t = {} t[500] = 1 keep[#keep + 1] = t end`,
		"dead wraps":    `while true do local f = coroutine.wrap(function() end) f() keep[#keep + 1] = f end`,
		"dead errors":   `while true do local co = coroutine.create(function() local a = {} keep[#keep + 1] = function() return a end error("x") end) coroutine.resume(co) end`,
		"pcalls":        `while true do pcall(function() local a = {} keep[#keep + 1] = function() return a end end) end`,
		"iterators":     `while true do keep[#keep + 1] = ("ab"):gmatch("a") end`,
		"copied events": `while true do local e = {} for k, v in pairs(event) do e[k] = v end keep[#keep + 1] = e end`,
	} {
		res := runBody(t, "local keep = {} "+body, func(in *Input) {
			in.Event.Payload = []byte(typicalPayload)
			in.Limits.Memory, in.Limits.Instructions, in.Limits.Wall = 4<<20, 1e9, time.Minute
		})
		if res.Failure == nil || res.Failure.Budget != "memory" || res.Usage.Memory > 4<<20+8<<10 {
			t.Errorf("%s: held %d KiB of 4096: %+v", name, res.Usage.Memory>>10, res.Failure)
		}
	}
}
