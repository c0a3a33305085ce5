package peek

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// Place is where a function was when the stack was looked at.
type Place struct {
	Proto *lua.FunctionProto
	Pc    int // of the instruction that was under way
	// Caller and CallerPc are what called the function; nil when that is not a Lua function.
	Caller   *lua.FunctionProto
	CallerPc int
}

// Trace is the Lua functions under way on a thread and on those that resumed it, innermost first, at most limit of them.
func Trace(s *State, limit int) []Place {
	var places []Place
	for s != nil && len(places) < limit {
		places = Frames(places, s.CurrentFrame, limit)
		s = (*State)(unsafe.Pointer(s.Parent))
	}
	return places
}

// Frames adds the Lua functions of one thread from a frame on outwards.
func Frames(places []Place, f *Frame, limit int) []Place {
	for ; f != nil && len(places) < limit; f = f.Parent {
		if f.Fn == nil || f.Fn.IsG || f.Pc == 0 {
			continue
		}
		p := Place{Proto: f.Fn.Proto, Pc: f.Pc - 1}
		if up := f.Parent; up != nil && up.Fn != nil && !up.Fn.IsG && up.Pc > 0 && f.TailCall == 0 {
			p.Caller, p.CallerPc = up.Fn.Proto, up.Pc-1
		}
		places = append(places, p)
	}
	return places
}

// Lua is the thread that the twin lies over.
func (s *State) Lua() *lua.LState { return (*lua.LState)(unsafe.Pointer(s)) }
