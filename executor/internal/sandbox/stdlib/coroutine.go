package stdlib

import (
	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
)

var coroutineFunctions = append(Functions(
	"create", coCreate, "resume", coResume, "running", coRunning, "status", coStatus, "wrap", coWrap,
), Function{"yield", yieldFunction})

func (c Call) thread(n int) (*lua.LState, *thread) {
	l, ok := c.Get(n).(*lua.LState)
	if !ok {
		c.Bad(n, "coroutine expected")
	}
	return l, machine(c.LState).Threads().known[l]
}

// newCoroutine makes a coroutine of the first argument.
func (c Call) newCoroutine() *lua.LState {
	f := c.Function(1)
	t := machine(c.LState).Threads()
	if int64(len(t.known)) >= c.Meter.Limits().Coroutines {
		t.sweep()
	}
	c.Meter.Coroutines(len(t.known) + 1)
	t.pay()
	l := t.make(c.LState, func() *lua.LState {
		c.Insert(t.coroutine, 1) // where create looks for it
		defer c.Remove(1)
		create(c.LState)
		defer c.Pop(1)
		return c.Get(-1).(*lua.LState)
	})
	l.Push(f) // it waits on the coroutine's stack until that begins
	t.known[l] = &thread{l: l}
	return l
}

// sweep forgets coroutines that nobody can reach any more.
func (t *Threads) sweep() {
	reached := t.m.Reached()
	for l, th := range t.known {
		if !th.active && !reached(l) {
			delete(t.known, l)
		}
	}
}

func coCreate(l *lua.LState) int {
	l.Push(Of(l, "create").newCoroutine())
	return 1
}

// wrapSize is what the function holds that wrap returns, in bytes, without its coroutine.
const wrapSize = 256

func coWrap(l *lua.LState) int {
	c := Of(l, "wrap")
	c.Meter.Grow(wrapSize)
	l.Push(l.NewClosure(wrapped, c.newCoroutine()))
	return 1
}

func wrapped(l *lua.LState) int {
	co := l.Get(lua.UpvalueIndex(1)).(*lua.LState)
	l.Insert(co, 1)
	n, ok := Of(l, "wrap").resume()
	if !ok {
		l.Error(machine(l).Threads().passOn(l, l.Get(-1)), 0)
	}
	return n
}

// passOn is an error of a coroutine as wrap raises it again: a text has the place of the caller before it.
func (t *Threads) passOn(l *lua.LState, v lua.LValue) lua.LValue {
	if !lua.LVCanConvToString(v) {
		return v
	}
	text := lua.LString(where(l, 1) + v.String())
	if t.raised != nil && t.raised.Value == v {
		t.raised.Value = text // still the same error, with its trace
	}
	return text
}

func coResume(l *lua.LState) int {
	c := Of(l, "resume")
	c.thread(1)
	n, ok := c.resume()
	l.Insert(lua.LBool(ok), l.GetTop()-n+1)
	return n + 1
}

// resume runs the coroutine that is the first argument, with the others. Its results, or its error, are on the stack.
func (c Call) resume() (results int, ok bool) {
	t := machine(c.LState).Threads()
	l, th := c.thread(1)
	switch {
	case th == nil:
		return c.Give("cannot resume dead coroutine"), false
	case th.active:
		return c.Give("cannot resume " + t.status(l, th) + " coroutine"), false
	}
	meter.Touch(c.Meter, l)
	c.Meter.Work(10 + int64(c.GetTop())/4)
	if peek.OfState(l).CurrentFrame == nil {
		c.Insert(l.Get(1), 2) // it begins
	} else if n := wanted(l); n >= 0 {
		c.SetTop(1 + n)
	}
	n := t.run(c.LState, th, resume) // pushes true or false, and the results
	ok = lua.LVAsBool(c.Get(-n))
	c.Remove(c.GetTop() - n + 1)
	if l.Dead {
		delete(t.known, l)
	}
	if !ok {
		v := t.failed(l, c.Get(-1))
		c.Pop(1)
		c.Push(v)
	}
	c.Meter.Work(int64(n) / 4)
	return n - 1, ok
}

func coStatus(l *lua.LState) int {
	c := Of(l, "status")
	co, th := c.thread(1)
	return c.Give(machine(l).Threads().status(co, th))
}

func (t *Threads) status(l *lua.LState, th *thread) string {
	switch {
	case th == nil:
		return "dead"
	case l == t.coroutineOf():
		return "running"
	case th.active:
		return "normal"
	}
	return "suspended"
}

func coRunning(l *lua.LState) int {
	if co := machine(l).Threads().coroutineOf(); co != nil {
		l.Push(co)
	} else {
		l.Push(lua.LNil)
	}
	return 1
}

// coroutineOf is the coroutine that runs; nil on the main thread. Helpers belong to the coroutine that called pcall.
func (t *Threads) coroutineOf() *lua.LState {
	for th := t.current; th != nil; th = th.resumer {
		if !th.helper {
			return th.l
		}
	}
	return nil
}

func coYield(l *lua.LState) int {
	t := machine(l).Threads()
	if t.coroutineOf() == nil {
		Raise(l, "attempt to yield from outside a coroutine")
	}
	t.m.Work(int64(l.GetTop()) / 4)
	for f := peek.OfState(l).CurrentFrame.Parent; f != nil; f = f.Parent {
		t.m.Work(1)
		if f.Fn.IsG || !calls(f) {
			Raise(l, "attempt to yield across metamethod/C-call boundary")
		}
	}
	if t.current.helper {
		l.Insert(lua.LTrue, 1) // a mark, so that no value is not one nil
	}
	return -1
}

// wanted is how many values a thread takes that waits in a yield; -1: as many as it is given. gopher-lua gives it all there are, and nothing where
// there are too few.
func wanted(l *lua.LState) int {
	f := peek.OfState(l).CurrentFrame
	return int(f.Fn.Proto.Code[f.Pc-1]>>9&0x1ff) - 1
}

// calls reports whether a Lua function is at a call, so that what it called can be left and come back to.
func calls(f *peek.Frame) bool {
	op := int(f.Fn.Proto.Code[f.Pc-1] >> 26)
	return op == lua.OP_CALL || op == lua.OP_TAILCALL
}
