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

// complain raises a Lua error without a place, as Lua does for what its core finds while a library function runs.
func complain(l *lua.LState, format string, args ...any) {
	l.Error(lua.LString(fmt.Sprintf(format, args...)), 0)
}

// where is the place of the function at a level, ready to go before a message; empty when that is no Lua function of a script.
func where(l *lua.LState, level int) string {
	f := peek.OfState(l).CurrentFrame
	if f != nil && !f.Fn.IsG {
		level-- // called by an instruction, not by a call
	}
	w := walk{l: l, f: f, th: machine(l).Threads().current}
	defer func() { meter.Of(l).Work(w.steps / 8) }()
	for ; w.f != nil && level > 0; level-- {
		if level -= w.f.TailCall; level > 0 {
			w.out()
		}
	}
	f = w.f
	if f == nil || level < 0 || f.Fn.IsG || f.Pc == 0 || isPrelude(f) {
		return ""
	}
	return f.Fn.Proto.SourceName + ":" + strconv.Itoa(f.Fn.Proto.DbgSourcePositions[f.Pc-1]) + ": "
}

func isPrelude(f *peek.Frame) bool { return !f.Fn.IsG && f.Fn.Proto.SourceName == PreludeName }

// walk goes through the calls under way as Lua has them: all that pcall is made of, a thread of its own among it, is one call.
type walk struct {
	l     *lua.LState
	f     *peek.Frame
	th    *thread // whose stack it is; nil: the main thread's
	steps int64
}

// out goes on to the caller.
func (w *walk) out() {
	w.steps++
	protected := isPrelude(w.f)
	if w.f = w.f.Parent; w.f == nil {
		w.leave()
	}
	for protected && w.f != nil && isPrelude(w.f) {
		w.f = w.f.Parent
	}
}

// leave goes from the end of a helper's stack to the function that called pcall.
func (w *walk) leave() {
	if w.th == nil || !w.th.helper {
		return
	}
	w.th = w.th.resumer
	state := w.l.G.MainThread
	if w.th != nil {
		state = w.th.l
	}
	w.f = peek.OfState(state).CurrentFrame
	if w.f != nil && w.f.Fn.IsG { // run or again
		w.f = w.f.Parent
	}
}

// Call is one call of a library function, with Lua 5.1's manners about its arguments.
type Call struct {
	*lua.LState
	Meter *meter.Meter
	Name  string
}

// Of is the call that is under way on a thread, of the library function of that name.
func Of(l *lua.LState, name string) Call { return Call{l, meter.Of(l), name} }

// Bad raises the error for a bad argument. A method's arguments are counted without the object, as Lua does.
func (c Call) Bad(n int, format string, args ...any) {
	if c.asMethod() {
		if n--; n == 0 {
			Raise(c.LState, "calling '%s' on bad self (%s)", c.Name, fmt.Sprintf(format, args...))
		}
	}
	Raise(c.LState, "bad argument #%d to '%s' (%s)", n, c.Name, fmt.Sprintf(format, args...))
}

// asMethod reports whether the function was called as object:name(), which is seen from the instruction that made its register.
func (c Call) asMethod() bool {
	f := peek.OfState(c.LState).CurrentFrame
	if f == nil || !f.Fn.IsG || f.Parent == nil || f.Parent.Fn.IsG || f.Parent.Pc == 0 {
		return false
	}
	code := f.Parent.Fn.Proto.Code
	at := f.Parent.Pc - 1
	if op := opcode(code[at]); op != lua.OP_CALL && op != lua.OP_TAILCALL {
		return false
	}
	i := at - 1
	for i >= 0 && (target(code[i]) != target(code[at]) || !makes(opcode(code[i]))) {
		i--
	}
	c.Meter.Work(int64(at-i) / 16)
	return i >= 0 && opcode(code[i]) == lua.OP_SELF
}

// How gopher-lua packs an instruction: what it does, and the register where that goes.
func opcode(code uint32) int { return int(code >> 26) }
func target(code uint32) int { return int(code>>18) & 0xff }

// makes reports whether an instruction gives its register a value that can be called.
func makes(op int) bool {
	switch op {
	case lua.OP_MOVE, lua.OP_MOVEN, lua.OP_LOADK, lua.OP_LOADBOOL, lua.OP_LOADNIL, lua.OP_GETUPVAL, lua.OP_GETGLOBAL, lua.OP_GETTABLE, lua.OP_GETTABLEKS,
		lua.OP_NEWTABLE, lua.OP_SELF, lua.OP_CALL, lua.OP_CLOSURE, lua.OP_VARARG:
		return true
	}
	return false
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
	m.Number(s)
	s = strings.Trim(s, " \t\n\v\f\r")
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" {
		return 0, false
	}
	if c := digits[0]; c != '.' && (c < '0' || c > '9') || len(digits) > longestNumber || strings.Contains(digits, "_") {
		return 0, false // inf, nan and what only Go knows
	}
	hexadecimal := len(digits) > 1 && digits[0] == '0' && digits[1]|0x20 == 'x'
	switch exponent := strings.ContainsAny(digits, "pP"); {
	case hexadecimal && !exponent:
		s += "p0" // which Go wants
	case !hexadecimal && exponent:
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil || math.IsInf(v, 0)
}

// longestNumber is how many characters of text may be a number.
const longestNumber = 1000

// parseBase reads digits of a base between 2 and 36.
func parseBase(s string, base int) (v float64, ok bool) {
	const exact = math.MaxUint64/36 - 1
	var whole uint64 // as long as it fits; a float that grows digit by digit would be rounded more than once
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
		if v == 0 && whole < exact {
			whole = whole*uint64(base) + uint64(d)
			continue
		}
		if v == 0 {
			v = float64(whole)
		}
		v = v*float64(base) + float64(d)
	}
	if v == 0 {
		v = float64(whole)
	}
	return v, s != ""
}
