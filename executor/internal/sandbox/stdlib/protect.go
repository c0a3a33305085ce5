package stdlib

import (
	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/peek"
)

// helperWork is what beginning a pcall is worth, in instructions.
const helperWork = 10

// runHelper begins pCall: run(helper, name, f, ...) returns thread, how, results. how is nil when the function yields.
func runHelper(l *lua.LState) int {
	t := machine(l).Threads()
	c := Of(l, l.Get(2).String())
	if l.GetTop() < 3 {
		c.Bad(1, "value expected")
	}
	f := l.Get(3)
	if !c.callable(f) {
		return settled(l, "attempt to call a "+f.Type().String()+" value")
	}
	return t.step(l, t.helper(l), l.Get(1).(*lua.LFunction), 3)
}

func settled(l *lua.LState, message string) int {
	l.Push(lua.LNil)
	l.Push(lua.LFalse)
	l.Push(lua.LString(message))
	return 3
}

// runAgain goes on with a helper that yielded: again(thread, ...) returns as run does.
func runAgain(l *lua.LState) int {
	t := machine(l).Threads()
	data := l.Get(1).(*lua.LUserData)
	return t.step(l, data.Value.(*thread), nil, 2)
}

// helper is a thread for pcall. One of the run's that ended well, and whose stack did not grow, is used again.
func (t *Threads) helper(l *lua.LState) *thread {
	t.m.Work(helperWork)
	if n := len(t.idle); n > 0 {
		th := t.idle[n-1]
		t.idle = t.idle[:n-1]
		return th
	}
	t.pay()
	state := t.make(l, func() *lua.LState {
		state, _ := l.NewThread()
		return state
	})
	return &thread{l: state, helper: true, registers: cap(peek.OfState(state).Reg.Array)}
}

// release keeps a helper that ended well.
func (t *Threads) release(th *thread) {
	if cap(peek.OfState(th.l).Reg.Array) != th.registers {
		return
	}
	if len(t.idle) < maxHelpers {
		th.l.Dead = false
		th.l.SetTop(0)
		peek.Wipe(th.l) // an idle helper is not weighed
		t.idle = append(t.idle, th)
	}
}

// adjusted is as many values as are wanted; -1: as they are.
func adjusted(values []lua.LValue, n int) []lua.LValue {
	for len(values) < n {
		values = append(values, lua.LNil)
	}
	if n >= 0 {
		clear(values[n:])
		values = values[:n]
	}
	return values
}

// step runs a helper until it returns, fails or yields. body is what it begins with, and its arguments begin at first.
func (t *Threads) step(l *lua.LState, th *thread, body *lua.LFunction, first int) int {
	args, top := t.args[:0], l.GetTop()
	for i := first; i <= top; i++ {
		args = append(args, l.Get(i))
	}
	t.m.Work(int64(len(args)) / 4)
	if body == nil {
		args = adjusted(args, wanted(th.l))
	}
	t.args = args
	var state lua.ResumeState
	var err error
	var results []lua.LValue
	t.run(l, th, func(l *lua.LState) int {
		state, err, results = l.Resume(th.l, body, args...)
		return 0
	})
	clear(args)
	t.m.Work(int64(len(results)) / 4)
	switch state {
	case lua.ResumeError:
		v := t.failed(th.l, err.(*lua.ApiError).Object)
		l.Push(lua.LNil)
		l.Push(lua.LFalse)
		l.Push(v)
		return 3
	case lua.ResumeYield:
		l.Push(&lua.LUserData{Value: th, Metatable: lua.LNil})
		l.Push(lua.LNil)
		results = results[1:] // a mark: see coYield
	default:
		l.Push(lua.LNil)
		t.release(th)
	}
	for _, v := range results {
		l.Push(v)
	}
	return l.GetTop() - top
}
