package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// mutations change something that outlives a run if nobody takes care. Each is a top level and a handler's body that says what it sees before
// it changes that.
var mutations = map[string]struct{ top, body string }{
	"nothing":                  {"", `return "same"`},
	"global":                   {"", `local before = x x = (x or 0) + 1 return tostring(before)`},
	"global by rawset":         {"", `local before = x rawset(_G, "x", 1) return tostring(before)`},
	"global by proxy":          {"", `local before = x setmetatable({}, { __newindex = _G }).x = 1 return tostring(before)`},
	"global function":          {"", `local before = tostring(print == nil) print = nil return before`},
	"metatable of globals":     {"", `local before = y setmetatable(_G, { __index = function() return "leak" end }) return tostring(before)`},
	"library table":            {"", `local before = string.leak string.leak = 1 return tostring(before)`},
	"library by insert":        {"", `local before = #math table.insert(math, 1) return before`},
	"library by proxy chain":   {"", `local before = string.leak setmetatable({}, { __newindex = setmetatable({}, { __newindex = string }) }).leak = 1 return tostring(before)`},
	"library function":         {"", `local ok = pcall(string.rep, "x", 1) string.rep = nil return ok`},
	"coroutine library":        {"", `local before = coroutine.x coroutine.x = 1 return tostring(before)`},
	"string metatable":         {"", `local before = ("x").leak getmetatable("").__index = { leak = 1 } return tostring(before)`},
	"string methods":           {"", `local before = ("x").leak getmetatable("").__index.leak = 1 return tostring(before)`},
	"string metatable meta":    {"", `local before = pcall(function() return "a" + {} end) getmetatable("").__add = function() return 1 end return before`},
	"door table":               {`local kv = require "@antiraid/kv"`, `local before = kv.leak kv.leak = 1 return tostring(before)`},
	"door table required":      {"", `local kv = require "@antiraid/log" local before = kv.leak kv.leak = 1 return tostring(before)`},
	"upvalue":                  {"local n = 0", `n = n + 1 return n`},
	"upvalue through closure":  {"local n = 0 local function inc() n = n + 1 return n end", `return inc()`},
	"upvalue of a new closure": {"local n = 0", `local f = function() n = n + 1 return n end return f()`},
	"upvalue in a coroutine":   {"local n = 0", `local co = coroutine.wrap(function() n = n + 1 coroutine.yield(n) end) return co()`},
	"upvalue in pcall":         {"local n = 0", `pcall(function() n = n + 1 error("x") end) return n`},
	"top-level table":          {"local seen = {}", `local before = #seen seen[before + 1] = event.content return before`},
	"table by insert":          {"local seen = {}", `local before = #seen table.insert(seen, 1) return before`},
	"table by sort":            {"local list = { 3, 1, 2 }", `local before = list[1] table.sort(list) return before`},
	"table by remove":          {"local list = { 3, 1, 2 }", `local before = #list table.remove(list) return before`},
	"table by rawset":          {"local list = {}", `local before = list.x rawset(list, "x", 1) return tostring(before)`},
	"table by setmetatable":    {"local list = {}", `local before = list.x setmetatable(list, { __index = { x = 1 } }) return tostring(before)`},
	"table by json.array":      {`local json = require "@antiraid/json" local list = {}`, `local before = json.encode(list) json.array(list) return before`},
	"metatable field":          {"local mt = {} local x = setmetatable({}, mt)", `local before = x.y mt.__index = { y = 1 } return tostring(before)`},
	"nested table":             {"local t = { a = { b = {} } }", `local before = t.a.b.c t.a.b.c = 1 return tostring(before)`},
	"deleted field":            {"local t = { a = 1, b = 2 }", `local before = t.a t.a = nil return tostring(before)`},
	"order of keys":            {"local t = { a = 1, b = 2, c = 3 }", `local s = "" for k in pairs(t) do s = s .. k end t.a = nil t.a = 1 t.d = 1 t.d = nil return s`},
	"table as a key":           {"local k = {} local t = { [k] = {} }", `local before = t[k].x t[k].x = 1 return tostring(before)`},
	"metamethod in Go's way":   {"local t = setmetatable({}, { __newindex = function(t, k, v) rawset(t, k, v) end })", `local before = t.x t.x = 1 return tostring(before)`},
	"coroutine":                {"local co = coroutine.wrap(function() for i = 1, 100 do coroutine.yield(i) end end)", `return co()`},
	"coroutine object":         {"local co = coroutine.create(function() for i = 1, 100 do coroutine.yield(i) end end)", `local _, n = coroutine.resume(co) return n`},
	"gmatch":                   {`local words = ("a b c d e f"):gmatch("%a")`, `return words()`},
	"event":                    {"", `local before = event.leak event.leak = 1 event.content = nil event.author.id = "x" return tostring(before) .. tostring(event.content)`},
	"kept event":               {"local last", `local before = last and last.content last = event return tostring(before)`},
	"kept event in a table":    {"local keep = {}", `local before = keep.e and keep.e.content keep.e = event return tostring(before)`},
	"context":                  {"", `local before = ctx.leak ctx.leak = 1 ctx.id = "x" return tostring(before)`},
	"module":                   {`local m = require "m"`, `m.n = m.n + 1 return m.n`},
	"module loaded late":       {"", `local m = require "m" m.n = m.n + 1 return m.n`},
	"module's upvalue":         {`local m = require "m"`, `return m.next()`},
	"loaded text":              {"", `local before = y loadstring("y = 1")() return tostring(before)`},
	"template's own table":     {"", `local r = T.x T.x = 1 T.events.EXTRA = print return tostring(r)`},
	"library at the top":       {"string.list = {}", `string.list[#string.list + 1] = 1 string.n = (string.n or 0) + 1 return #string.list + string.n`},
	"library at the top, kept": {"local json = require '@antiraid/json' json.mine = { n = 1 }", `return json.mine.n + #string.rep("x", 3)`},
	"metatable at the top":     {`getmetatable("").n = 1`, `local mt = getmetatable("") mt.n = mt.n + 1 x = (x or 0) + 1 return mt.n + x`},
	"random":                   {"", `return math.random(1e9)`},
	"random seed":              {"", `local before = math.random(1e9) math.randomseed(7) return before`},
	"random at the top":        {"local r = math.random(1e9)", `return r`},
	"identity":                 {"local t = {}", `return tostring(t) .. tostring({}) .. tostring({})`},
	"identity at the top":      {"local t = {} local name = tostring(t)", `return name .. tostring(t) .. tostring({})`},
	"log at the top":           {`print("loaded")`, `print("run") return 1`},
	"error caught":             {"local n = 0", `pcall(error, "x") local before = n pcall(function() n = 5 error("y") end) return before`},
	"pcall that works":         {"", `for i = 1, 5 do pcall(function() return i end) end pcall(pcall, pcall, type, 1) return 1`},
	"deep stack and garbage":   {"", `local function deep(n) if n > 0 then deep(n - 1) end local x end pcall(deep, 300) deep(500) for i = 1, 30 do local s = ("x"):rep(3000000) end return 1`},
	"coroutines and garbage":   {"", `local function deep(n) if n > 0 then deep(n - 1) else coroutine.yield() end local x end local co = coroutine.wrap(deep) co(400) for i = 1, 30 do local s = ("x"):rep(3000000) end return 1`},
	"many values":              {"", `local t = {} for i = 1, 3000 do t[i] = i end local n = select("#", unpack(t)) for i = 1, 30 do local s = ("x"):rep(3000000) end return n`},
	"new coroutines":           {"", `for i = 1, 60 do local co = coroutine.wrap(function() coroutine.yield() end) co() end return 1`},
}

// Nothing that a run does is seen by the next: every run of a machine gives what the first run of a new machine gives, and costs the same.
func TestRunsDoNotSeeOneAnother(t *testing.T) {
	for name, m := range mutations {
		t.Run(name, func(t *testing.T) {
			text := m.top + "\nlocal template = { events = { MESSAGE_CREATE = function(ctx, event) " + m.body + " end } } T = template return template"
			p, failure := Compile("test", bundle.Revision{bundle.Entry: text, "m.lua": "local n = 0 return { n = 0, next = function() n = n + 1 return n end }"})
			if failure != nil {
				t.Fatal(failure)
			}
			result := func(v *VM, i int) (string, run.Usage, string) {
				t.Helper()
				in := input(t, fmt.Sprintf(`{"content":"c%d","author":{"id":"1"}}`, i), &world{})
				res := v.Run(t.Context(), in)
				if res.Failure != nil || res.Err != nil {
					t.Fatalf("%+v %v", res.Failure, res.Err)
				}
				res.Usage.Wall = 0
				return string(res.Reply), res.Usage, fmt.Sprint(res.Log)
			}
			used, err := New(p)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 4 {
				if !used.Usable() { // then nobody uses it again
					used, _ = New(p)
				}
				other, _ := New(p)
				wantReply, wantUsage, wantLog := result(other, i)
				reply, usage, log := result(used, i)
				if reply != wantReply || log != wantLog {
					t.Errorf("run %d returns %s and logs %s, on a new machine %s and %s", i, reply, log, wantReply, wantLog)
				}
				if usage != wantUsage {
					t.Errorf("run %d used %+v, on a new machine %+v", i, usage, wantUsage)
				}
			}
		})
	}
}

// A machine is only made anew when something was changed: clean runs keep what loading left behind.
func TestCleanRunsStayWarm(t *testing.T) {
	for name, test := range map[string]struct {
		top, body string
		warm      bool
	}{
		"reads":             {"local words = { 'a' }", `for _, w in ipairs(words) do local x = event.content:find(w) end return string.rep("x", 3)`, true},
		"own tables":        {"", `local t = {} for i = 1, 50 do t[i] = i t["k" .. i] = i end table.sort(t) table.insert(t, 1) return #t`, true},
		"own closures":      {"", `local n = 0 local function f() n = n + 1 end f() pcall(f) return n`, true},
		"own coroutines":    {"", `local co = coroutine.wrap(function() coroutine.yield(1) end) co() return 1`, true},
		"event":             {"", `event.content = "x" event.author.x = 1 ctx.y = 2 return 1`, true},
		"a global":          {"", `x = 1`, false},
		"a top-level table": {"local t = {}", `t.x = 1`, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVM(t, test.top+" return { events = { MESSAGE_CREATE = function(ctx, event) "+test.body+" end } }")
			if res := v.Run(t.Context(), input(t, `{"content":"abc","author":{}}`, &world{})); res.Failure != nil || res.Err != nil {
				t.Fatal(res.Failure, res.Err)
			}
			if warm := v.loaded != nil; warm != test.warm {
				t.Errorf("warm is %v", warm)
			}
		})
	}
}

// What one run has required does not weigh in another, whatever that does.
func TestWhatWasLentIsGivenBack(t *testing.T) {
	usage := func(contents ...string) (u run.Usage) {
		v := newVM(t, `return { events = { MESSAGE_CREATE = function(ctx, event)
			if event.content == "require" then
				require "@antiraid/kv" require "@antiraid/discord" require "@antiraid/log" require "@antiraid/json"
				return
			end
			string.x = 1
			for i = 1, 20 do local s = ("x"):rep(1000000) end
		end } }`)
		for _, content := range contents {
			res := v.Run(t.Context(), input(t, fmt.Sprintf(`{"content":%q}`, content), &world{}))
			if res.Failure != nil || res.Err != nil {
				t.Fatal(res.Failure, res.Err)
			}
			u = res.Usage
		}
		u.Wall = 0
		return u
	}
	if first, second := usage("change"), usage("require", "change"); first != second {
		t.Errorf("a new machine used %+v, one that had lent modules %+v", first, second)
	}
}

// A machine whose libraries a run has changed is not used again.
func TestAChangedMachineIsThrownAway(t *testing.T) {
	for _, body := range []string{`string.x = 1`, `setmetatable(math, {})`, `getmetatable("").y = 2`, `require("@antiraid/kv").get = 1`} {
		v := newVM(t, `return { events = { MESSAGE_CREATE = function() `+body+` end } }`)
		if res := v.Run(t.Context(), input(t, `{}`, &world{})); res.Failure != nil || res.Err != nil || v.Usable() {
			t.Errorf("%s: %+v %v, usable: %v", body, res.Failure, res.Err, v.Usable())
		}
	}
}

// A template that changes libraries while it is loaded finds them unchanged whenever it is loaded again.
func TestLoadingIsAlwaysTheFirst(t *testing.T) {
	v := newVM(t, `string.n = (string.n or 0) + 1 return { events = { MESSAGE_CREATE = function(ctx, event)
		if event.content == "change" then x = 1 end
		return string.n
	end } }`)
	for i, content := range []string{"", "", "change", "", "limits", "", "change", "limits"} {
		if !v.Usable() {
			v, _ = New(v.program)
		}
		in := input(t, fmt.Sprintf(`{"content":%q}`, content), &world{})
		if content == "limits" {
			in.Limits.Depth = int64(i)
		}
		if res := v.Run(t.Context(), in); res.Failure != nil || res.Err != nil || string(res.Reply) != "1" {
			t.Errorf("run %d returns %s: %+v %v", i, res.Reply, res.Failure, res.Err)
		}
	}
}

// Limits are those of the run: a machine that was loaded under others loads again.
func TestOtherLimitsLoadAgain(t *testing.T) {
	v := newVM(t, `local s = string.rep("x", 100000) return { events = { MESSAGE_CREATE = function() end } }`)
	in := input(t, `{}`, &world{})
	if res := v.Run(t.Context(), in); res.Failure != nil {
		t.Fatal(res.Failure)
	}
	in.Limits.Memory = 50_000
	if res := v.Run(t.Context(), in); res.Failure == nil || res.Failure.Budget != "memory" {
		t.Errorf("%+v", res.Failure)
	}
}

// The top level has no host doors, in a run as when it is deployed.
func TestDoorsAreShutWhileLoading(t *testing.T) {
	for _, call := range []string{`require("@antiraid/kv").get("x")`, `require("@antiraid/kv").set("x", 1)`, `require("@antiraid/discord").ban{user_id="1"}`} {
		p := compile(t, "pcall(function() "+call+" end) return { events = { MESSAGE_CREATE = function() end } }")
		_, res := p.Declare(t.Context(), Input{Limits: run.DefaultLimits()})
		if res.Failure == nil || !strings.Contains(res.Failure.Message, "while the template is loaded") {
			t.Errorf("%s: %+v", call, res.Failure)
		}
		v, _ := New(p)
		if res := v.Run(t.Context(), input(t, `{}`, &world{})); res.Failure == nil || !strings.Contains(res.Failure.Message, "while the template is loaded") {
			t.Errorf("%s: %+v", call, res.Failure)
		}
	}
}
