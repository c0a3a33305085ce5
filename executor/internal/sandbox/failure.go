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

// defined gives a failure the place where a function begins.
func (v *VM) defined(f *run.Failure, p *lua.FunctionProto) {
	c, _, _ := v.chunk(p, 0)
	if c == nil {
		return
	}
	line, column, _ := c.Definition(p)
	f.File, f.Line, f.Column, f.Source = c.Name, line, column, c.Line(line)
}

// returned gives a failure the place of a file's last return, if it ends with one. The very last is the compiler's.
func (v *VM) returned(f *run.Failure, p *lua.FunctionProto) {
	pc := len(p.Code) - 2
	if pc < 0 || int(p.Code[pc]>>26) != lua.OP_RETURN {
		return
	}
	c, line, column := v.chunk(p, pc)
	f.Line, f.Column, f.Source = line, column, c.Line(line)
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
	for range maxPlaces { // each who raises an error again adds a place to the one that is there; the last is where it happened
		if !v.located(f, r.Trace) && !v.rethrown(f) {
			break
		}
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

// rethrown cuts from the message the place of a function that is over, which becomes the failure's.
func (v *VM) rethrown(f *run.Failure) bool {
	file, rest, _ := strings.Cut(f.Message, ":")
	c := v.program.chunks[file]
	digits, rest, ok := strings.Cut(rest, ": ")
	line, err := strconv.Atoi(digits)
	if c == nil || !ok || err != nil {
		return false
	}
	f.Message, f.File, f.Line, f.Column, f.Source = rest, c.Name, line, 0, c.Line(line)
	return true
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
	case nil, *lua.LNilType:
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
		if p.Skipped > 0 {
			fmt.Fprintf(&b, "… %d more\n", p.Skipped)
		}
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
