package stdlib

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
	"antiraid/executor/internal/sandbox/values"
)

// maxResults is how many values unpack and string.byte return at most.
const maxResults = 7000

var nextFunction = Functions("next", next)[0]

var baseFunctions = append(Functions(
	"assert", assert, "error", raise, "getmetatable", getMetatable, "ipairs", ipairs, "load", load, "loadstring", loadString, "pairs", pairs,
	"print", print, "rawequal", rawEqual, "rawget", rawGet, "rawset", rawSet, "select", selectFrom, "setmetatable", setMetatable,
	"tonumber", toNumber, "tostring", toString, "type", typeOf, "unpack", unpack,
), nextFunction)

func assert(l *lua.LState) int {
	c := Of(l, "assert")
	if lua.LVIsFalse(c.Any(1)) {
		Raise(l, "%s", c.OptText(2, "assertion failed!"))
	}
	return l.GetTop()
}

func raise(l *lua.LState) int {
	c := Of(l, "error")
	level := c.OptInt(2, 1)
	v := l.Get(1)
	switch s := v.(type) {
	case lua.LString:
		if level > 0 {
			v = lua.LString(where(l, level)) + s
		}
	case lua.LNumber:
		if level > 0 {
			v = lua.LString(where(l, level) + s.String())
		}
	}
	l.Error(v, 0)
	return 0
}

func getMetatable(l *lua.LState) int {
	Of(l, "getmetatable").Any(1)
	mt := l.GetMetatable(l.Get(1))
	if mt == lua.LValue(meter.Of(l).Lazy) || values.IsMark(mt) {
		mt = lua.LNil
	}
	l.Push(mt)
	return 1
}

func setMetatable(l *lua.LState) int {
	c := Of(l, "setmetatable")
	t := c.Table(1)
	mt := l.Get(2)
	if _, ok := mt.(*lua.LTable); !ok && (mt != lua.LNil || l.GetTop() < 2) {
		c.Bad(2, "nil or table expected")
	}
	if old, ok := t.Metatable.(*lua.LTable); ok && old.RawGetString("__metatable") != lua.LNil {
		Raise(l, "cannot change a protected metatable")
	}
	meter.Touch(c.Meter, t)
	t.Metatable = mt
	l.SetTop(1)
	return 1
}

var ipairsStep = &lua.LFunction{IsG: true, GFunction: func(l *lua.LState) int {
	t, ok := l.Get(1).(*lua.LTable)
	n, isNumber := l.Get(2).(lua.LNumber)
	if !ok || !isNumber {
		Raise(l, "the step of ipairs wants a table and a number")
	}
	i := int(n) + 1
	v := t.RawGetInt(i)
	if v == lua.LNil {
		l.Push(lua.LNil)
		return 1
	}
	l.Push(lua.LNumber(i))
	l.Push(v)
	return 2
}}

func ipairs(l *lua.LState) int {
	t := Of(l, "ipairs").Table(1)
	l.Push(ipairsStep)
	l.Push(t)
	l.Push(lua.LNumber(0))
	return 3
}

func pairs(l *lua.LState) int {
	t := Of(l, "pairs").Table(1)
	l.Push(nextFunction.Fn)
	l.Push(t)
	l.Push(lua.LNil)
	return 3
}

// next goes through the array part, then through the keys in the order they came. Keys that are gone are stepped over, and paid for.
func next(l *lua.LState) int {
	c := Of(l, "next")
	t := peek.OfTable(c.Table(1))
	at, key := 0, l.Get(2)
	switch k := key.(type) {
	case *lua.LNilType:
	case lua.LNumber:
		if i := int(k); lua.LNumber(i) == k && i >= 1 && i <= len(t.Array) {
			at = i
			break
		}
		at = c.place(t, key)
	default:
		at = c.place(t, key)
	}
	begin := at
	for ; at < len(t.Array); at++ {
		if v := t.Array[at]; v != lua.LNil {
			c.Meter.Work(int64(at-begin) / 8)
			l.Push(lua.LNumber(at + 1))
			l.Push(v)
			return 2
		}
	}
	c.Meter.Work(int64(at-begin) / 8)
	for i := at - len(t.Array); i < len(t.Keys); i++ {
		key := t.Keys[i]
		if s, ok := key.(lua.LString); ok {
			c.Meter.Bytes(len(s), 64)
		}
		if v, ok := t.Get(key); ok {
			l.Push(key)
			l.Push(v)
			return 2
		}
		c.Meter.Work(1) // one that is gone
	}
	l.Push(lua.LNil)
	return 1
}

// place is where next goes on behind a key of the hash part.
func (c Call) place(t *peek.Table, key lua.LValue) int {
	if s, ok := key.(lua.LString); ok {
		c.Meter.Bytes(len(s), 64)
	}
	i, ok := t.K2i[key]
	if !ok {
		complain(c.LState, "invalid key to 'next'")
	}
	return len(t.Array) + i + 1
}

func print(l *lua.LState) int {
	c := Of(l, "print")
	b := c.Meter.Buffer()
	defer b.Release()
	for i := 1; i <= l.GetTop(); i++ {
		if i > 1 {
			b.Add("\t")
		}
		b.Add(Display(c, l.Get(i)))
	}
	machine(l).Print(b.String())
	return 0
}

func rawEqual(l *lua.LState) int {
	c := Of(l, "rawequal")
	c.Any(1)
	x, y := l.Get(1), c.Any(2)
	if s, ok := x.(lua.LString); ok {
		c.Meter.Bytes(len(s), meter.CopyBytes)
	}
	l.Push(lua.LBool(l.RawEqual(x, y)))
	return 1
}

func rawGet(l *lua.LState) int {
	c := Of(l, "rawget")
	t := c.Table(1)
	key := c.Any(2)
	if s, ok := key.(lua.LString); ok {
		c.Meter.Bytes(len(s), 128)
	}
	l.Push(t.RawGet(key))
	return 1
}

func rawSet(l *lua.LState) int {
	c := Of(l, "rawset")
	t := c.Table(1)
	key, v := c.Any(2), c.Any(3)
	c.setRaw(t, key, v)
	l.SetTop(1)
	return 1
}

// setRaw changes a table, paying for it.
func (c Call) setRaw(t *lua.LTable, key, v lua.LValue) {
	if n, ok := key.(lua.LNumber); key == lua.LNil {
		complain(c.LState, "table index is nil")
	} else if ok && n != n {
		complain(c.LState, "table index is NaN")
	}
	if s, ok := key.(lua.LString); ok {
		c.Meter.Bytes(len(s), 128)
	}
	c.Meter.RawStore(t, key)
	t.RawSet(key, v)
}

func selectFrom(l *lua.LState) int {
	c := Of(l, "select")
	n := l.GetTop()
	if s, ok := l.Get(1).(lua.LString); ok && s == "#" {
		l.Push(lua.LNumber(n - 1))
		return 1
	}
	i := c.Int(1)
	switch {
	case i < 0:
		i = n + i
	case i > n:
		i = n
	}
	if i < 1 {
		c.Bad(1, "index out of range")
	}
	c.Meter.Work(int64(n-i) / 8)
	return n - i
}

func toNumber(l *lua.LState) int {
	c := Of(l, "tonumber")
	base := c.OptInt(2, 10)
	if base == 10 {
		if v, ok := c.toNumber(c.Any(1)); ok {
			l.Push(lua.LNumber(v))
		} else {
			l.Push(lua.LNil)
		}
		return 1
	}
	s := c.Text(1)
	if base < 2 || base > 36 {
		c.Bad(2, "base out of range")
	}
	c.Meter.Bytes(len(s), 8)
	if len(s) > longestNumber {
		l.Push(lua.LNil)
		return 1
	}
	s = strings.Trim(s, " \t\n\v\f\r")
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if base == 16 && len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' {
		s = s[2:]
	}
	v, ok := parseBase(s, base)
	switch {
	case !ok:
		l.Push(lua.LNil)
	case negative:
		l.Push(lua.LNumber(0 - v)) // no negative zero: it was a whole number
	default:
		l.Push(lua.LNumber(v))
	}
	return 1
}

func toString(l *lua.LState) int {
	c := Of(l, "tostring")
	l.Push(c.tostring(c.Any(1)))
	return 1
}

// tostring is a __tostring metamethod's answer, whatever that is, or a form without addresses.
func (c Call) tostring(v lua.LValue) lua.LValue {
	switch v := v.(type) {
	case lua.LString:
		return v
	case lua.LNumber, lua.LBool, *lua.LNilType:
		return lua.LString(v.String())
	}
	if v == lua.LValue(values.Null) {
		return lua.LString("null")
	}
	if f := c.GetMetaField(v, "__tostring"); f != lua.LNil {
		if !c.callable(f) {
			complain(c.LState, "attempt to call a %s value", f.Type())
		}
		c.Push(f)
		c.Push(v)
		c.Call(1, 1)
		answer := c.Get(-1)
		c.Pop(1)
		return answer
	}
	return lua.LString(v.Type().String() + ": " + strconv.Itoa(machine(c.LState).Identity(v)))
}

// callable reports whether a value can be called.
func (c Call) callable(v lua.LValue) bool {
	return v.Type() == lua.LTFunction || c.GetMetaField(v, "__call").Type() == lua.LTFunction
}

// Display is tostring for those that need text.
func Display(c Call, v lua.LValue) string {
	answer := c.tostring(v)
	if !lua.LVCanConvToString(answer) {
		Raise(c.LState, "'tostring' must return a string to '%s'", c.Name)
	}
	return answer.String()
}

func typeOf(l *lua.LState) int {
	l.Push(typeNames[Of(l, "type").Any(1).Type()])
	return 1
}

var typeNames = func() (names [9]lua.LString) {
	for t := lua.LTNil; t <= lua.LTChannel; t++ {
		names[t] = lua.LString(t.String())
	}
	return names
}()

func unpack(l *lua.LState) int {
	c := Of(l, "unpack")
	t := c.Table(1)
	from := c.OptInt(2, 1)
	var to int
	if l.Get(3) == lua.LNil {
		c.Meter.Length(t)
		to = t.Len()
	} else {
		to = c.Int(3)
	}
	if from > to {
		return 0
	}
	n := uint64(to) - uint64(from)
	if n >= maxResults {
		Raise(l, "too many results to unpack")
	}
	c.Meter.Work(int64(n) / 8)
	for i := from; ; i++ {
		l.Push(t.RawGet(lua.LNumber(i)))
		if i == to {
			return int(n) + 1
		}
	}
}

// Name is a short text for a key in a message.
func Name(v lua.LValue) string {
	switch v.(type) {
	case lua.LString, lua.LNumber, lua.LBool:
		return v.String()
	}
	return v.Type().String()
}
