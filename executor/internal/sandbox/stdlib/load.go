package stdlib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/source"
)

// What a script may compile at once.
var loadLimits = source.Limits{Bytes: 64 << 10, Functions: 200, Work: 5_000_000}

func loadString(l *lua.LState) int {
	c := Of(l, "loadstring")
	text := c.Text(1)
	return c.compile(text, c.OptText(2, text))
}

// load takes a function that returns the pieces of a text, or the text itself.
func load(l *lua.LState) int {
	c := Of(l, "load")
	if text, ok := l.Get(1).(lua.LString); ok {
		return c.compile(string(text), c.OptText(2, string(text)))
	}
	read := c.Function(1)
	name := c.OptText(2, "=(load)")
	b := c.Meter.Buffer()
	defer b.Release()
	for b.Len() <= loadLimits.Bytes {
		l.Push(read)
		l.Call(0, 1)
		piece := l.Get(-1)
		l.Pop(1)
		var s lua.LString
		switch piece := piece.(type) {
		case lua.LString:
			s = piece
		case lua.LNumber:
			s = lua.LString(piece.String())
		case *lua.LNilType:
		default:
			l.Push(lua.LNil)
			l.Push(lua.LString("reader function must return a string"))
			return 2
		}
		if s == "" {
			return c.compile(b.String(), name)
		}
		if len(s) > loadLimits.Bytes {
			s = s[:loadLimits.Bytes+1]
		}
		b.Add(string(s))
	}
	return c.compile(b.String(), name)
}

// compile makes a function of text. It pays by the byte before, and for what was in it afterwards.
func (c Call) compile(text, name string) int {
	c.Meter.Work(200 + int64(len(text))*4)
	c.Meter.Grow(int64(len(text)) * 64)
	chunk, err := source.Compile(chunkName(name), text, loadLimits)
	if err != nil {
		c.Push(lua.LNil)
		c.Push(lua.LString(err.Place(chunkName(name))))
		return 2
	}
	c.Meter.Work(chunk.Work / 64)
	c.Meter.Grow(chunk.Bytes)
	machine(c.LState).Loaded(chunk)
	c.Push(c.NewFunctionFromProto(chunk.Proto))
	return 1
}

// chunkName is how Lua shows the name of a chunk.
func chunkName(name string) string {
	switch {
	case strings.HasPrefix(name, "="), strings.HasPrefix(name, "@"):
		name = name[1:]
	default:
		line, _, more := strings.Cut(name, "\n")
		if len(line) > 40 {
			line, more = line[:40], true
		}
		if more {
			line += "..."
		}
		return `[string "` + line + `"]`
	}
	if len(name) > 60 {
		name = name[:60]
	}
	return name
}
