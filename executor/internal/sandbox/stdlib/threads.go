package stdlib

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"unsafe"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
	"antiraid/executor/internal/sandbox/source"
)

// ErrPanic says that the machine itself broke down.
var ErrPanic = errors.New("the Lua machine broke down")

const (
	maxNested  = 150 // threads that wait for one another
	maxHelpers = 4   // idle ones that are kept
	maxArgs    = 64  // for whose arguments there is room between runs
	threadWork = 100 // instructions
	errorWork  = 30  // instructions, and for each call that it unwinds
	unwindWork = 4   // so many more
	openWork   = 16  // open variables that are looked at in the time of one, for each call
	starting   = 10  // calls that a thread needs before its errors are ours
)

// Threads are the threads of one machine: coroutines, and those on which pcall runs its functions. All run under the machine's meter.
type Threads struct {
	m       *meter.Meter
	known   map[*lua.LState]*thread // coroutines that are not dead
	loaded  []*thread               // those that were made while the template was loaded
	current *thread                 // nil: the main thread
	nested  int
	idle    []*thread // helpers of the run
	args    []lua.LValue

	coroutine *lua.LFunction // what a coroutine runs first
	raised    *Raised
}

// thread is one thread besides the main one.
type thread struct {
	l       *lua.LState
	helper  bool
	resumer *thread // while it runs or waits for one that does
	active  bool

	registers int // of a helper when it was new
}

// Holds shows a thread that waits to the meter, and with it all that it has.
func (th *thread) Holds() lua.LValue { return th.l }

// Raised is the latest error that was raised, with where that was.
type Raised struct {
	Value lua.LValue
	Trace []peek.Place
	by    *lua.LState
}

// NewThreads makes the threads of a machine.
func NewThreads(l *lua.LState, m *meter.Meter) *Threads {
	t := &Threads{m: m, known: map[*lua.LState]*thread{}}
	l.Panic = t.raise
	return t
}

//go:embed prelude.lua
var preludeText string

var prelude = func() *source.Chunk {
	chunk, err := source.Compile(PreludeName, preludeText, source.Limits{Bytes: 1 << 16, Functions: 20, Work: 1_000_000})
	if err != nil {
		panic(err)
	}
	return chunk
}()

// create and resume are gopher-lua's own; it has no other way to start a thread that returns exactly what its function does.
var create, resume = func() (lua.LGFunction, lua.LGFunction) {
	l := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer l.Close()
	lua.OpenCoroutine(l)
	lib := l.Get(-1).(*lua.LTable)
	return lib.RawGetString("create").(*lua.LFunction).GFunction, lib.RawGetString("resume").(*lua.LFunction).GFunction
}()

var (
	runFunction   = Functions("run", runHelper)[0].Fn
	againFunction = Functions("again", runAgain)[0].Fn
	yieldFunction = Functions("yield", coYield)[0].Fn
	armFunction   = Functions("arm", func(l *lua.LState) int {
		l.Panic = machine(l).Threads().raise
		return 0
	})[0].Fn
)

// open runs the prelude.
func (t *Threads) open(l *lua.LState) (pcall, xpcall lua.LValue) {
	l.Push(l.NewFunctionFromProto(prelude.Proto))
	for _, f := range []*lua.LFunction{runFunction, againFunction, yieldFunction, armFunction} {
		l.Push(f)
	}
	l.Call(4, 3)
	pcall, xpcall, t.coroutine = l.Get(-3), l.Get(-2), l.Get(-1).(*lua.LFunction)
	l.SetTop(0)
	return pcall, xpcall
}

// raise is called when an error is raised on a thread, while its stack is whole.
func (t *Threads) raise(l *lua.LState) {
	v := l.Get(-1)
	if v == nil {
		v = lua.LNil // what a fault of ours, or of gopher-lua's, has left
	}
	s := peek.OfState(l)
	t.m.Work(errorWork + int64(s.Depth())*(unwindWork+int64(s.Open())/openWork))
	if s, ok := v.(lua.LString); ok {
		t.m.Text(len(s))
		if !peek.OfState(l).CurrentFrame.Fn.IsG { // an instruction's: gopher-lua wrote it
			t.m.Bytes(len(s), messageBytes)
			if len(s) < longMessage {
				v = withoutAddresses(s)
			}
		}
	}
	trace := peek.Trace(s)
	if t.raised != nil && t.raised.by == nil && s.CurrentFrame.Fn.IsG && identical(t.raised.Value, v) {
		trace = t.raised.Trace // a library function raised it again: error, or wrap for a coroutine that died of it
	}
	t.raised = &Raised{v, trace, l}
	panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: v})
}

const (
	messageBytes = 16  // of a message of gopher-lua's are written in the time of one instruction
	longMessage  = 200 // one that is longer shows a text, and no address
)

// withoutAddresses cuts off what gopher-lua shows of an object that was used as a key. Other numbers that a script writes in an error stay.
func withoutAddresses(s lua.LString) lua.LString {
	i := strings.Index(string(s), ": 0x")
	if i < 0 {
		return s
	}
	begin := i + len(": 0x")
	end := begin
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] >= 'a' && s[end] <= 'f') {
		end++
	}
	keep := end
	if end-begin >= shortestAddress && endsInKind(string(s[:i])) {
		keep = i
	}
	return s[:keep] + withoutAddresses(s[end:])
}

// shortestAddress is fewer digits than an address has.
const shortestAddress = 6

// endsInKind reports whether a text ends in what goes before an address.
func endsInKind(s string) bool {
	for _, typ := range []lua.LValueType{lua.LTTable, lua.LTFunction, lua.LTUserData, lua.LTThread, lua.LTChannel} {
		if strings.HasSuffix(s, typ.String()) {
			return true
		}
	}
	return false
}

// identical reports whether two errors are the same object; of texts, not only the same words.
func identical(x, y lua.LValue) bool {
	s, text := x.(lua.LString)
	t, also := y.(lua.LString)
	return same(x, y) && (!text || !also || unsafe.StringData(string(s)) == unsafe.StringData(string(t)))
}

// same reports whether two errors are one. NaN may be one too.
func same(x, y lua.LValue) bool { return x == y || x != x && y != y }

// Raised is the error that a panic of the machine stands for; nil when it was not raised by Lua.
func (t *Threads) Raised(panicked any) *Raised {
	if panicked == "lua callstack overflow" {
		return &Raised{Value: lua.LString("stack overflow"), Trace: peek.Trace(peek.OfState(t.m.Thread()))}
	}
	if e, ok := panicked.(*lua.ApiError); ok && t.raised != nil && same(t.raised.Value, e.Object) {
		return t.raised
	}
	return nil
}

// Forget forgets all coroutines.
func (t *Threads) Forget() {
	clear(t.known)
	t.loaded = nil
}

// Keep says that the template is loaded: the threads it made stay from run to run.
func (t *Threads) Keep() {
	t.loaded = t.loaded[:0]
	for _, th := range t.known {
		t.loaded = append(t.loaded, th)
	}
}

// Reset forgets the threads that the last run made.
func (t *Threads) Reset() {
	t.current, t.nested, t.raised = nil, 0, nil
	t.idle = nil // which of them a closure was made on decides what it keeps alive: each run begins without
	if cap(t.args) > maxArgs {
		t.args = nil
	}
	for _, th := range t.loaded {
		peek.Wipe(th.l)
	}
	if len(t.known) == 0 && len(t.loaded) == 0 {
		return
	}
	clear(t.known)
	for _, th := range t.loaded {
		t.known[th.l] = th
	}
}

// Roots shows the coroutines and the latest error. Idle helpers are the machine's, and hold nothing.
func (t *Threads) Roots(visit func(lua.LValue)) {
	for l := range t.known {
		visit(l)
	}
	if t.raised != nil {
		visit(t.raised.Value)
	}
}

// pay charges for a new thread.
func (t *Threads) pay() {
	t.m.Work(threadWork)
	t.m.Grow(meter.NewThread)
}

// make has gopher-lua create a thread, and puts it under the machine's meter.
func (t *Threads) make(l *lua.LState, create func() *lua.LState) *lua.LState {
	l.RemoveContext() // or the new thread would derive one of its own
	defer l.SetContext(t.m)
	made := create()
	made.SetContext(t.m)
	peek.ForgetCalls(peek.OfState(made)) // gopher-lua has it begin with room that another thread has used
	return made
}

// run makes th the thread that runs while resume runs it.
func (t *Threads) run(l *lua.LState, th *thread, resume lua.LGFunction) int {
	if t.m.Depth() >= meter.MaxDepth-starting {
		Raise(l, "stack overflow: more than %d calls are under way", meter.MaxDepth)
	}
	if t.nested >= maxNested {
		Raise(l, "stack overflow: more than %d coroutines and pcalls are under way", maxNested)
	}
	t.nested++
	th.resumer, t.current, th.active = t.current, th, true
	back := t.m.Switch(th.l)
	defer func() {
		back()
		t.current, th.resumer, th.active = th.resumer, nil, false
		t.nested--
	}()
	return resume(l)
}

// failed decides what an error that ended a thread is: an end of the run goes on, a fault of the machine ends it, and anything else is
// Lua's.
func (t *Threads) failed(by *lua.LState, v lua.LValue) lua.LValue {
	if stop := t.m.Stopped(); stop != nil {
		panic(stop)
	}
	if t.raised != nil && t.raised.by == by {
		t.raised.by = nil
		return v
	}
	if v == lua.LValue(lua.LString("lua callstack overflow")) {
		return lua.LString("stack overflow")
	}
	t.m.Abort(fmt.Errorf("%w: %s", ErrPanic, v))
	return nil
}
