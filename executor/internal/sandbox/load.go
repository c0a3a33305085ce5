package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/doors"
	"antiraid/executor/internal/sandbox/peek"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

const entry = bundle.Entry

// Declare runs the top level without host doors and reads what the template declares. Of the input, only Limits, Small and Looked count.
func (p *Program) Declare(ctx context.Context, in Input) (Declaration, Result) {
	v, err := New(p)
	if err != nil {
		return Declaration{}, Result{Err: err}
	}
	defer v.rest()
	v.m.Small, v.m.Looked = in.Small, in.Looked
	res := v.load(ctx, time.Now(), in.Limits)
	if res.Err != nil || res.Failure != nil {
		return Declaration{}, res
	}
	t := v.template.(*lua.LTable)
	return Declaration{Events: keys(v.events), Capabilities: capabilities(t)}, res
}

// Caps of what a template may declare.
const (
	maxEvents       = 100
	maxCapabilities = 100
)

// check refuses a template's table that is not as it must be, and keeps its handlers.
func (v *VM) check(value lua.LValue) {
	fail := func(format string, args ...any) {
		f := &run.Failure{Message: fmt.Sprintf(format, args...), File: entry}
		v.returned(f, v.program.chunks[entry].Proto)
		v.m.Fail(f)
	}
	t, ok := value.(*lua.LTable)
	if !ok {
		fail("the template returns %s; it must return a table such as { events = { MESSAGE_CREATE = function(ctx, event) … end } }", article(value))
	}
	for _, key := range peek.OfTable(t).Keys {
		if v, live := peek.OfTable(t).Get(key); live && v != lua.LNil && key != lua.LValue(lua.LString("events")) && key != lua.LValue(lua.LString("capabilities")) {
			fail("the template's table has the field %.60q, which is not known; it may have events and capabilities", stdlib.Name(key))
		}
	}
	if t.Len() > 0 {
		fail("the template's table has items; it may have the fields events and capabilities")
	}
	v.events, ok = t.RawGetString("events").(*lua.LTable)
	if !ok {
		fail("events is %s; it must be a table from event types to functions", article(t.RawGetString("events")))
	}
	v.checkEvents(fail)
	v.checkCapabilities(t.RawGetString("capabilities"), fail)
}

func (v *VM) checkEvents(fail func(string, ...any)) {
	events := peek.OfTable(v.events)
	if v.events.Len() > 0 || len(events.Dict) > 0 {
		fail("events has a key that is no text; its keys are event types such as MESSAGE_CREATE")
	}
	if len(events.Strdict) > maxEvents {
		fail("events has %d handlers, at most %d are allowed", len(events.Strdict), maxEvents)
	}
	for _, typ := range keys(v.events) {
		if err := subject.CheckType(typ); err != nil {
			fail("events has a handler for %.80q, which is no event type: want A-Z, 0-9 and _, such as MESSAGE_CREATE", typ)
		}
		if f := v.events.RawGetString(typ); f.Type() != lua.LTFunction {
			fail("the handler for %s is %s; it must be a function(ctx, event)", typ, article(f))
		}
	}
}

func (v *VM) checkCapabilities(value lua.LValue, fail func(string, ...any)) {
	if value == lua.LNil {
		return
	}
	t, ok := value.(*lua.LTable)
	if !ok || len(peek.OfTable(t).Strdict)+len(peek.OfTable(t).Dict) > 0 {
		fail("capabilities must be a list of texts such as { \"discord:create_message\", \"kv:*\" }")
	}
	if t.Len() > maxCapabilities {
		fail("capabilities has %d items, at most %d are allowed", t.Len(), maxCapabilities)
	}
	for i := 1; i <= t.Len(); i++ {
		s, ok := t.RawGetInt(i).(lua.LString)
		if !ok {
			fail("item %d of capabilities is %s; it must be text such as \"kv:*\"", i, article(t.RawGetInt(i)))
		}
		if bundle.CheckCapability(string(s)) != nil {
			fail("capability %.80q is not <module>:<operation> or <module>:*, such as discord:create_message or kv:*", string(s))
		}
	}
}

// keys are a checked table's text keys, sorted.
func keys(t *lua.LTable) []string {
	names := []string{}
	for name := range peek.OfTable(t).Strdict {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func capabilities(t *lua.LTable) []string {
	list := []string{}
	if asked, ok := t.RawGetString("capabilities").(*lua.LTable); ok {
		for i := 1; i <= asked.Len(); i++ {
			list = append(list, asked.RawGetInt(i).String())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func article(v lua.LValue) string {
	if v == lua.LNil {
		return "nil"
	}
	return "a " + v.Type().String()
}

// maxModule is how long a module's name may be, in bytes. The files of a template have shorter ones.
const maxModule = 200

var requireFunction = stdlib.Functions("require", func(l *lua.LState) int {
	c := stdlib.Of(l, "require")
	name := c.Text(1)
	if len(name) > maxModule {
		stdlib.Raise(l, "module %.60q… does not exist: a name has at most %d bytes", name, maxModule)
	}
	v := c.Meter.Owner.(*VM)
	l.Push(v.module(l, name))
	return 1
})[0].Fn

// module is what require returns for a name: a host module, or what a file of the template returned.
func (v *VM) module(l *lua.LState, name string) lua.LValue {
	v.m.Work(5)
	if m, ok := v.modules[name]; ok {
		return m
	}
	if strings.HasPrefix(name, "@") {
		m := v.doors[name]
		if m == nil {
			if m = doors.Module(name); m == nil {
				stdlib.Raise(l, "module %.60q does not exist; there are %s", name, doors.Names)
			}
			v.doors[name] = m
			v.m.OwnTable(m)
		}
		if !slices.Contains(v.lent, name) {
			v.lent = append(v.lent, name)
		}
		return m
	}
	file := v.file(name)
	switch {
	case file == "":
		stdlib.Raise(l, "module %.60q is no file of this template; there is neither %s.lua nor %s/init.lua", name, modulePath(name), modulePath(name))
	case slices.Contains(v.loading, file):
		stdlib.Raise(l, "module %.60q requires itself: %s → %s", name, strings.Join(v.loading, " → "), file)
	}
	m, ok := v.modules[file]
	if !ok {
		m = v.require(file)
	}
	v.keep(name, m)
	return m
}

// keep remembers a module. Outside of loading that is a change that the next run must not see.
func (v *VM) keep(name string, m lua.LValue) {
	v.m.Change()
	v.modules[name] = m
}

func modulePath(name string) string {
	name = strings.TrimSuffix(name, ".lua")
	if !strings.Contains(name, "/") {
		name = strings.ReplaceAll(name, ".", "/")
	}
	return strings.TrimPrefix(name, "./")
}

// file is the file of the template that a module's name means; empty when there is none.
func (v *VM) file(name string) string {
	path := modulePath(name)
	for _, file := range []string{path + ".lua", path + "/init.lua"} {
		if v.program.chunks[file] != nil {
			return file
		}
	}
	return ""
}

// require runs a file and returns its value.
func (v *VM) require(file string) lua.LValue {
	l := v.m.Thread()
	v.loading = append(v.loading, file)
	defer func() { v.loading = v.loading[:len(v.loading)-1] }()
	v.m.Work(10)
	l.Push(l.NewFunctionFromProto(v.program.chunks[file].Proto))
	l.Push(lua.LString(strings.TrimSuffix(file, ".lua")))
	l.Call(1, 1)
	value := l.Get(-1)
	l.Pop(1)
	if value == lua.LNil && file != entry {
		value = lua.LTrue
	}
	v.keep(file, value)
	return value
}
