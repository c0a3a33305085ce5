package meter

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/peek"
)

// Sizes in bytes, of what gopher-lua and Go allocate. TestWeightIsTrue holds them to the truth.
const (
	valueSize    = 16   // an interface in an array or register
	stringSize   = 16   // a string's header
	functionSize = 80   //
	upvalueSize  = 64   //
	tableSize    = 96   // one without array and hash
	hashEntry    = 160  // one more key in the hash part: map, key list and place
	emptyHash    = 384  // a hash part with room for 8 keys and none in it
	lazyHash     = 32   // what gopher-lua makes room for when a table without hash gets its first key
	firstArray   = 32   // and when one without array gets its first element
	lazyExtra    = 1700 // what that is more than hashEntry says
)

// FirstKey is what a hash part holds that has a key at all, in bytes, and firstKeyWork what making it is worth, in instructions.
const (
	FirstKey     = 8 * hashEntry
	firstKeyWork = 8
)

// Of threads, in bytes.
const (
	threadSize = 4 << 10 // one without its registers
	callSize   = int64(unsafe.Sizeof(peek.Frame{}))

	// NewThread is what a thread holds that has not run.
	NewThread = threadSize + firstRegisters*valueSize
)

// MaxArray is the largest index of a table's array part; larger ones are kept in its hash part. Such an array is as large as a text may be.
const MaxArray = 1<<18 - 1

// TableSize is the size of a new table with room for so many.
func TableSize(array, hash int) int64 {
	return tableSize + int64(array)*valueSize + int64(hash)*48
}

func ptr[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }

// touch notes that something from before the run is changed.
func (m *Meter) touch(p unsafe.Pointer) {
	if m.spoiled {
		return
	}
	if m.template.has(p) {
		m.dirty = true
	} else if _, own := m.own[p]; own {
		m.dirty, m.spoiled = true, true
	}
}

// Touch notes that a table, thread or other object is changed.
func Touch[T any](m *Meter, object *T) { m.touch(ptr(object)) }

// Change notes that something is changed that only the caller knows of.
func (m *Meter) Change() { m.dirty = true }

// Dirty reports whether the run changed anything that was there before it.
func (m *Meter) Dirty() bool { return m.dirty }

// Mixed reports whether the run, or loading the template before, changed anything of the machine's own, a library table, say: then that may lead
// to what scripts have made.
func (m *Meter) Mixed() bool { return m.spoiled || m.kept.spoiled }

// Own takes all that is there now for the machine's own.
func (m *Meter) Own() {
	seen := m.walk(m.Roots).seen
	m.own = make(map[unsafe.Pointer]struct{}, seen.n)
	seen.all(func(p unsafe.Pointer) { m.own[p] = struct{}{} })
	delete(m.own, ptr(m.state.Lua())) // what is on its stack is the run's
	delete(m.own, ptr(m.state.Reg))
}

// made counts what weighs more than can be seen when it is weighed: numbers share blocks, and hash parts have room that does not show.
type made struct {
	numbers int64 // boxed
	hashes  int64 // that were made for a first key
}

// gopher-lua boxes numbers in blocks. One that is still there keeps its block.
const (
	numberSize  = 8
	numberBlock = 32 * numberSize
)

// Box charges for n numbers that are made.
func (m *Meter) Box(n int) {
	m.alloc += int64(n) * numberSize
	m.made.numbers += int64(n)
}

// extra is the most that so many of them, still there, can weigh beyond what was seen.
func (m made) extra(numbers, hashes int64) int64 {
	return min(numbers*numberBlock, m.numbers*numberSize) + min(hashes, m.hashes)*lazyExtra
}

// OwnTable takes one more table, of library functions, for the machine's own.
func (m *Meter) OwnTable(t *lua.LTable) { m.own[ptr(t)] = struct{}{} }

// kept is what the loaded template has besides Lua values.
type kept struct {
	made
	pinned  int64
	spoiled bool // loading changed something of the machine's own
}

// Remember takes what has been made since [Meter.Own] for the loaded template's, and returns its size in bytes. The run pays for it.
func (m *Meter) Remember() int64 {
	w := m.walk(m.Roots)
	m.Work(w.objects)
	m.template, m.kept = w.seen, kept{m.made, m.pinned, m.spoiled}
	return w.bytes + m.made.extra(w.numbers, w.hashes) + m.pinned
}

// Forget forgets the template that [Meter.Remember] was told of.
func (m *Meter) Forget() { m.template, m.kept = &set{}, kept{} }

// Known is how many bytes it takes to know the template's objects.
func (m *Meter) Known() int64 { return int64(len(m.template.slots)) * 8 }

// Store charges for t[key] = value as the VM does it, metamethods included, before it is done.
func (m *Meter) Store(t *lua.LTable, key lua.LValue) {
	if t.Metatable == lua.LNil {
		m.hash(key)
		m.RawStore(t, key)
		return
	}
	m.storeInto(t, key)
}

// storeInto follows __newindex as gopher-lua does.
func (m *Meter) storeInto(v, key lua.LValue) {
	for range lua.MaxTableGetLoop {
		t, ok := v.(*lua.LTable)
		if ok {
			m.hash(key)
			if m.Lazy != nil && t.Metatable == lua.LValue(m.Lazy) {
				m.Fill(m, t)
			}
		}
		if next := m.state.Lua().GetMetaField(v, "__newindex"); next != lua.LNil && !(ok && t.RawGet(key) != lua.LNil) {
			if v = next; v.Type() != lua.LTFunction {
				m.Work(stepWork)
				continue
			}
			m.Work(metaWork)
		} else if ok {
			m.RawStore(t, key)
		} else if s, text := key.(lua.LString); text && len(s) > shortString {
			m.indexed(v)
		}
		return
	}
}

// RawStore charges for t[key] = value without metamethods, before it is done.
func (m *Meter) RawStore(t *lua.LTable, key lua.LValue) {
	m.touch(ptr(t))
	tb := peek.OfTable(t)
	n, ok := key.(lua.LNumber)
	if !ok || n < 1 || n > MaxArray || n != lua.LNumber(int(n)) {
		if _, text := key.(lua.LString); text && tb.Strdict == nil {
			m.alloc += lazyExtra
			m.made.hashes++
		}
		if len(tb.Keys) == 0 {
			m.Work(firstKeyWork)
			m.Grow(FirstKey)
		} else {
			m.Grow(hashEntry)
		}
		if ok && n == MaxArray+1 && len(tb.Array) == MaxArray {
			m.Exceed("memory", m.limits.Memory, "put more than %d elements into one list", MaxArray)
		}
		return
	}
	m.Extend(t, int(n))
}

// Extend charges for making a table's array part long enough for n elements.
func (m *Meter) Extend(t *lua.LTable, n int) {
	array := peek.OfTable(t).Array
	if n <= cap(array) {
		if n > len(array)+1 {
			m.Work(int64(n-len(array)) / 8)
		}
		return
	}
	m.Work(int64(n)/8 + 1)
	if n > len(array)+firstArray {
		m.Grow(int64(n) * valueSize * 9 / 8)
		peek.Lengthen(t, n-1)
		return
	}
	m.Grow(int64(room(n)) * valueSize)
}

// room is how many elements append makes room for when an array is full that has to hold n; never fewer.
func room(n int) int {
	switch {
	case n <= firstArray:
		return firstArray
	case n <= 1024:
		return 2 * n
	}
	return n + n/2
}

// Grow charges for n bytes of memory, before they are allocated. Charges are never too low and often too high, since nothing is given
// back; so when they reach the limit, what the run really holds is weighed.
func (m *Meter) Grow(n int64) {
	if m.alloc += n; m.alloc <= m.ceil {
		return
	}
	m.weigh()
	if m.held+n > m.limits.Memory {
		m.usage.Memory = max(m.usage.Memory, m.held)
		m.Exceed("memory", m.limits.Memory, "used more than %d bytes of memory", m.limits.Memory)
	}
	if m.bound < m.limits.Memory && m.held+n > m.bound/2 {
		m.enlarge()
	}
	m.alloc = n
	m.ceil = m.bound - m.held
}

// enlarge lets the run hold what its limit says.
func (m *Meter) enlarge() {
	if m.Small {
		m.Abort(ErrLarge)
	}
	m.bound = m.limits.Memory
}

// Large reports whether the run was, or wanted to be, more than a small one.
func (m *Meter) Large() bool { return m.bound > Small }

// Pin charges for n bytes that a library function holds, where weighing does not see them, until Unpin.
func (m *Meter) Pin(n int) {
	m.Grow(int64(n))
	m.pinned += int64(n)
}

// Unpin gives back what [Meter.Pin] took.
func (m *Meter) Unpin(n int) { m.pinned -= int64(n) }

// Build has a table weighed that scripts cannot reach yet, until Built. The last that was begun is built first.
func (m *Meter) Build(t *lua.LTable) { m.builds = append(m.builds, t) }

// Built ends the last Build.
func (m *Meter) Built() {
	last := len(m.builds) - 1
	m.builds[last] = nil
	m.builds = m.builds[:last]
}
