// Package peek reads what gopher-lua keeps to itself and a budget has to know: the instruction that is about to run, the registers it works
// on, and how large tables and stacks are.
//
// Each type here is a twin of one of gopher-lua's, laid over it. [Check] compares the twins with the real types, field by field, and must be
// asked before the first use; a version of gopher-lua with another layout is refused instead of misread. What is in use is written by
// [Lengthen] and by who moves elements of an array or leaves a result in a register; [Wipe], [ForgetCalls] and [Drain] forget what is not.
package peek

import (
	"context"
	"fmt"
	"reflect"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// State is a thread of a Lua machine.
type State struct {
	G       *lua.Global
	Parent  *lua.LState
	Env     *lua.LTable
	Panic   func(*lua.LState)
	Dead    bool
	Options lua.Options

	Stop         int32
	Reg          *Registry
	Stack        any
	Alloc        unsafe.Pointer
	CurrentFrame *Frame
	Wrapped      bool
	Uvcache      *Upvalue
	HasErrorFunc bool
	MainLoop     unsafe.Pointer
	Ctx          context.Context
	CtxCancelFn  context.CancelFunc
}

// Registry is a thread's data stack.
type Registry struct {
	Array   []lua.LValue
	Top     int
	GrowBy  int
	MaxSize int
	Alloc   unsafe.Pointer
	Handler any
}

// Frame is one call on a thread's stack.
type Frame struct {
	Idx        int
	Fn         *lua.LFunction
	Parent     *Frame
	Pc         int
	Base       int
	LocalBase  int
	ReturnBase int
	NArgs      int
	NRet       int
	TailCall   int
}

// Table is a Lua table. Keys holds every hash key the table ever had, in the order they came.
type Table struct {
	Metatable lua.LValue
	Array     []lua.LValue
	Dict      map[lua.LValue]lua.LValue
	Strdict   map[string]lua.LValue
	Keys      []lua.LValue
	K2i       map[lua.LValue]int
}

// Upvalue is a variable that closures share.
type Upvalue struct {
	Next   *Upvalue
	Reg    *Registry
	Index  int
	Value  lua.LValue
	Closed bool
}

// State is the thread that the stack belongs to: it is told when the stack overflows.
func (r *Registry) State() *State {
	handler := (*[2]unsafe.Pointer)(unsafe.Pointer(&r.Handler)) // an interface is a type and a pointer
	return (*State)(handler[1])
}

// Depth is how many calls wait for the one that is under way.
func (s *State) Depth() int {
	if s.CurrentFrame == nil {
		return 0
	}
	return s.CurrentFrame.Idx
}

// Open is how many variables of the thread's calls closures share.
func (s *State) Open() (n int) {
	for u := s.Uvcache; u != nil; u = u.Next {
		n++
	}
	return n
}

// OfState looks into a thread.
func OfState(l *lua.LState) *State { return (*State)(unsafe.Pointer(l)) }

// OfTable looks into a table.
func OfTable(t *lua.LTable) *Table { return (*Table)(unsafe.Pointer(t)) }

// Lengthen makes a table's array part n elements long, in one step: gopher-lua would append as many nils one by one, and move them each time.
// The next element has room too.
func Lengthen(t *lua.LTable, n int) {
	tb := OfTable(t)
	array := make([]lua.LValue, n, n+1)
	copy(array, tb.Array)
	for i := len(tb.Array); i < n; i++ {
		array[i] = lua.LNil
	}
	tb.Array = array
}

// OfUpvalue looks into an upvalue.
func OfUpvalue(u *lua.Upvalue) *Upvalue { return (*Upvalue)(unsafe.Pointer(u)) }

// Check reports the first difference between the twins and gopher-lua's types.
func Check() error {
	state := reflect.TypeFor[lua.LState]()
	var registry, frame reflect.Type
	calls, err := stackType()
	if err != nil {
		return err
	}
	for i := range state.NumField() {
		switch f := state.Field(i); f.Name {
		case "reg":
			registry = f.Type.Elem()
		case "currentFrame":
			frame = f.Type.Elem()
		}
	}
	for _, pair := range []struct{ twin, real reflect.Type }{
		{reflect.TypeFor[State](), state},
		{reflect.TypeFor[Registry](), registry},
		{reflect.TypeFor[Frame](), frame},
		{reflect.TypeFor[Table](), reflect.TypeFor[lua.LTable]()},
		{reflect.TypeFor[Upvalue](), reflect.TypeFor[lua.Upvalue]()},
		{reflect.TypeFor[stack](), calls},
		{reflect.TypeFor[segment](), calls.Field(0).Type.Elem().Elem()},
	} {
		if err := same(pair.twin, pair.real); err != nil {
			return fmt.Errorf("look into gopher-lua: %w; the sandbox knows v1.1.2", err)
		}
	}
	return nil
}

// stackType is the type of the stacks that grow: it has no name outside, but a machine has one.
func stackType() (reflect.Type, error) {
	l := lua.NewState(lua.Options{SkipOpenLibs: true, MinimizeStackMemory: true})
	defer l.Close()
	t := reflect.ValueOf(l).Elem().FieldByName("stack").Elem().Type()
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || t.Elem().NumField() == 0 || t.Elem().Field(0).Type.Kind() != reflect.Slice {
		return nil, fmt.Errorf("look into gopher-lua: a stack is a %s", t)
	}
	return t.Elem(), nil
}

func same(twin, real reflect.Type) error {
	if real == nil || twin.Size() != real.Size() || twin.NumField() != real.NumField() {
		return fmt.Errorf("type %s has another form", twin.Name())
	}
	for i := range twin.NumField() {
		t, r := twin.Field(i), real.Field(i)
		if lower(t.Name) != lower(r.Name) || t.Offset != r.Offset || t.Type.Size() != r.Type.Size() || !sameKind(t.Type, r.Type) {
			return fmt.Errorf("field %s of %s is not %s %s", r.Name, twin.Name(), t.Name, t.Type)
		}
	}
	return nil
}

// sameKind also takes a twin's pointer for a type that has no name outside, and any for every interface: those fields are not read.
func sameKind(t, r reflect.Type) bool {
	if t.Kind() == reflect.UnsafePointer {
		return r.Kind() == reflect.Pointer || r.Kind() == reflect.Func
	}
	return t.Kind() == r.Kind()
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]|0x20) + s[1:]
}

// Get is a value of the hash part.
func (t *Table) Get(key lua.LValue) (lua.LValue, bool) {
	if s, ok := key.(lua.LString); ok {
		v, ok := t.Strdict[string(s)]
		return v, ok
	}
	v, ok := t.Dict[key]
	return v, ok
}
