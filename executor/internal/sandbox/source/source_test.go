package source

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

var wide = Limits{Bytes: 256 << 10, Functions: 2000, Work: 30_000_000}

func TestErrorsNameTheirPlace(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"syntax":         {"local x = 1\nlocal = 2", `2:7: unexpected "="`},
		"column":         {"x = 1\n  y = = 2", `2:7: unexpected "="`},
		"end of text":    {"x = 1\nif x then\n  y = 2\n", "3:0: unexpected end of the text: the if of line 2 has no end"},
		"missing end":    {"t = {\n  f = function()\n    if x then\n  end,\n}", `4:6: unexpected ","; the function of line 2 has no end`},
		"bracket":        {"f(1,\n2", "2:0: unexpected end of the text: the ( of line 1 has no )"},
		"string":         {"x = 'abc\ny = 1", "1:5: this string is not closed on its line"},
		"long string":    {"x = [[abc\ny = 1", "1:5: this long string is not closed"},
		"comment":        {"--[[ abc\n", "1:1: this comment is not closed"},
		"long bracket":   {"x = [=a", "1:5: this long string has no second ["},
		"number":         {"x = 0x", "1:5: malformed number 0x"},
		"number letters": {"x = 3in", "1:5: malformed number 3i"},
		"two points":     {"x = 1..2", "1:5: malformed number 1.."},
		"character":      {"x = 1\ny = €", "2:5: the character '€' has no meaning here"},
		"goto":           {"\n\ngoto nowhere", "no visible label 'nowhere' for <goto> at line 3"},
		"label":          {"::a::\n\n::a::", "label 'a' already defined on line 1"},
		"break":          {"x = 1\n\nbreak", "3:1: no loop to break"},
		"vararg":         {"local function f()\n  return ...\nend", "2:10: cannot use '...' outside a vararg function"},
		"bytecode":       {"\x1bLua", "this is compiled Lua; only text is accepted"},
		"size":           {strings.Repeat(" ", wide.Bytes+1), "at most 262144 are allowed"},
		"after long":     {"x = [[\n\n]] y = = 1", `3:8: unexpected "="`},
		"escape":         {"x = 1\ny = 'a\\255\\300'", "2:11: escape sequence too large"},
		"carriage":       {"x = 1\r\ny = 2\rz = = 3", `3:5: unexpected "="`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Compile("init.lua", test.text, wide)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
}

// What gopher-lua takes seconds or gigabytes for is refused in milliseconds.
func TestRefusesWhatTheCompilerCannotTake(t *testing.T) {
	n := 250 << 10
	many := func(format string, count int) string {
		var b strings.Builder
		for i := range count {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"brackets":        "x = " + strings.Repeat("(", n),
		"braces":          "x = " + strings.Repeat("{", n),
		"blocks":          strings.Repeat("do ", n/3),
		"functions":       strings.Repeat("f=function() ", n/13),
		"minus":           "x = " + strings.Repeat("- ", n/2) + "1",
		"not":             "x = " + strings.Repeat("not ", n/4) + "1",
		"concat":          "x = a" + strings.Repeat("..a", n/3),
		"power":           "x = a" + strings.Repeat("^a", n/2),
		"plus":            "x = a" + strings.Repeat("+a", n/2),
		"and":             "x = a" + strings.Repeat(" and a", n/6),
		"calls":           "x = a" + strings.Repeat("()", n/2),
		"fields":          "x = a" + strings.Repeat(".b", n/2),
		"elseif":          "if a then " + strings.Repeat("elseif a then ", n/14) + "end",
		"constants":       "x = {" + many("%d,", 40_000) + "}",
		"names":           many("a%d=1 ", 25_000),
		"labels":          many("::a%d:: ", 22_000),
		"gotos":           many("goto a%d ", 15_000) + many("::a%d:: ", 9_000),
		"many functions":  strings.Repeat("f=function()end ", n/16),
		"long list":       "x = {" + strings.Repeat("1,", 30_000) + "}",
		"long function":   strings.Repeat("a=a ", 62_000),
		"many upvalues":   upvalues(),
		"too many locals": many("local a%d ", 300),
		"scopes":          scopes(48, 18_000),
		"scopes in load":  scopes(50, 2500),
		"deep blocks":     strings.Repeat("do local a ", 170) + strings.Repeat("w=w ", 10_000) + strings.Repeat("end ", 170),
		"jumps":           many("goto a%d ", 1500) + many("::a%d:: ", 1500),
		"words":           strings.Repeat("f()", 21_000),
	} {
		t.Run(name, func(t *testing.T) {
			if len(text) > wide.Bytes {
				t.Fatalf("the text has %d bytes", len(text))
			}
			begin := time.Now()
			_, err := Compile("init.lua", text, wide)
			if err == nil {
				t.Fatal("it was compiled")
			}
			if took := time.Since(begin); took > time.Second { // the slowest take some 30 ms
				t.Errorf("it took %s", took)
			}
			t.Log(err)
		})
	}
}

// scopes has names that are looked up in very many functions.
func scopes(depth, names int) string {
	var b strings.Builder
	for range depth {
		b.WriteString("return function() local v0")
		for i := range 189 {
			fmt.Fprintf(&b, ",v%d", i+1)
		}
		b.WriteByte(' ')
	}
	return b.String() + strings.Repeat("w9=w8 ", names) + strings.Repeat("end ", depth)
}

// What takes long to compile says so, and what the compiler takes is not far from that.
func TestWorkIsWhatCompilingTakes(t *testing.T) {
	var calls, names, constants strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&constants, "'word %d',", i)
		fmt.Fprintf(&calls, "f(a.b, %d) ", i%10)
		fmt.Fprintf(&names, "do local x%d = x end ", i)
	}
	for name, text := range map[string]string{
		"calls": calls.String(), "names": names.String(), "constants": "x = {" + constants.String() + "}", "scopes": scopes(20, 1000),
		"functions": strings.Repeat("f = function() end ", 1000),
	} {
		best := time.Hour
		var c *Chunk
		for range 5 {
			begin := time.Now()
			var err *Error
			if c, err = Compile(name, text, wide); err != nil {
				t.Fatal(name, err)
			}
			best = min(best, time.Since(begin))
		}
		t.Logf("%s: %d steps, %s", name, c.Work, best)
		if best > 20*time.Duration(c.Work) {
			t.Errorf("%s: %d steps took %s", name, c.Work, best)
		}
	}
}

func upvalues() string {
	var b strings.Builder
	for level := range 3 {
		b.WriteString("local function f() ")
		for i := range 120 {
			fmt.Fprintf(&b, "local v%d_%d = 1 ", level, i)
		}
	}
	b.WriteString("return function() local s = 0 ")
	for level := range 3 {
		for i := range 120 {
			fmt.Fprintf(&b, "s = s + v%d_%d ", level, i)
		}
	}
	return b.String() + "end end end end"
}

func TestColumns(t *testing.T) {
	c, err := Compile("init.lua", "local a = {}\nlocal b = 1   print(a.x.y)\nreturn   a", wide)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for pc := range c.Proto.Code {
		line, column, ok := c.Place(c.Proto, pc)
		got[fmt.Sprintf("%d:%d", line, column)] = ok
	}
	for _, want := range []string{"1:11", "2:11", "2:15", "2:23", "2:25", "3:1"} {
		if !got[want] {
			t.Errorf("no instruction at %s: %v", want, got)
		}
	}
	if c.Line(2) != "local b = 1   print(a.x.y)" || c.Line(4) != "" {
		t.Errorf("lines %q and %q", c.Line(2), c.Line(4))
	}
}

func TestALineEndsAsInLua(t *testing.T) {
	c, err := Compile("init.lua", "local a\r\nlocal b\n\rlocal c\rlocal d\n\nlocal f\r\r", wide)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"", "local a", "local b", "local c", "local d", "", "local f", "", "", ""} {
		if got := c.Line(n); got != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
}

// FuzzCompile holds our tokens to gopher-lua's: the code must be the same as without them.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"", "return 1", "local x = -1 - -2 return x, [[a\n\nb]], 'c\\\nd', \"\\065\"", "f()--x\n(g)()", "f() (g)", "f()\n(g)",
		"a.b['c']:d{1, 2; x = 3, [4] = 5} -- end", "for i = 1, 10, 2 do goto continue ::continue:: end", "x = 0x1F + 1e-3 + .5 + 3.",
		"#!shebang\nreturn 1", "x = a..b..'c' while not x do if x == y then break elseif x ~= y then else end end repeat until x",
		"function a.b:c(...) local d = ... return ... end", "--[==[ ]] ]==] return 1", "a = a[ [[x]] ]", "x=1\r\ny=2\n\rz=3\rw=4", "x = [==[\r\n]=]\n]==]",
		"a, b.c, d[e] = b, a, f() local g = function() return g end", "local a, b = 1 a, b = b, a a.x, a, a[b] = 1", "a, b = 1, 2, f(), ...",
		"return function() end", "x = 1 -- comment without end", "y = 2 --[[ long\n ]] z = 3", "\ufeffreturn 1", "x = \"a\\\r\nb\"", "1e+", "3..2", ".5.3", "x=~1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			return
		}
		got, refused := Compile("f", text, wide)
		if strings.HasPrefix(text, "\ufeff") || strings.HasPrefix(text, "#") {
			return // gopher-lua does not know these
		}
		chunk, err := parse.Parse(strings.NewReader(text), "f")
		var want *lua.FunctionProto
		if err == nil {
			tree, _ := prepare(chunk, 0, wide)
			want, err = compile(tree, "f")
		}
		switch {
		case refused == nil && err != nil:
			t.Fatalf("taken, but gopher-lua says %v", err)
		case refused != nil && err == nil:
			for _, ours := range []string{"malformed number", "deep", "too ", "more than", "items", "compiled Lua"} {
				if strings.Contains(refused.Message, ours) {
					return
				}
			}
			t.Fatalf("refused: %v", refused)
		case err == nil:
			same(t, got.Proto, want)
		}
	})
}

func same(t *testing.T, got, want *lua.FunctionProto) {
	t.Helper()
	if !reflect.DeepEqual(got.Code, want.Code) && len(got.Code)+len(want.Code) > 0 {
		t.Errorf("code differs:\n%s\n%s", got, want)
	}
	if fmt.Sprint(got.Constants) != fmt.Sprint(want.Constants) {
		t.Errorf("constants %v, want %v", got.Constants, want.Constants)
	}
	for pc := range got.DbgSourcePositions {
		if last := pc == len(got.DbgSourcePositions)-1; !last && got.DbgSourcePositions[pc] != want.DbgSourcePositions[pc] {
			t.Errorf("instruction %d is on line %d, want %d", pc, got.DbgSourcePositions[pc], want.DbgSourcePositions[pc])
		}
	}
	if len(got.FunctionPrototypes) != len(want.FunctionPrototypes) {
		t.Fatalf("%d functions, want %d", len(got.FunctionPrototypes), len(want.FunctionPrototypes))
	}
	for i := range got.FunctionPrototypes {
		same(t, got.FunctionPrototypes[i], want.FunctionPrototypes[i])
	}
}
