package peek

import (
	"slices"
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
	// Skipped is how many functions between this one and the one before are left out.
	Skipped int
}

// Innermost and outermost places of a stack that a trace has, of more it leaves some out between.
const (
	innermost = 16
	outermost = 8
)

// Trace is the Lua functions under way on a thread and on those that resumed it, innermost first.
func Trace(s *State) []Place {
	var places []Place
	skipped := 0
	for ; s != nil; s = (*State)(unsafe.Pointer(s.Parent)) {
		for f := s.CurrentFrame; f != nil; f = f.Parent {
			if f.Fn == nil || f.Fn.IsG || f.Pc == 0 {
				continue
			}
			if len(places) == innermost+outermost {
				places = slices.Delete(places, innermost, innermost+1)
				skipped++
			}
			places = append(places, place(f))
		}
	}
	if skipped > 0 {
		places[innermost].Skipped = skipped
	}
	return places
}

func place(f *Frame) Place {
	p := Place{Proto: f.Fn.Proto, Pc: f.Pc - 1}
	if up := f.Parent; up != nil && up.Fn != nil && !up.Fn.IsG && up.Pc > 0 && f.TailCall == 0 {
		p.Caller, p.CallerPc = up.Fn.Proto, up.Pc-1
	}
	return p
}

// Lua is the thread that the twin lies over.
func (s *State) Lua() *lua.LState { return (*lua.LState)(unsafe.Pointer(s)) }
