package sandbox

import (
	"math/rand/v2"
	"strings"
)

// writer writes random programs that can be compiled in most cases. They call everything there is with anything, catch what fails, and change
// what they find.
type writer struct {
	*rand.Rand
	depth int
}

// randomProgram is a template, always the same for a seed.
func randomProgram(seed uint64) string {
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 1))}
	var top, body strings.Builder
	for range w.IntN(3) {
		top.WriteString("pcall(function(...) " + w.statement() + " end)\n")
	}
	for range 3 + w.IntN(8) {
		if w.IntN(3) > 0 {
			body.WriteString("pcall(function(...) " + w.statement() + " end, " + w.value() + ")\n")
		} else {
			body.WriteString(w.statement() + "\n")
		}
	}
	return `local json, kv, log, discord = require "@antiraid/json", require "@antiraid/kv", require "@antiraid/log", require "@antiraid/discord"
local a, b, c, d, e, t, u, co, f, g
` + top.String() + "return { events = { MESSAGE_CREATE = function(...)\na, b = ... t, u = {}, {}\n" + body.String() + "return a\nend } }\n"
}

func (w *writer) one(of ...string) string { return of[w.IntN(len(of))] }

func (w *writer) variable() string { return w.one("a", "b", "c", "d", "e", "t", "u", "co", "f", "g") }

func (w *writer) key() string { return w.one("1", "2", "5", `"k"`, `"z"`, "true", "-1", "0.5", "100") }

var functionNames = strings.Fields(`pcall error type tostring tonumber select unpack rawget rawset rawequal next pairs ipairs assert setmetatable getmetatable
	xpcall print load loadstring require coroutine.yield coroutine.wrap coroutine.create coroutine.resume coroutine.status coroutine.running
	string.rep string.sub string.gsub string.find string.match string.gmatch string.format string.byte string.char string.upper string.reverse
	string.len table.insert table.remove table.concat table.sort table.maxn table.getn math.max math.min math.floor math.random math.ldexp
	math.fmod json.encode json.decode json.array kv.get kv.set kv.list log.info discord.ban math.randomseed`)

var constants = strings.Fields(`1 2 3 -1 0 2^31 2^53 1/0 -1/0 0/0 262143 262144 0.5 7000 64 nil true false ... "x" "abc" "" ("x"):rep(100)
	("ab"):rep(2000) "%d+" "(.)(.)" "10" "\0" "1e-320" "__index" "k" "%s%d%5.1f" "return..." "n" {}`)

var metamethods = strings.Fields("__index __newindex __call __add __concat __eq __lt __le __tostring __len __metatable __unm __mod")

// deeper runs fn one level down; false: it is deep enough.
func (w *writer) deeper(limit int, fn func()) bool {
	if w.depth >= limit {
		return false
	}
	w.depth++
	fn()
	w.depth--
	return true
}

func (w *writer) value() (s string) {
	if !w.deeper(4, func() { s = w.deepValue() }) {
		s = w.one(w.variable(), w.one(constants...))
	}
	return s
}

func (w *writer) deepValue() string {
	switch w.IntN(24) {
	case 0, 1, 2, 3:
		return w.variable()
	case 4, 5, 6:
		return w.one(constants...)
	case 7:
		return "{" + w.values(3) + "}"
	case 8:
		return "{[" + w.key() + "]=" + w.value() + ", k=" + w.value() + ", " + w.values(2) + "}"
	case 9, 10:
		return "(" + w.value() + w.one(" + ", " - ", "*", "/", "%", "^", " .. ", "==", "<", "<=", "~=", " and ", " or ") + w.value() + ")"
	case 11:
		return w.one("#", "-", "not ") + "(" + w.value() + ")"
	case 12, 13:
		return w.function()
	case 14:
		return "setmetatable({" + w.values(2) + "}, {" + w.metatable() + "})"
	case 15:
		return "(" + w.value() + ")" + w.one("[1]", ".k", ".x", ".n", "["+w.value()+"]")
	}
	return w.call()
}

func (w *writer) values(most int) string {
	list := make([]string, w.IntN(most+1))
	for i := range list {
		list[i] = w.value()
	}
	return strings.Join(list, ", ")
}

func (w *writer) metatable() string {
	list := make([]string, 1+w.IntN(3))
	for i := range list {
		list[i] = w.one(metamethods...) + "=" + w.one(w.variable(), w.function(), w.one(functionNames...), "{}", "true")
	}
	return strings.Join(list, ", ")
}

func (w *writer) function() (s string) {
	if !w.deeper(4, func() { s = "function(" + w.one("...", "a, ...", "co, f, ...") + ") " + w.block() + " end" }) {
		s = w.one(functionNames...)
	}
	return s
}

func (w *writer) called() string { return w.one(w.function(), w.one(functionNames...)) }

func (w *writer) call() string {
	switch w.IntN(8) {
	case 0:
		return "coroutine.wrap(" + w.called() + ")(" + w.values(2) + ")"
	case 1:
		return "pcall(" + w.one(w.called(), w.variable()) + ", " + w.value() + ")"
	case 2:
		return "xpcall(" + w.called() + ", " + w.called() + ")"
	case 3:
		return "(" + w.value() + "):" + w.one("rep", "gsub", "sub", "k", "byte") + "(" + w.values(3) + ")"
	case 4:
		return w.variable() + "(" + w.values(3) + ")"
	}
	return w.one(functionNames...) + "(" + w.values(3) + ")"
}

// block is statements, and often a return, of a call in many cases.
func (w *writer) block() string {
	text := w.statement() + "\n"
	if w.IntN(2) == 0 {
		text += w.statement() + "\n"
	}
	switch w.IntN(5) {
	case 0:
		return text + "return " + w.values(3)
	case 1:
		return text + "return " + w.one("coroutine.yield", "pcall", "error", "coroutine.resume", "f", "co", w.one(functionNames...)) + "(" + w.values(3) + ")"
	}
	return text
}

func (w *writer) statement() (s string) {
	if !w.deeper(5, func() { s = w.deepStatement() }) {
		s = w.variable() + " = " + w.value()
	}
	return s
}

func (w *writer) deepStatement() string {
	switch w.IntN(18) {
	case 0, 1, 2:
		return w.variable() + " = " + w.value()
	case 3:
		return "local " + w.variable() + ", " + w.variable() + " = " + w.value()
	case 4:
		return w.variable() + ", " + w.variable() + " = " + w.value() + ", " + w.value()
	case 5:
		return "if " + w.value() + " then " + w.block() + " end"
	case 6:
		return "for i = 1, " + w.one("3", "10", "100") + " do " + w.statement() + " end"
	case 7:
		return "for k, v in " + w.one("pairs", "ipairs", "next, ", "coroutine.wrap", "string.gmatch") + "(" + w.value() + ") do " + w.statement() + " end"
	case 8:
		return "pcall(function() " + w.variable() + "[" + w.value() + "] = " + w.value() + " end)"
	case 9:
		return "local function " + w.variable() + "(" + w.one("...", "a, ...") + ") " + w.block() + " end"
	case 10:
		return "pcall(function(...) " + w.block() + " end, " + w.value() + ")"
	case 11:
		return w.variable() + "." + w.one("x", "k") + " = " + w.value()
	case 12:
		return "co = coroutine.create(" + w.called() + ") coroutine.resume(co, " + w.value() + ")"
	case 13:
		return "do local w = coroutine.wrap(" + w.called() + ") for i = 1, 4 do pcall(w, " + w.values(2) + ") end end"
	case 14:
		return "for i = 1, 3 do coroutine.resume(co, " + w.value() + ") end"
	case 15:
		return w.one("string", "table", "math", "_G", "json") + "." + w.one("x", "rep", "len", "insert", "type") + " = " + w.value()
	}
	return "do local _ = " + w.call() + " end"
}
