package stdlib

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
)

// PreludeName is the source name of library functions that are written in Lua. Scripts do not see them.
const PreludeName = "=prelude"

// Raise raises a Lua error with the place of the function that called the library.
func Raise(l *lua.LState, format string, args ...any) {
	raiseAt(l, 1, fmt.Sprintf(format, args...))
}

// raiseAt raises an error with the place of the function at a level: 1 is the caller of the library function, 2 its caller.
func raiseAt(l *lua.LState, level int, message string) {
	l.Error(lua.LString(where(l, level)+message), 0)
}

// where is the place of the function at a level, ready to go before a message; empty when that is no Lua function of a script.
func where(l *lua.LState, level int) string {
	f := peek.OfState(l).CurrentFrame
	if f != nil && !f.Fn.IsG {
		level-- // called by an instruction, not by a call
	}
	for ; f != nil && level > 0; level-- {
		if level -= f.TailCall; level > 0 {
			f = f.Parent
		}
	}
	if f == nil || level < 0 || f.Fn.IsG || f.Pc == 0 || f.Fn.Proto.SourceName == PreludeName {
		return ""
	}
	return f.Fn.Proto.SourceName + ":" + strconv.Itoa(f.Fn.Proto.DbgSourcePositions[f.Pc-1]) + ": "
}

// Call is one call of a library function, with Lua 5.1's manners about its arguments.
type Call struct {
	*lua.LState
	Meter *meter.Meter
	Name  string
}

// Of is the call that is under way on a thread, of the library function of that name.
func Of(l *lua.LState, name string) Call { return Call{l, meter.Of(l), name} }

// Bad raises the error for a bad argument.
func (c Call) Bad(n int, format string, args ...any) {
	Raise(c.LState, "bad argument #%d to '%s' (%s)", n, c.Name, fmt.Sprintf(format, args...))
}

// Expected raises the error for an argument of the wrong type.
func (c Call) Expected(n int, want string) {
	got := "no value"
	if n <= c.GetTop() {
		got = c.Get(n).Type().String()
	}
	c.Bad(n, "%s expected, got %s", want, got)
}

// Any is an argument that must be there.
func (c Call) Any(n int) lua.LValue {
	if n > c.GetTop() {
		c.Bad(n, "value expected")
	}
	return c.Get(n)
}

// Text is a text argument; numbers become text.
func (c Call) Text(n int) string {
	switch v := c.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return v.String()
	}
	c.Expected(n, "string")
	return ""
}

// OptText is a text argument that may be absent.
func (c Call) OptText(n int, d string) string {
	if c.Get(n) == lua.LNil {
		return d
	}
	return c.Text(n)
}

// Number is a number argument; text that looks like one becomes one.
func (c Call) Number(n int) float64 {
	v, ok := c.toNumber(c.Get(n))
	if !ok {
		c.Expected(n, "number")
	}
	return v
}

// toNumber also reads numbers from strings.
func (c Call) toNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(c.Meter, string(v))
	}
	return 0, false
}

// Int is a number argument without its fraction.
func (c Call) Int(n int) int { return toInt(c.Number(n)) }

// OptInt is an argument as of [Call.Int] that may be absent.
func (c Call) OptInt(n, d int) int {
	if c.Get(n) == lua.LNil {
		return d
	}
	return c.Int(n)
}

// toInt cuts off the fraction; what does not fit becomes the nearest that does, and NaN 0.
func toInt(f float64) int {
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int(f)
}

// Table is a table argument, no longer lazy.
func (c Call) Table(n int) *lua.LTable {
	t, ok := c.Get(n).(*lua.LTable)
	if !ok {
		c.Expected(n, "table")
	}
	if c.Meter.Lazy != nil && t.Metatable == lua.LValue(c.Meter.Lazy) {
		c.Meter.Fill(c.Meter, t)
	}
	return t
}

// Function is a function argument.
func (c Call) Function(n int) *lua.LFunction {
	f, ok := c.Get(n).(*lua.LFunction)
	if !ok {
		c.Expected(n, "function")
	}
	return f
}

// Give returns a text that has been paid for.
func (c Call) Give(s string) int {
	c.Push(lua.LString(s))
	return 1
}

// copied is a piece of a longer text of its own, so that it does not keep the longer one.
func (c Call) copied(s string) lua.LString {
	if len(s) == 1 {
		return oneByte[s[0]]
	}
	c.Meter.Text(len(s))
	return lua.LString(strings.Clone(s))
}

var oneByte = func() (t [256]lua.LString) {
	for i := range t {
		t[i] = lua.LString([]byte{byte(i)})
	}
	return t
}()

// parseNumber reads a number as Lua 5.1 does: decimal or hexadecimal, with space around it.
func parseNumber(m *meter.Meter, s string) (float64, bool) {
	m.Bytes(len(s), 8)
	s = strings.Trim(s, " \t\n\v\f\r")
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" {
		return 0, false
	}
	if len(digits) > longestNumber {
		return 0, false
	}
	if len(digits) > 1 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		v, ok := parseBase(digits[2:], 16)
		if s[0] == '-' {
			v = -v
		}
		return v, ok
	}
	if c := digits[0]; c != '.' && (c < '0' || c > '9') || strings.Contains(digits, "_") || strings.ContainsAny(digits, "xXpP") {
		return 0, false // inf, nan and what only Go knows
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil || math.IsInf(v, 0)
}

// longestNumber is how many characters of text may be a number.
const longestNumber = 1000

// parseBase reads digits of a base between 2 and 36.
func parseBase(s string, base int) (v float64, ok bool) {
	for _, c := range []byte(s) {
		d := 99
		switch {
		case c >= '0' && c <= '9':
			d = int(c - '0')
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			d = int(c|0x20-'a') + 10
		}
		if d >= base {
			return 0, false
		}
		v = v*float64(base) + float64(d)
	}
	return v, s != ""
}
