package sandbox

import (
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/doors"
	"antiraid/executor/internal/sandbox/peek"
	"antiraid/executor/internal/sandbox/source"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/shared/run"
)

// maxMessage is how much of an error's message is kept, in bytes.
const maxMessage = 1000

// maxPlaces is how many places are cut from the begin of a message.
const maxPlaces = 20

// chunk is the text that a function was compiled from.
func (v *VM) chunk(p *lua.FunctionProto, pc int) (c *source.Chunk, line, column int) {
	if c := v.program.chunks[p.SourceName]; c != nil {
		if line, column, ok := c.Place(p, pc); ok {
			return c, line, column
		}
	}
	for _, c := range v.chunks {
		if line, column, ok := c.Place(p, pc); ok {
			return c, line, column
		}
	}
	return nil, 0, 0
}

// place adds to a failure where it happened.
func (v *VM) place(f *run.Failure, trace []peek.Place) *run.Failure {
	f.Traceback = v.traceback(trace)
	if f.File != "" {
		return f
	}
	for _, p := range trace {
		if p.Proto.SourceName == stdlib.PreludeName {
			continue
		}
		if c, line, column := v.chunk(p.Proto, p.Pc); c != nil {
			f.File, f.Line, f.Column, f.Source = c.Name, line, column, c.Line(line)
			return f
		}
	}
	return f
}

// explain makes a failure of an error that no pcall caught.
func (v *VM) explain(r *stdlib.Raised) *run.Failure {
	f := &run.Failure{Message: message(r.Value)}
	for range maxPlaces { // coroutine.wrap adds a place to the one that is there; the last is where it happened
		if !v.located(f, r.Trace) {
			break
		}
	}
	if file, line, rest, ok := v.prefix(f.Message); ok && f.File == "" {
		f.Message, f.File, f.Line, f.Source = rest, file, line, v.program.chunks[file].Line(line)
	}
	f.Message = clean(f.Message, maxMessage)
	return v.place(f, r.Trace)
}

// located cuts from the message the place of a function of the trace, which becomes the failure's.
func (v *VM) located(f *run.Failure, trace []peek.Place) bool {
	for _, p := range trace {
		c, line, column := v.chunk(p.Proto, p.Pc)
		if c == nil {
			continue
		}
		if rest, ok := strings.CutPrefix(f.Message, fmt.Sprintf("%s:%d: ", c.Name, line)); ok {
			f.Message, f.File, f.Line, f.Column, f.Source = rest, c.Name, line, column, c.Line(line)
			return true
		}
	}
	return false
}

// prefix cuts the place from a message that begins with one of the template's files: it was raised again elsewhere.
func (v *VM) prefix(s string) (file string, line int, rest string, ok bool) {
	file, rest, ok = strings.Cut(s, ":")
	if !ok || v.program.chunks[file] == nil {
		return "", 0, "", false
	}
	digits, rest, ok := strings.Cut(rest, ": ")
	line, err := strconv.Atoi(digits)
	return file, line, rest, ok && err == nil
}

// message is what an error value says. Nothing of the script runs for it.
func message(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString, lua.LNumber:
		return v.String()
	case *lua.LTable:
		if s := doors.RefusalText(v); s != "" {
			return s
		}
		if s, ok := v.RawGetString("message").(lua.LString); ok {
			return string(s)
		}
		return "the error is a table without a message"
	case *lua.LNilType:
		return "the error is nil"
	}
	return "the error is a " + v.Type().String()
}

// clean makes text valid and short.
func clean(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit] + "…"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// traceback lists the Lua functions that were under way, innermost first.
func (v *VM) traceback(trace []peek.Place) string {
	var b strings.Builder
	for _, p := range trace {
		if p.Proto.SourceName == stdlib.PreludeName {
			continue
		}
		c, line, _ := v.chunk(p.Proto, p.Pc)
		name := p.Proto.SourceName
		if c == nil {
			line = p.Proto.DbgSourcePositions[p.Pc]
		}
		fmt.Fprintf(&b, "%s:%d: in %s\n", clean(name, 80), line, v.called(p))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// called is how a function is named where it was called.
func (v *VM) called(p peek.Place) string {
	if p.Proto.LineDefined == 0 {
		return "the main part"
	}
	if p.Caller != nil && p.Caller.SourceName != stdlib.PreludeName {
		for _, call := range p.Caller.DbgCalls {
			if call.Pc == p.CallerPc && call.Name != "?" && call.Name != "(anonymous)" {
				return "function " + clean(call.Name, 60)
			}
		}
	}
	if v.events != nil {
		if f, ok := v.events.RawGetString(v.in.Event.Type).(*lua.LFunction); ok && f.Proto == p.Proto {
			return "the handler for " + v.in.Event.Type
		}
	}
	return fmt.Sprintf("the function of line %d", p.Proto.LineDefined)
}
