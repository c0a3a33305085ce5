package sandbox

import (
	"fmt"
	"strings"
)

// functions is all that we replaced; TestEveryFunctionIsCompared has what is left out.
var functions = []function{
	called("string.byte", text, optional(index), optional(index)),
	called("string.char", index, index, small),
	called("string.find", text, plainOrPattern, optional(index), optional(anything)),
	called("string.match", text, matcher, optional(index)),
	called("string.gsub", text, matcher, replacement, optional(small)),
	lines("string.gmatch", gmatchCase),
	lines("string.format", formatCase),
	function{"string.format of anything", func(c choices) string { return c.observed("string.format", "'%s', "+anything(c)) }},
	called("string.len", text),
	called("string.lower", text),
	called("string.upper", text),
	called("string.reverse", text),
	called("string.rep", text, small),
	called("string.sub", text, index, optional(index)),
	called("table.concat", list, optional(text), optional(small), optional(small)),
	called("table.getn", list),
	called("table.maxn", list),
	changes("table.insert", "table.insert", value),
	changes("table.insert at", "table.insert", small, value),
	changes("table.remove", "table.remove", optional(small)),
	lines("table.sort", sortCase),
	called("math.abs", number), called("math.ceil", number), called("math.floor", number), called("math.fmod", number, number),
	called("math.frexp", number), called("math.ldexp", number, small), called("math.max", number, number, number), called("math.min", number, number, number),
	called("math.mod", number, number), called("math.modf", number), called("math.sqrt", number),
	rounded("math.acos", anglelike), rounded("math.asin", anglelike), rounded("math.atan", anglelike), rounded("math.atan2", anglelike, anglelike),
	rounded("math.cos", anglelike), rounded("math.cosh", anglelike), rounded("math.deg", anglelike), rounded("math.exp", anglelike), rounded("math.log", anglelike),
	rounded("math.log10", anglelike), rounded("math.pow", anglelike, anglelike), rounded("math.rad", anglelike), rounded("math.sin", anglelike),
	rounded("math.sinh", anglelike), rounded("math.tan", anglelike), rounded("math.tanh", anglelike),
	called("assert", value, optional(func(c choices) string { return withoutZeros(value(c)) }), value),
	lines("error", errorCase),
	called("getmetatable", metatabled),
	called("setmetatable", metatabled, metatable),
	called("ipairs", list),
	called("pairs", list),
	lines("iteration", iterationCase),
	called("next", list, optional(value)),
	called("rawequal", value, value),
	called("rawget", list, value),
	changes("rawset", "rawset", value, value),
	called("select", selector, value, value, value),
	called("tonumber", numeral, optional(base)),
	called("tostring", named),
	called("type", value),
	called("unpack", list, optional(small), optional(small)),
	lines("load", readerCase),
	lines("loadstring", loadCase),
	lines("math.random", randomCase),
	called("math.randomseed", plain),
	lines("pcall", protectedCase),
	called("coroutine.create", value),
	called("coroutine.wrap", value),
	lines("coroutine", coroutineCase),
}

func gmatchCase(c choices) string {
	return fmt.Sprintf("observe(pcall(function() local n = 0 for a, b in string.gmatch(%s) do observe(a, b) n = n + 1 if n > 20 then break end end end))",
		c.arguments([]argument{text, matcher}))
}

// sortCase sorts lists whose order is no matter of choice: which of equal elements comes first, and which are compared first, is the algorithm's.
func sortCase(c choices) string {
	items := list(c)
	order := c.one("", ", nil", ", function(a, b) return a > b end", ", function(a, b) return a < b end", ", function(a, b) error('no') end", ", 5", ", {}", ", 'x'")
	if strings.ContainsAny(items, "tx{") {
		order = c.one(", function(a, b) return type(a) < type(b) or type(a) == type(b) and tostring(a) < tostring(b) end", ", function(a, b) return type(a) > type(b) or type(a) == type(b) and tostring(a) > tostring(b) end")
	}
	if c.chance(6) {
		items = c.one("{ 1, 'a' }", "{ {}, {} }", "{ true, false }", "{ 1, true }", "{ 'a', {} }", "{ print, print }", "nil", "'x'",
			"{ setmetatable({}, { __lt = function() return true end }), {} }")
	}
	return fmt.Sprintf("local t = %s %s observe(t)", items, c.observed("table.sort", "t"+order))
}

// formatCase gives each item an argument that it takes, most of the time: what C leaves open is left out.
func formatCase(c choices) string {
	text, arguments := "", ""
	for range 1 + c.next(2) {
		item, takes := format(c)
		text += item
		switch {
		case takes == nil || c.chance(20):
		case c.chance(16):
			arguments += ", " + c.one("'5'", "'x'", "12", "0.5", "''")
		default:
			arguments += ", " + takes(c)
		}
	}
	return c.observed("string.format", "'"+text+"'"+arguments)
}

// errorCase raises an error some calls deep.
func errorCase(c choices) string {
	level := c.one("", ", 0", ", 1", ", 2", ", 3", ", 4", ", nil", ", -1", ", '2'", ", 1.9", ", {}", ", 'x'")
	raise := fmt.Sprintf("error(%s%s)", value(c), level)
	switch c.next(5) {
	case 0:
		return fmt.Sprintf("observe(pcall(error, %s%s))", value(c), c.one("", ", 0", ", 1", ", 2"))
	case 1:
		return fmt.Sprintf("observe(pcall(function() local function f() %s end local function g() f() end g() end))", raise)
	case 2:
		return fmt.Sprintf("observe(pcall(function() local function f() %s end return f() end))", raise)
	case 3:
		return fmt.Sprintf("observe(pcall(function() local a, b = pcall(function() %s end) error(b, 0) end))", raise)
	}
	return fmt.Sprintf("observe(pcall(coroutine.wrap(function() local ok, e = pcall(function() %s end) observe(e) coroutine.yield() %s end)))", raise, raise)
}

func metatabled(c choices) string {
	return c.one("{}", "setmetatable({}, { x = 1 })", "setmetatable({}, { __metatable = 'mine' })", "setmetatable({}, { __metatable = false })", value(c), "'text'")
}

func metatable(c choices) string {
	return c.one("{}", "nil", "{ __index = { a = 1 } }", "{ __metatable = 1 }", value(c))
}

func iterationCase(c choices) string {
	return fmt.Sprintf("observe(pcall(function() local t = %s for k, v in %s do observe(k, v) %s end observe(t) end))", list(c),
		c.one("pairs(t)", "ipairs(t)", "next, t", "next, t, nil", "next, (function() return t end)()", "(pairs(t)), t"),
		c.one("", "t[k] = nil", "t[k] = 'other'", "if k == 2 then break end", "t[k] = v"))
}

func selector(c choices) string {
	return c.one("'#'", "1", "2", "3", "-1", "-2", "4", "5", "1.9", value(c), small(c))
}

func numeral(c choices) string {
	switch c.next(3) {
	case 0:
		return withoutZeros(value(c))
	case 1:
		return c.one("'0x1.8p1'", "'0x.8'", "'0xp1'", "'0x1p-2'", "'1p2'", "'0xffffffffffffffff'", "'0x1e5'", "'10'", "'ff'", "'0xff'", "'0XA'", "' 7 '", "'1e5'", "'1e'", "'.5'", "'5.'", "'.'", "'-'", "'--1'", "'+3'", "'-0x1'", "'1 2'", "'0x'", "'1_0'", "'zz'",
			"'101'", "'-101'", "''", "' '", "'0b1'", "'0o7'", "'1e400'", "'0x1p4'", "'9007199254740993'", "'1e-400'", "'١'", "'\\n5\\t'", "'0x1.8'", "'1d'", "'1f'", "'+-1'", "'+ 1'")
	}
	return fmt.Sprintf("'%s%s%s'", c.one("", "-", "+", " "), c.one("0", "12", "7", "ab", "0x1f", "100"), c.one("", ".5", "e2", " ", "E-1", ".", "x", "z"))
}

func base(c choices) string {
	return c.one("10", "16", "2", "8", "36", "1", "37", "0", "-1", "3", "10.5", "'16'", "'x'")
}

func named(c choices) string {
	return c.one(value(c), number(c), "setmetatable({}, { __tostring = function() return 'mine' end })", "setmetatable({}, { __tostring = function() return 7 end })",
		"setmetatable({}, { __tostring = function() return nil end })", "setmetatable({}, { __tostring = 5 })", "setmetatable({}, { __tostring = function(t) return type(t) end })",
		"setmetatable({}, { __tostring = function() error('no', 0) end })")
}

func loadCase(c choices) string {
	text := c.one("'return 1, 2'", "'return ...'", "'x ='", "''", "'local a = 1 return a + 1'", "'error(1, 0)'", "'return'", "'return return'", `'\\27Lua'`, "5", "'5'", "{}",
		"'for i = 1, 3 do end return i'", "'return (function(...) return select(\"#\", ...) end)(...)'")
	return fmt.Sprintf("observe(pcall(function() local f, m = loadstring(%s) observe(type(f), type(m)) if f then observe(pcall(f, 7, nil)) end end))", text)
}

func readerCase(c choices) string {
	return fmt.Sprintf("observe(pcall(function() local i, parts = 0, { %s } local f, m = load(function() i = i + 1 return parts[i] end%s) observe(type(f), type(m)) if f then observe(pcall(f, 7)) end end))",
		c.one("'return ', '1'", "'x ='", "", "'return ', 5", "'return 1', '', '2'", "{}", "true", "'return ', {}", "'return ...'", "'error(\"boom\")'", "'error(\"boom\", 0)'"), c.one("", ", 'name'", ", '=case'", ", nil"))
}

// randomCase shows what is no matter of chance.
func randomCase(c choices) string {
	arguments := c.arguments([]argument{small, small}[:c.next(3)])
	return fmt.Sprintf("observe(pcall(function() local r = math.random(%s) return type(r), r >= -5, r <= 300, r %% 1 == 0 or r < 1 end))", arguments)
}

// protectedCase nests pcall, xpcall and error. No local is shared with a closure across a caught error: there gopher-lua is wrong.
func protectedCase(c choices) string {
	var body func(depth int) string
	body = func(depth int) string {
		last := c.one("return", "return 1, nil", "return ...", "error('boom')", "error('zero', 0)", "error('up', 2)", "error({ code = 1 })", "error()", "error(nil)", "error(42)", "return string.rep()", "return ('x'):rep('y')",
			"local x = ('x'):rep() return x", "return ('x'):rep(('y'):rep({}))", "local x = string.rep('x', ('y'):len(), 3):rep('z') return x")
		if depth == 0 || c.chance(3) {
			return last
		}
		inner := body(depth - 1)
		return c.one(
			fmt.Sprintf("observe(pcall(function(...) %s end, ...)) %s", inner, last),
			fmt.Sprintf("observe(xpcall(function(...) %s end, function(m) return type(m), m end)) %s", inner, last),
			fmt.Sprintf("do return pcall(function(...) %s end, ...) end", inner),
			fmt.Sprintf("local ok, m = pcall(function(...) %s end, 1) if not ok then error(m, 0) end %s", inner, last),
			fmt.Sprintf("observe(xpcall(function(...) %s end, error)) %s", inner, last),
			fmt.Sprintf("observe(pcall(pcall, function(...) %s end, ...)) %s", inner, last),
		)
	}
	return fmt.Sprintf("observe(pcall(function(...) %s end, %s))", body(3), c.one("1, nil", "'a'", "nil, nil", "{ 5 }"))
}

// coroutineCase makes a coroutine that yields, calls others, returns or fails, and resumes it more often than it likes. It does not resume the
// one that resumed it: gopher-lua dies of that.
func coroutineCase(c choices) string {
	statement := func() string {
		return c.one("observe(coroutine.yield())", "observe(coroutine.yield(a, 1))", "a = coroutine.yield(b)", "for i = 1, 2 do coroutine.yield(i) end", "observe(pcall(error, 'x'))",
			"observe(coroutine.status(co), coroutine.running() == co)", "observe(coroutine.resume(co))", "for x in coroutine.wrap(function() coroutine.yield('in') coroutine.yield('ner') end) do observe(x) end",
			"error('boom', 0)", "error({ 1 })", "do return a, b end", "observe(pcall(coroutine.wrap(function() error('inner', 0) end)))", "b = { coroutine.yield(nil, nil) }",
			"local inner = coroutine.create(function(...) observe(...) coroutine.yield(coroutine.status(co)) end) observe(coroutine.resume(inner, 1, nil)) observe(coroutine.status(inner))",
			"observe(pcall(coroutine.resume, 5))", "observe(pcall(coroutine.status))",
			"observe(pcall(function() local x = coroutine.wrap(function() error('inner', 0) end)() return x end))", "observe(pcall(function() local x = coroutine.wrap(function() error({}) end)() return x end))",
			"local f = coroutine.wrap(function() return 1 end) observe(f()) observe(pcall(function() local x = f() return x end))", "observe(select('#', coroutine.yield()))")
	}
	body := ""
	for range 1 + c.next(4) {
		body += statement() + " "
	}
	if c.chance(3) {
		return fmt.Sprintf("local co co = coroutine.wrap(function(a, b) %s end) for i = 1, 5 do observe(pcall(co, i, %s)) end", body, c.one("'r'", "nil", "{}"))
	}
	return fmt.Sprintf("local co co = coroutine.create(function(a, b) %s end) for i = 1, 5 do observe(coroutine.resume(co, i, %s)) observe(coroutine.status(co)) end", body, c.one("'r'", "nil", "{}"))
}
