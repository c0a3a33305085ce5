package meter

import (
	"math"
	"unsafe"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/peek"
)

// weigh adds up what the run holds: all that can be reached from its threads and roots, each object once.
func (m *Meter) weigh() {
	m.alloc, m.ceil = 0, math.MaxInt64 // paying for it is no reason to weigh again
	w := m.walk(m.Roots)
	m.Work(w.objects)
	m.held = w.bytes + m.made.extra(w.numbers, w.hashes) + m.pinned
	m.usage.Memory = max(m.usage.Memory, m.held)
	m.alloc = 0
	m.ceil = m.bound - m.held
}

// Reached goes over what can be reached from the running threads and what [Meter.Remember] was told of, and reports whether an object is there.
func (m *Meter) Reached() func(l *lua.LState) bool {
	w := m.walk(m.Globals)
	m.Work(w.objects)
	return func(l *lua.LState) bool {
		return w.seen.has(ptr(l))
	}
}

// walk goes over everything that the running threads and roots refer to.
func (m *Meter) walk(roots func(func(lua.LValue))) *weigher {
	w := &weigher{meter: m, seen: newSet(m.reached, m.Clock)}
	for s := m.state; s != nil; s = peek.OfState(s.Parent) {
		w.visit(s.Lua())
	}
	if roots != nil {
		roots(w.visit)
	}
	for _, t := range m.builds {
		w.visit(t)
	}
	w.run()
	m.reached = w.seen.n
	return w
}

// weigher walks over objects. It keeps its own stack, so that a long chain costs no Go stack.
type weigher struct {
	meter   *Meter
	seen    *set
	todo    []lua.LValue
	bytes   int64
	objects int64
	numbers int64 // boxed ones
	hashes  int64
	visits  int
}

// first reports whether an object has not been seen before. What is the machine's own weighs nothing, unless the run changed it.
func (w *weigher) first(p unsafe.Pointer) bool {
	if _, own := w.meter.own[p]; own && !w.meter.Mixed() {
		return false
	}
	if !w.seen.add(p) {
		return false
	}
	w.objects++
	return true
}

// stretch is how many values are visited between two looks at the clock: about half a millisecond.
const stretch = 8192

func (w *weigher) run() {
	for len(w.todo) > 0 {
		v := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		switch v := v.(type) {
		case *lua.LTable:
			w.table(v)
		case *lua.LFunction:
			w.function(v)
		case *lua.LState:
			w.thread(v)
		case *lua.LUserData:
			w.userdata(v)
		}
	}
}

// visit counts a value, or puts it aside until its turn.
func (w *weigher) visit(v lua.LValue) {
	if w.visits++; w.visits%stretch == 0 {
		w.meter.Clock()
	}
	switch v := v.(type) {
	case nil:
	case lua.LNumber:
		if v < 0 || v >= 128 || v != lua.LNumber(int(v)) {
			w.numbers++
		}
	case lua.LString:
		w.text(string(v))
	case *lua.LTable:
		if w.first(ptr(v)) {
			w.todo = append(w.todo, v)
		}
	case *lua.LFunction:
		if v.IsG && len(v.Upvalues) == 0 {
			return // a library function, shared by all machines
		}
		if w.first(ptr(v)) {
			w.todo = append(w.todo, v)
		}
	case *lua.LState:
		if w.first(ptr(v)) {
			w.todo = append(w.todo, v)
		}
	case *lua.LUserData:
		if w.first(ptr(v)) {
			w.todo = append(w.todo, v)
		}
	}
}

// text counts a long string once, however often it is referred to.
func (w *weigher) text(s string) {
	w.bytes += stringSize
	if len(s) <= shortString {
		w.bytes += int64(len(s))
	} else if w.first(unsafe.Pointer(unsafe.StringData(s))) {
		w.bytes += int64(len(s))
	}
}

// keyWork is what a key is worth that is looked up, in objects.
const keyWork = 3

func (w *weigher) table(t *lua.LTable) {
	tb := peek.OfTable(t)
	w.bytes += tableSize + int64(cap(tb.Array))*valueSize
	switch n := len(tb.Keys); {
	case n > 0:
		w.bytes += max(int64(n)*hashEntry, FirstKey)
	case tb.Strdict != nil:
		w.bytes += emptyHash
	}
	if tb.Strdict != nil {
		w.hashes++
	}
	w.objects += int64(len(tb.Array))/8 + keyWork*int64(len(tb.Keys))
	w.visit(tb.Metatable)
	for _, v := range tb.Array[:cap(tb.Array)] { // what was removed may still be behind the end
		w.visit(v)
	}
	for _, k := range tb.Keys {
		w.visit(k)
		if s, ok := k.(lua.LString); ok {
			w.visit(tb.Strdict[string(s)])
		} else {
			w.visit(tb.Dict[k])
		}
	}
}

func (w *weigher) function(f *lua.LFunction) {
	w.bytes += functionSize + 8*int64(len(f.Upvalues))
	w.objects += int64(len(f.Upvalues)) / 2
	if f.Env != nil {
		w.visit(f.Env)
	}
	for _, u := range f.Upvalues {
		if u == nil || !w.first(ptr(u)) {
			continue
		}
		up := peek.OfUpvalue(u)
		w.bytes += upvalueSize
		if up.Reg != nil {
			w.registry(up.Reg) // also a closed one keeps it
		}
		if up.Closed || up.Reg == nil {
			w.visit(up.Value)
		}
	}
}

func (w *weigher) thread(l *lua.LState) {
	s := peek.OfState(l)
	w.registry(s.Reg)
	for f := s.CurrentFrame; f != nil; f = f.Parent {
		if f.Fn != nil {
			w.visit(f.Fn)
		}
	}
}

// registry counts a stack and its thread: a closed variable keeps both.
func (w *weigher) registry(r *peek.Registry) {
	if !w.first(ptr(r)) {
		return
	}
	n := cap(r.Array)
	if m := w.meter; r == m.main.Reg && m.state == m.main {
		n = m.regs
	} else if r == m.main.Reg {
		n = m.grown
	}
	w.bytes += threadSize + int64(n)*valueSize
	s := r.State()
	w.bytes += int64(s.Depth()) * callSize
	peek.ForgetCalls(s) // or they would keep what nobody weighs
	w.objects += int64(n) / 8
	for _, v := range r.Array {
		w.visit(v)
	}
}

// Holder is a userdata's value that keeps a Lua value.
type Holder interface{ Holds() lua.LValue }

func (w *weigher) userdata(u *lua.LUserData) {
	w.bytes += 64
	w.visit(u.Metatable)
	if h, ok := u.Value.(Holder); ok {
		w.visit(h.Holds())
	}
}

// Weigh is how many bytes the run holds now.
func (m *Meter) Weigh() int64 {
	m.weigh()
	return m.held
}
