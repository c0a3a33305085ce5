package meter

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/peek"
)

// kind says what must be looked at before an instruction runs.
type kind uint8

const (
	plain   kind = iota // constant work, nothing kept
	fill                // many registers
	loop                // boxes two numbers
	arith               // numbers in most cases; strings are parsed
	modulo              // the same, and large quotients take long
	unary               //
	index               // the key may be a long string, and found far away
	field               // the same with a constant as key
	name                // of a global variable
	store               // a table may grow, or must not be changed unnoticed
	global              //
	upvalue             //
	table               // a new one
	closure             // each variable is looked for among the open ones
	closing             // all open ones are walked over
	concat              //
	compare             // strings may be long
	length              // trailing nils are walked over
	call                //
	spread              // as many values as there are
	list                //
)

var kinds = [64]kind{
	lua.OP_LOADNIL: fill,
	lua.OP_FORLOOP: loop, lua.OP_FORPREP: loop,
	lua.OP_ADD: arith, lua.OP_SUB: arith, lua.OP_MUL: arith, lua.OP_DIV: arith, lua.OP_MOD: modulo, lua.OP_POW: arith, lua.OP_UNM: unary,
	lua.OP_GETTABLE: index, lua.OP_GETTABLEKS: field, lua.OP_SELF: field, lua.OP_GETGLOBAL: name, lua.OP_SETTABLE: store, lua.OP_SETTABLEKS: store, lua.OP_SETGLOBAL: global, lua.OP_SETUPVAL: upvalue,
	lua.OP_NEWTABLE: table, lua.OP_CLOSURE: closure, lua.OP_CLOSE: closing, lua.OP_CONCAT: concat,
	lua.OP_EQ: compare, lua.OP_LT: compare, lua.OP_LE: compare, lua.OP_LEN: length,
	lua.OP_CALL: call, lua.OP_TAILCALL: call, lua.OP_RETURN: spread, lua.OP_VARARG: spread, lua.OP_SETLIST: list,
}

// Done is asked by gopher-lua before each instruction. It counts one, and charges for what that instruction asks beyond.
func (m *Meter) Done() <-chan struct{} {
	if m.left--; m.left < 0 {
		m.checkpoint()
	}
	f := m.state.CurrentFrame
	inst := f.Fn.Proto.Code[f.Pc-1]
	switch kinds[inst>>26] {
	case plain:
	case loop:
		m.Box(2)
	case arith:
		m.Box(1)
		if b := inst & 0x1ff; b < isConstant {
			if _, ok := m.state.Reg.Array[f.LocalBase+int(b)].(lua.LNumber); !ok {
				m.coerce(f, inst)
			}
		}
		if c := inst >> 9 & 0x1ff; c < isConstant {
			if _, ok := m.state.Reg.Array[f.LocalBase+int(c)].(lua.LNumber); !ok {
				m.coerce(f, inst)
			}
		}
	case index, field:
		m.Index(m.operand(f, int(inst&0x1ff)), m.operand(f, int(inst>>9)&0x1ff))
	case name:
		m.Index(f.Fn.Env, f.Fn.Proto.Constants[inst&0x3ffff])
	default:
		m.look(f, inst)
	}
	return nil
}

// CopyBytes are copied in the time of one instruction.
const CopyBytes = 256

// Bytes that are worked on in the time of one instruction.
const (
	hashBytes    = 128
	compareBytes = 32
	parseBytes   = 4
)

// fillRegisters are set to nil in the time of one instruction.
const fillRegisters = 16

// openWork is how many open variables are walked over in the time of one instruction.
const openWork = 16

// libraryNumbers is how many numbers a library function returns at most that does not say how many there are.
const libraryNumbers = 4

// libraryCall is what calling a library function costs, in instructions, besides its work.
const libraryCall = 3

const (
	isConstant  = 0x100 // operands from here on are constants
	shortString = 64    // strings up to here cost nothing extra
	needsArg    = lua.VarArgNeedsArg
)

// look charges for the instructions that are not of constant cost.
func (m *Meter) look(f *peek.Frame, inst uint32) {
	a, b, c := int(inst>>18)&0xff, int(inst&0x1ff), int(inst>>9)&0x1ff
	switch kinds[inst>>26] {
	case fill:
		m.Work(int64(b-a) / fillRegisters)
	case modulo:
		m.Box(1)
		m.modulo(f, inst)
	case unary:
		m.Box(1)
		v := m.operand(f, b)
		m.parse(int(inst>>26), v, v, v)
	case store:
		if t, ok := m.operand(f, a).(*lua.LTable); ok {
			m.Store(t, m.operand(f, b))
		} else {
			m.storeInto(m.operand(f, a), m.operand(f, b))
		}
	case global:
		m.Store(f.Fn.Env, f.Fn.Proto.Constants[inst&0x3ffff])
	case upvalue:
		m.touch(ptr(f.Fn.Upvalues[b]))
	case table:
		m.Grow(TableSize(b, c))
	case closure:
		n := len(f.Fn.Proto.FunctionPrototypes[inst&0x3ffff].DbgUpvalues)
		m.Work(int64(n)/2 + int64(n*m.state.Open())/openWork)
		m.Grow(functionSize + int64(n)*(8+upvalueSize))
	case closing:
		m.Work(int64(m.state.Open()) / openWork)
	case concat:
		m.concat(f, b, c)
	case compare:
		m.compare(int(inst>>26), m.operand(f, b), m.operand(f, c))
	case length:
		m.length(m.operand(f, b))
	case call:
		if int(inst>>26) == lua.OP_TAILCALL {
			m.Work(int64(m.state.Open()) / openWork)
		}
		m.call(f, a, b)
	case spread:
		m.Work(int64(m.state.Open()) / openWork) // a return closes them
		if b == 0 && int(inst>>26) == lua.OP_VARARG {
			m.Work(int64(max(0, f.NArgs-int(f.Fn.Proto.NumParameters))) / 8)
		} else if b == 0 {
			m.Work(int64(m.state.Reg.Top-f.LocalBase-a) / 8)
		}
	case list:
		n := b
		if n == 0 {
			n = m.state.Reg.Top - f.LocalBase - a - 1
		}
		m.Work(int64(n) / 8)
		m.Grow(int64(n) * 2 * valueSize)
	}
}

// operand is a register or a constant.
func (m *Meter) operand(f *peek.Frame, n int) lua.LValue {
	if n >= isConstant {
		return f.Fn.Proto.Constants[n&^isConstant]
	}
	return m.state.Reg.Array[f.LocalBase+n]
}

// Index charges for what looking a field up takes beyond one instruction.
func (m *Meter) Index(v, key lua.LValue) {
	if t, ok := v.(*lua.LTable); ok && t.Metatable != lua.LNil && t.Metatable != lua.LValue(m.Lazy) || !ok && m.Mixed() {
		m.chain(v)
	}
	if s, ok := key.(lua.LString); ok && len(s) > shortString {
		m.lookup(v, s)
	}
}

// stepWork is what going on to the next table is worth that __index or __newindex leads to, in instructions.
const stepWork = 2

// metaWork is what calling a metamethod is worth that an instruction needs: the machine calls itself for it.
const metaWork = 10

// meta charges for the metamethod of an operation that a table has.
func (m *Meter) meta(v lua.LValue) {
	if t, ok := v.(*lua.LTable); ok && t.Metatable != lua.LNil {
		m.Work(metaWork)
	}
}

// chain charges for the tables that __index leads to, wherever the field is found. Strings have one, which a script may lengthen.
func (m *Meter) chain(v lua.LValue) {
	for range lua.MaxTableGetLoop {
		switch v = m.state.Lua().GetMetaField(v, "__index"); v.Type() {
		case lua.LTNil:
			return
		case lua.LTFunction:
			m.Work(metaWork)
			return
		}
		m.Work(stepWork)
	}
}

// lookup charges for a field with a long name. Each table that __index leads to hashes it again.
func (m *Meter) lookup(v lua.LValue, key lua.LString) {
	for range lua.MaxTableGetLoop {
		t, isTable := v.(*lua.LTable)
		if isTable {
			m.hash(key)
			if t.RawGetString(string(key)) != lua.LNil {
				return
			}
		}
		next := m.state.Lua().GetMetaField(v, "__index")
		if next == lua.LNil {
			if !isTable {
				m.indexed(v)
			}
			return
		}
		if v = next; v.Type() == lua.LTFunction {
			return
		}
	}
}

// indexed raises the error for a value that has no fields. gopher-lua's own message would have the long name in it, several times over until it is made.
func (m *Meter) indexed(v lua.LValue) {
	m.state.Lua().RaiseError("attempt to index a %s value", v.Type())
}

// hash charges for looking for a key in one table.
func (m *Meter) hash(key lua.LValue) {
	if s, ok := key.(lua.LString); ok && len(s) > shortString {
		m.Bytes(len(s), hashBytes)
	}
}

var arithmetic = [64]string{
	lua.OP_ADD: "__add", lua.OP_SUB: "__sub", lua.OP_MUL: "__mul", lua.OP_DIV: "__div", lua.OP_MOD: "__mod", lua.OP_POW: "__pow", lua.OP_UNM: "__unm",
}

func (m *Meter) modulo(f *peek.Frame, inst uint32) {
	x, okX := m.operand(f, int(inst&0x1ff)).(lua.LNumber)
	y, okY := m.operand(f, int(inst>>9)&0x1ff).(lua.LNumber)
	if okX && okY {
		m.Remainder(float64(x), float64(y))
	} else {
		m.coerce(f, inst)
	}
}

// Remainder charges for finding what is left of x when it is divided by y: of a large quotient that is found step by step.
func (m *Meter) Remainder(x, y float64) {
	if q := x / y; q > slowQuotient || q < -slowQuotient {
		m.Work(remainderWork)
	}
}

const (
	slowQuotient  = 1 << 53
	remainderWork = 25
)

func (m *Meter) coerce(f *peek.Frame, inst uint32) {
	x, y := m.operand(f, int(inst&0x1ff)), m.operand(f, int(inst>>9)&0x1ff)
	m.parse(int(inst>>26), x, x, y)
	m.parse(int(inst>>26), y, x, y)
}

// longestNumber is how many characters of text may be a number.
const longestNumber = 1000

// Number charges for reading a number from text.
func (m *Meter) Number(s string) {
	m.Bytes(len(s), parseBytes)
	if SlowNumber(s) {
		m.Work(slowNumber)
	}
}

// slowNumber is what reading a number is worth that is not read the fast way, in instructions: some ten microseconds.
const slowNumber = 500

// fastDigits is how many characters a number may have to be read the fast way for sure.
const fastDigits = 19

// SlowNumber reports whether it may take long to read a number: when it has more digits than a float keeps, or is near the ends of the range.
func SlowNumber(s string) bool {
	if len(s) > fastDigits {
		return true
	}
	e := strings.IndexAny(s, "eE")
	return e >= 0 && len(strings.TrimLeft(s[e+1:], "+-")) > 2
}

// parse charges for reading a number from text, as an operation on x and y does. gopher-lua takes long for a long text.
func (m *Meter) parse(op int, v, x, y lua.LValue) {
	s, ok := v.(lua.LString)
	if !ok {
		m.meta(v)
		return
	}
	m.Number(string(s))
	m.Grow(2 * int64(len(s)))
	if len(s) > longestNumber && len(strings.Trim(string(s), " \t\n\v\f\r")) > longestNumber && m.metamethod(arithmetic[op], x, y) == lua.LNil {
		m.state.Lua().RaiseError("attempt to perform arithmetic on a string value")
	}
}

// Text charges for a new string of n bytes, before it is made.
func (m *Meter) Text(n int) {
	if limit := m.MaxText(); n > limit {
		m.Exceed("memory", m.limits.Memory, "asked for a string of %d bytes; one string may have %d, an eighth of the memory limit", n, limit)
	}
	if n > shortString {
		m.Bytes(n, CopyBytes)
	}
	m.Grow(int64(n) + stringSize)
}

// MaxText is the length in bytes that a string may have.
func (m *Meter) MaxText() int { return int(m.limits.Memory / 8) }

func (m *Meter) compare(op int, x, y lua.LValue) {
	s, ok := x.(lua.LString)
	if !ok {
		m.meta(x)
	}
	if !ok || len(s) <= shortString {
		return
	}
	t, ok := y.(lua.LString)
	if !ok || len(t) <= shortString {
		return
	}
	switch {
	case op != lua.OP_EQ:
		m.Bytes(min(len(s), len(t)), compareBytes)
	case len(s) == len(t):
		m.Bytes(len(s), CopyBytes)
	}
}

// length charges for the search of the last element that is not nil.
func (m *Meter) length(v lua.LValue) {
	if t, ok := v.(*lua.LTable); ok {
		m.meta(v)
		m.Length(t)
	}
}

// Length charges for t.Len.
func (m *Meter) Length(t *lua.LTable) {
	if a := peek.OfTable(t).Array; len(a) > shortString && a[len(a)-1] == lua.LNil {
		m.Work(int64(len(a)) / 16)
	}
}

// call charges for the arguments and refuses calls that are nested too deep.
func (m *Meter) call(f *peek.Frame, a, b int) {
	n := b - 1
	if b == 0 {
		n = m.state.Reg.Top - f.LocalBase - a - 1
		m.Work(int64(n) / 8)
	}
	if m.registers(); m.alloc > m.ceil {
		m.Grow(0)
	}
	if m.below+f.Idx >= MaxDepth {
		m.state.Lua().RaiseError("stack overflow: more than %d calls are under way", MaxDepth)
	}
	fn, ok := m.state.Reg.Array[f.LocalBase+a].(*lua.LFunction)
	if ok && !fn.IsG && f.LocalBase+a+1+2*n+int(fn.Proto.NumUsedRegisters) > MaxRegisters { // gopher-lua breaks down over it in a tail call
		m.state.Lua().RaiseError("stack overflow: too many values")
	}
	if ok && fn.IsG {
		m.left -= libraryCall
		m.Box(libraryNumbers)
		return
	}
	if ok {
		m.left -= int64(fn.Proto.NumUsedRegisters) / fillRegisters
	}
	if ok && fn.Proto.IsVarArg != 0 {
		m.left -= int64(fn.Proto.NumParameters) / 8 // they are moved once more
	}
	if ok && fn.Proto.IsVarArg&needsArg != 0 {
		m.Grow(TableSize(n, lazyHash) + hashEntry) // gopher-lua makes the old `arg` table
		m.Work(4)
	}
}
