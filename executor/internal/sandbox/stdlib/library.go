// Package stdlib is Lua's standard library for templates: what of Lua 5.1 is harmless, written so that every function pays for its work and its
// memory before it spends them.
//
// Functions find the run they belong to through the thread they are called on; they keep nothing themselves, so one set serves all machines.
// There is no file, process, clock, bytecode or debug access, and nothing that shows an address.
package stdlib

import (
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/source"
	"antiraid/executor/internal/sandbox/values"
)

// Machine is what the library needs of the machine it is called on. It is the owner of the machine's meter.
type Machine interface {
	// Print writes a line to the run's log.
	Print(text string)
	// Random is the run's own generator.
	Random() *rand.Rand
	// Reseed restarts the run's generator.
	Reseed(seed uint64)
	// Identity is a number for an object, the same as long as the run lasts.
	Identity(object lua.LValue) int
	// Loaded is told of text that a script compiled.
	Loaded(c *source.Chunk)
	// Threads are the machine's threads.
	Threads() *Threads
}

func machine(l *lua.LState) Machine { return meter.Of(l).Owner.(Machine) }

// Function is one function of a library.
type Function struct {
	Name string
	Fn   *lua.LFunction
}

// Functions makes a library's functions, of names and Go functions in turn, once for all machines.
func Functions(list ...any) []Function {
	var fs []Function
	for i := 0; i < len(list); i += 2 {
		fs = append(fs, Function{list[i].(string), &lua.LFunction{IsG: true, GFunction: list[i+1].(func(*lua.LState) int)}})
	}
	return fs
}

func put(t *lua.LTable, fs []Function) {
	for _, f := range fs {
		t.RawSetString(f.Name, f.Fn)
	}
}

// Library is a new table of functions, with room for some more fields.
func Library(fs []Function, extra int) *lua.LTable {
	t := values.NewTable(0, len(fs)+extra)
	put(t, fs)
	return t
}

// Libraries are one machine's library tables.
type Libraries struct{ text, table, math, coroutine, pcall, xpcall lua.LValue }

// Open makes the libraries of a machine.
func Open(l *lua.LState, threads *Threads) *Libraries {
	text := Library(textFunctions, 0)
	metatable := Library(textArithmetic, 1)
	metatable.RawSetString("__index", text)
	l.SetMetatable(lua.LString(""), metatable)
	libs := &Libraries{text: text, table: Library(tableFunctions, 0), math: mathLibrary(), coroutine: Library(coroutineFunctions, 0)}
	libs.pcall, libs.xpcall = threads.open(l)
	return libs
}

// Visit shows all of them.
func (libs *Libraries) Visit(visit func(lua.LValue)) {
	for _, v := range []lua.LValue{libs.text, libs.table, libs.math, libs.coroutine, libs.pcall, libs.xpcall} {
		visit(v)
	}
}

// Globals is a new table of global variables.
func (libs *Libraries) Globals() *lua.LTable {
	globals := Library(baseFunctions, 10)
	for _, g := range []struct {
		name string
		v    lua.LValue
	}{
		{"_G", globals}, {"_VERSION", lua.LString(lua.LuaVersion)}, {"coroutine", libs.coroutine}, {"math", libs.math}, {"pcall", libs.pcall},
		{"string", libs.text}, {"table", libs.table}, {"xpcall", libs.xpcall},
	} {
		globals.RawSetString(g.name, g.v)
	}
	return globals
}
