package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// choices is where a generator takes its decisions from: a random source, or the bytes of a fuzzer.
type choices struct{ next func(n int) int }

// function is one replaced function with the generator of its cases, each a line of Lua.
type function struct {
	name string
	make func(c choices) string
}

// one chooses one of some texts.
func (c choices) one(of ...string) string { return of[c.next(len(of))] }

// chance is true once in n times.
func (c choices) chance(n int) bool { return c.next(n) == n-1 }

// argument makes an argument of a call.
type argument func(c choices) string

// called makes cases of a call with these arguments: now and then one is missing, of another type or too many.
func called(name string, arguments ...argument) function {
	return function{name, func(c choices) string { return c.observed(name, c.arguments(arguments)) }}
}

// observed is a call whose results or error are shown: called by pcall itself, or by a function of the case, whose place the error then has.
func (c choices) observed(name, arguments string) string {
	if c.chance(3) {
		return fmt.Sprintf("observe(pcall(function() local function f(...) return ... end return f(%s(%s)) end))", name, arguments)
	}
	return fmt.Sprintf("observe(pcall(%s))", strings.TrimSuffix(name+", "+arguments, ", "))
}

func (c choices) arguments(arguments []argument) string {
	n := len(arguments)
	if c.chance(12) {
		n = c.next(n + 1)
	}
	var out []string
	for _, a := range arguments[:n] {
		if c.chance(20) {
			a = anything
		}
		out = append(out, a(c))
	}
	if n == len(arguments) && c.chance(20) {
		out = append(out, anything(c))
	}
	return strings.Join(out, ", ")
}

// optional is an argument that may be nil.
func optional(a argument) argument {
	return func(c choices) string {
		if c.chance(5) {
			return "nil"
		}
		return a(c)
	}
}

func anything(c choices) string {
	return c.one("nil", "true", "false", "{}", "function() end", "12", "0.5", "'5'", "'text'", "print", "coroutine.create(print)", "-1", "''")
}

// number is any number, and text that is one or nearly.
func number(c choices) string {
	if c.chance(2) {
		return plain(c)
	}
	return c.one("2^31", "-2^31", "2^32", "2^53", "-2^53", "1e15", "1e100", "-1e100", "1/0", "-1/0", "0/0", "1/3")
}

// plain is a number that fits into C's int and that all write as the same text.
func plain(c choices) string {
	return c.one("0", "1", "2", "-1", "3", "10", "-2", "0.5", "-0.5", "1.5", "2.9", "-2.9", "7", "16", "100", "255", "256", "1e3", "-1e3", "123456789",
		"'3'", "'0x10'", "'1e1'", "' 5 '", "'x'", "0.1", "-0.1")
}

func small(c choices) string { return strconv.Itoa(c.next(17) - 5) }

// index is a position in a text or list.
func index(c choices) string {
	if c.chance(8) {
		return plain(c)
	}
	return small(c)
}

var texts = []string{
	"''", "'a'", "'abc'", "'hello world'", `'a\0b'`, `'\255\254x'`, "'é'", "'x=1, y=2'", "'  trim  '", "'42'", "'-7.5'", "'f(a(b)c)d'", "'aaa'", "'THE (quick) fox'",
	`'line\nline\r\n'`, "'%d'", "'a.b-c'", "'ABC123xyz'", `'"quoted"'`, "'[x]'", "'key = value'", "'2024-01-02'", "'aXbXc'", "'((()))'", `'\1\127\128'`,
}

func text(c choices) string {
	switch {
	case c.chance(10):
		return plain(c)
	case c.chance(2):
		return c.one(texts...)
	}
	var b strings.Builder
	for range c.next(10) {
		b.WriteString(c.one("a", "b", "c", "x", "1", "2", " ", "-", ".", "%", "(", ")", "A", `\n`, `\0`, "_", "="))
	}
	return "'" + b.String() + "'"
}

// matcher is a pattern, now and then one that is malformed. It has few repetitions: gopher-lua cannot be stopped.
func matcher(c choices) string {
	var b strings.Builder
	if c.chance(6) {
		b.WriteByte('^')
	}
	repetitions := 0
	for range 1 + c.next(5) {
		b.WriteString(c.one("a", "b", "x", ".", "%a", "%d", "%s", "%w", "%p", "%S", "%D", "%l", "%u", "%c", "%x", "%z", "[abc]", "[^a]", "[a-c]", "[%w_]", "[%d.]", "[]]", "[^]x]", "[a-]",
			"1", " ", "-", "=", "%.", "%%", "%(", "()", "(a)", "(%w)", "(.-)", "(%a+)", "(x*)", "%b()", "%f[%w]", "%1", "(", ")", "[a", "%", "%b", "%f", "%2", "((a)b)", "A", "[%a-z]"))
		if c.chance(3) && repetitions < 4 {
			repetitions++
			b.WriteString(c.one("*", "+", "-", "?"))
		}
	}
	if c.chance(6) {
		b.WriteByte('$')
	}
	return "'" + b.String() + "'"
}

func plainOrPattern(c choices) string {
	if c.chance(4) {
		return withoutZeros(text(c))
	}
	return matcher(c)
}

// withoutZeros is a text that C does not take for a shorter one.
func withoutZeros(text string) string { return strings.ReplaceAll(text, `\0`, "0") }

func replacement(c choices) string {
	switch c.next(4) {
	case 0:
		return c.one("'x'", "''", "'%0'", "'<%1>'", "'%2%1'", "'%%'", "'%9'", "'a%'", "'%c'", "5", "'%0%0'")
	case 1:
		return c.one("{ a = 'A', b = false, x = 7 }", "{}", "{ a = {} }", "setmetatable({}, { __index = function(_, k) return k .. '!' end })", "{ 'one', 'two' }")
	case 2:
		return c.one("string.upper", "function() end", "function(x, y) return y or x end", "function() return false end", "function() return 1.5 end",
			"function() return {} end", "function() error('no') end", "function(...) return select('#', ...) end")
	}
	return text(c)
}

// format is one item of a format and what it takes; nothing for those that are no item.
func format(c choices) (item string, takes argument) {
	var b strings.Builder
	b.WriteString(c.one("", "", "x", " ", "é", "%%") + "%")
	if c.chance(2) {
		b.WriteString(c.one("-", "+", " ", "#", "0", "-0", "+ ", "#0", "0+", "------"))
	}
	if c.chance(2) {
		b.WriteString(c.one("1", "5", "10", "20", "99", "100"))
	}
	if c.chance(3) {
		b.WriteString(c.one(".", ".0", ".1", ".3", ".10", ".20", ".99", ".100"))
	}
	verb := c.one("d", "i", "u", "c", "x", "X", "o", "e", "E", "f", "g", "G", "q", "s", "s", "d", "y", "%", "")
	b.WriteString(verb)
	switch verb {
	case "d", "i":
		return b.String(), func(c choices) string { return c.one(plain(c), plain(c), "2^53", "-2^53", "2^31", "1e15") }
	case "u", "x", "X", "o":
		return b.String(), func(c choices) string {
			return c.one("0", "1", "8", "255", "'0x10'", "7.9", "2^32", "2^53", "-1", "-2")
		}
	case "c":
		return b.String(), func(c choices) string { return c.one("65", "'66'", "97.5", "255", "10", "300") }
	case "q", "s":
		return b.String(), text
	case "y", "%", "":
		return b.String(), plain
	}
	return b.String(), func(c choices) string {
		return c.one(plain(c), number(c), "1e-5", "123456.789", "1e15", "2.5", "1e20", "0.00001234", "5e-324")
	}
}

func value(c choices) string {
	switch c.next(4) {
	case 0:
		return plain(c)
	case 1:
		return text(c)
	}
	return anything(c)
}

// list is a table without holes.
func list(c choices) string {
	item := c.one("number", "text", "mixed", "small")
	var items []string
	for range c.next(9) {
		switch item {
		case "number":
			items = append(items, c.one("1", "2", "3", "-5", "0.5", "100", "7"))
		case "small":
			items = append(items, small(c))
		case "text":
			items = append(items, c.one("'a'", "'b'", "'c'", "'abc'", "'B'", "''", "'10'", "'9'"))
		default:
			items = append(items, c.one("1", "'a'", "true", "{}", "2", "'x'"))
		}
	}
	if c.chance(6) {
		items = append(items, c.one("x = 1", "[0] = 'zero'", "[-1] = 'minus'", "[1.5] = 'half'", "n = 3"))
	}
	return "{ " + strings.Join(items, ", ") + " }"
}

// changes makes cases of a call that changes its first argument, a list, and shows that too.
func changes(title, name string, arguments ...argument) function {
	return function{title, func(c choices) string {
		rest := c.arguments(arguments)
		return fmt.Sprintf("local t = %s %s observe(t)", list(c), c.observed(name, strings.TrimSuffix("t, "+rest, ", ")))
	}}
}

// lines makes cases of programs that are chosen from.
func lines(name string, programs func(c choices) string) function { return function{name, programs} }

// rounded makes cases of a function whose last digits are the C library's.
func rounded(name string, arguments ...argument) function {
	return function{name, func(c choices) string {
		return strings.TrimSuffix(fmt.Sprintf("observe(near(pcall(%s, %s", name, c.arguments(arguments)), ", ") + ")))"
	}}
}

func anglelike(c choices) string {
	return c.one("0", "1", "-1", "0.5", "-0.25", "2", "3.7", "10", "-7.5", "100", "1e-5", "0.999", "'2'", "'x'", "1/0", "0/0")
}
