package meter

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/peek"
)

// concat charges for a concatenation of the registers from b to c. gopher-lua joins the last ones first. Where a __concat comes between, nobody
// knows yet how long the pieces will be: such a concatenation is done here, step by step, and gopher-lua finds its result.
func (m *Meter) concat(f *peek.Frame, b, c int) {
	first, last := f.LocalBase+b, f.LocalBase+c
	begin := m.join(first, last)
	if begin == first {
		return
	}
	reg := m.state.Reg // its array moves when it grows
	for i := last; ; begin = m.join(first, i) {
		if begin < i {
			reg.Array[begin] = joined(reg.Array[begin : i+1])
			i = begin
		}
		if i == first {
			break
		}
		x, y := reg.Array[i-1], reg.Array[i]
		op, ok := m.metamethod("__concat", x, y).(*lua.LFunction)
		if !ok {
			reg.Array[last-1], reg.Array[last] = x, y // where gopher-lua finds that they cannot be joined
			return
		}
		v := m.callConcat(op, x, y)
		i--
		reg.Array[i] = v
	}
	m.answer(first, last)
}

// join charges for joining the texts that end at register i, and returns where they begin: i, when it takes a metamethod to go on.
func (m *Meter) join(first, i int) int {
	n, begin := 0, i+1
	for ; begin > first; begin-- {
		switch v := m.state.Reg.Array[begin-1].(type) {
		case lua.LString:
			n += len(v)
			continue
		case lua.LNumber:
			n += numberText
			m.Work(numberWork)
			continue
		}
		break
	}
	if begin = min(begin, i); begin < i {
		m.Text(n)
		m.Work(int64(i-begin+1) / 4)
	}
	return begin
}

// What a number is as text: bytes, and instructions to write it.
const (
	numberText = 24
	numberWork = 2
)

func joined(values []lua.LValue) lua.LValue {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = lua.LVAsString(v)
	}
	return lua.LString(strings.Join(parts, ""))
}

// metamethod is what gopher-lua would call for an operation on two values; nil when there is none.
func (m *Meter) metamethod(event string, x, y lua.LValue) lua.LValue {
	if op := m.state.Lua().GetMetaField(x, event); op != lua.LNil {
		return op
	}
	return m.state.Lua().GetMetaField(y, event)
}

func (m *Meter) callConcat(op *lua.LFunction, x, y lua.LValue) lua.LValue {
	m.Work(metaWork)
	l := m.state.Lua()
	l.Push(op)
	l.Push(x)
	l.Push(y)
	l.Call(2, 1)
	v := l.Get(-1)
	l.Pop(1)
	return v
}

// answer leaves gopher-lua a concatenation whose result is the first register.
func (m *Meter) answer(first, last int) {
	regs := m.state.Reg.Array
	regs[first] = &lua.LUserData{Value: regs[first], Metatable: answers}
	for i := first + 1; i <= last; i++ {
		regs[i] = lua.LString("")
	}
}

// answers is the metatable of a result that waits to be fetched. No script sees it.
var answers = func() *lua.LTable {
	t := (*lua.LState)(nil).CreateTable(0, 1)
	t.RawSetString("__concat", &lua.LFunction{IsG: true, GFunction: func(l *lua.LState) int {
		l.Push(l.Get(1).(*lua.LUserData).Value.(lua.LValue))
		return 1
	}})
	return t
}()
