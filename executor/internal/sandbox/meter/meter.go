// Package meter holds one run to its budgets: instructions, wall clock, memory, and what it asks of the host.
//
// gopher-lua asks its context's Done once for every instruction. A [Meter] is that context: it counts, and looks at the instruction that is
// about to run, so that the work and the memory it asks for are charged before they are spent. Library functions charge for themselves with
// [Meter.Work] and [Meter.Grow]. Counts depend on the script and its input only: the same run costs the same, whatever machine it is on.
//
// Going over a budget panics with a [*Stop], which no script can catch. A Meter belongs to one Lua machine and is for one goroutine.
package meter

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/peek"
	"antiraid/shared/run"
)

// slice is how many instructions pass between two looks at the clock.
const slice = 1024

// MaxDepth is how many calls may be under way on one thread, and MaxRegisters how many values they may have.
const (
	MaxDepth     = 1000
	MaxRegisters = 32 << 10
)

// Meter is the account of one run.
type Meter struct {
	left  int64       // instructions until the next checkpoint
	alloc int64       // bytes asked for since the run was last weighed; never too few
	ceil  int64       // what alloc may reach before the run is weighed
	bound int64       // what the run may hold before it is looked at how large it is
	state *peek.State // the thread that has the CPU
	regs  int         // its registers that are paid for
	main  *peek.State // the thread that stays from run to run, and
	grown int         // its registers that this run has paid for

	own      map[unsafe.Pointer]struct{} // what is the machine's own, and
	template *set                        // what loading the template left behind: both were there before the run
	dirty    bool                        // something of that was changed
	spoiled  bool                        // something of the machine's own was

	spare    int64 // instructions that are not in left yet
	made     made
	kept     kept
	limits   run.Limits
	usage    run.Usage
	held     int64         // bytes, when last weighed
	reached  int           // objects, when last walked over
	pinned   int64         // bytes that library functions hold while they call Lua
	builds   []*lua.LTable // what library functions build, until scripts can reach it
	ctx      context.Context
	begin    time.Time
	deadline time.Time
	waited   time.Duration // for what is not the script's fault, see Wait
	turn     time.Time     // when the run last let others have one
	excused  time.Duration // for which it was made to wait for others
	stopped  *Stop
	below    int // calls under way on the threads that wait for this one

	// Owner is whose meter it is: what library functions find through [Of].
	Owner any
	// Roots shows what the run holds outside of its threads, and Globals the part of it that scripts can reach. They may be nil.
	Roots, Globals func(visit func(lua.LValue))
	// Looked is told, at each look at the clock, what the run has used and what is left of its wall clock. It may be nil.
	Looked func(used run.Usage, left time.Duration)
	// Small ends a run with [ErrLarge] before it holds more than the constant Small.
	Small bool
	// Fill is called before a table with a lazy metatable is changed. It may be nil.
	Fill func(m *Meter, t *lua.LTable)
	// Lazy is the metatable of tables that fill themselves when they are looked at.
	Lazy *lua.LTable
}

// New makes a meter for a machine and puts it in charge.
func New(l *lua.LState) *Meter {
	m := &Meter{template: &set{}, state: peek.OfState(l), main: peek.OfState(l)}
	l.SetContext(m)
	return m
}

// Of is the meter in charge of a thread.
func Of(l *lua.LState) *Meter { return l.Context().(*Meter) }

// Small is what a run may hold, in bytes, that nobody has set memory aside for.
const Small = 2 << 20

// ErrLarge says that a run wants to hold more than [Small].
var ErrLarge = errors.New("the run needs much memory")

// Start begins a run, or the next part of one, whose clock runs since begin. used is what it is taken to have used already.
func (m *Meter) Start(ctx context.Context, begin time.Time, limits run.Limits, used run.Usage) {
	m.limits, m.usage, m.ctx = limits, used, ctx
	if m.begin != begin {
		m.begin, m.turn, m.waited, m.excused = begin, begin, 0, 0
	}
	m.deadline = begin.Add(limits.Wall + m.excused)
	m.left, m.spare = 0, limits.Instructions-used.Instructions
	m.held, m.alloc, m.pinned, m.builds, m.made = used.Memory, 0, m.kept.pinned, m.builds[:0], m.kept.made
	m.usage.Memory = 0
	m.bound = min(limits.Memory, Small)
	m.ceil = m.bound - m.held
	m.regs = firstRegisters
	m.reached = 0
	m.dirty, m.spoiled, m.stopped, m.below = false, false, nil, 0
}

// Finish settles what is not accounted for yet. It returns what ends the run after all, or nil.
func (m *Meter) Finish() (stop any) {
	defer func() { stop = recover() }()
	m.Grow(0)
	return nil
}

// Usage is what the run has used so far.
func (m *Meter) Usage() run.Usage { return m.usedBy(time.Now()) }

func (m *Meter) usedBy(now time.Time) run.Usage {
	u := m.usage
	u.Instructions = m.limits.Instructions - m.spare - m.left
	u.Wall = now.Sub(m.begin) - m.excused
	if u.Memory == 0 {
		u.Memory = m.held + m.alloc
	}
	return u
}

// Limits are the run's budgets.
func (m *Meter) Limits() *run.Limits { return &m.limits }

// Context ends with the run's wall clock.
func (m *Meter) Context() (context.Context, context.CancelFunc) {
	return context.WithDeadline(m.ctx, m.deadline)
}

// Ends is when the run's wall clock ends, as of now.
func (m *Meter) Ends() time.Time { return m.deadline }

// Work charges for work that is worth n instructions, before it is done.
func (m *Meter) Work(n int64) {
	if m.left -= n; m.left < 0 {
		m.checkpoint()
	}
}

// Bytes charges for work on n bytes, at so many bytes for one instruction.
func (m *Meter) Bytes(n, perInstruction int) { m.Work(int64(n / perInstruction)) }

// checkpoint hands out more instructions and looks at the clock.
func (m *Meter) checkpoint() {
	for m.left < 0 {
		if m.spare <= 0 {
			m.Exceed("instructions", m.limits.Instructions, "used more than %d instructions", m.limits.Instructions)
		}
		n := min(m.spare, max(slice, -m.left))
		m.left += n
		m.spare -= n
	}
	m.Clock()
	if m.alloc > m.ceil {
		m.Grow(0)
	}
}

// turn is how long a run keeps a processor while others want it.
const turn = 100 * time.Microsecond

// leastWait is what counts as waiting; asking for the time is less.
const leastWait = 10 * time.Microsecond

// Clock ends the run when its time is over or nobody wants it any more, and lets others have a turn. How long that takes is not the run's
// doing, and moves its end. It is the Gosched, and the context's Err when that makes the run wait.
func (m *Meter) Clock() {
	now := time.Now()
	if now.After(m.deadline) {
		if m.waited > m.limits.Wall/2 {
			m.Abort(fmt.Errorf("wait for an answer: it took %s of a run's %s", m.waited, m.limits.Wall))
		}
		m.Exceed("wall", int64(m.limits.Wall), "ran longer than %s", m.limits.Wall)
	}
	yield := now.Sub(m.turn) > turn
	if yield {
		runtime.Gosched()
	}
	err := m.ctx.Err()
	after := time.Now()
	if yield {
		m.turn = after
	}
	m.excuse(after.Sub(now))
	if m.Looked != nil {
		m.Looked(m.usedBy(after), m.deadline.Sub(after))
	}
	if err != nil {
		m.Abort(context.Cause(m.ctx))
	}
}

// excuse moves the end of a run that was made to wait.
func (m *Meter) excuse(d time.Duration) {
	if d < leastWait {
		return
	}
	m.excused = min(m.excused+d, run.Excusable*m.limits.Wall)
	m.deadline = m.begin.Add(m.limits.Wall + m.excused)
}

// prompt is how long a store that is well may let a run wait, and promptly how many such waits a run has time for.
const (
	prompt   = 250 * time.Millisecond
	promptly = 8
)

// Wait is one wait for the store, or for an effect. A run whose time went by because nothing was to be heard has not failed: it is to be run
// again. What passes until an answer, or each part of one, that is prompt does not count: who asks often has spent that time itself.
type Wait struct {
	m     *Meter
	since time.Time
}

// Wait begins to wait.
func (m *Meter) Wait() *Wait { return &Wait{m, time.Now()} }

// Heard says that there is an answer, or a part of it.
func (w *Wait) Heard() {
	now := time.Now()
	w.m.waited += max(0, now.Sub(w.since)-min(prompt, w.m.limits.Wall/promptly))
	w.since = now
}

// Thread is the thread that has the CPU.
func (m *Meter) Thread() *lua.LState { return m.state.Lua() }

// Depth is how many calls are under way, on this thread and those that wait for it.
func (m *Meter) Depth() int {
	return m.below + m.state.Depth()
}

// Switch gives the CPU to another thread; the caller gives it back with the function that is returned.
func (m *Meter) Switch(to *lua.LState) (back func()) {
	m.registers()
	from, below, regs := m.state, m.below, m.regs
	if from == m.main {
		m.grown = regs
	}
	m.below += from.Depth()
	m.state = peek.OfState(to)
	m.regs = cap(m.state.Reg.Array)
	depth := m.state.Depth()
	return func() {
		m.registers()
		m.alloc += max(0, int64(m.state.Depth()-depth)) * callSize // calls that stay until the thread goes on
		m.state, m.below, m.regs = from, below, regs
	}
}

// Registers that a thread begins with, and by how many gopher-lua lets its stack grow: so the sandbox makes its machines.
const (
	firstRegisters = 128
	registerStep   = 512

	moveWork = 4 // registers are moved in the time of one instruction, room for them made, and what they were let go of
)

// registers charges for growth of the data stack. That of the main thread may have grown in an earlier run: there, what is in use counts.
func (m *Meter) registers() {
	n := cap(m.state.Reg.Array)
	if m.state == m.main {
		if m.state.Reg.Top <= m.regs {
			return
		}
		n = m.state.Reg.Top + registerStep
	}
	if n > m.regs {
		m.alloc += int64(n-m.regs) * valueSize
		m.left -= int64(n*n-m.regs*m.regs) / (2 * registerStep) / moveWork // step by step, all that is there is moved
		m.regs = n
	}
}

// Deadline, Err and Value make a Meter the context that gopher-lua asks. Nothing is derived from it.
func (m *Meter) Deadline() (time.Time, bool) { return time.Time{}, false }

// Err is never seen by scripts: Done panics before.
func (m *Meter) Err() error { return nil }

// Value is empty.
func (m *Meter) Value(any) any { return nil }
