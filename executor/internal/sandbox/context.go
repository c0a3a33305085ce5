package sandbox

import (
	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
)

// contextOf is what the handler's first argument is filled from.
type contextOf struct{ *VM }

var contextFields = []string{"id", "type", "tenant", "template", "version", "time"}

// Field is one field of ctx.
func (c contextOf) Field(m *meter.Meter, name string) lua.LValue {
	text := func(s string) lua.LValue {
		m.Text(len(s))
		return lua.LString(s)
	}
	e := &c.in.Event
	switch name {
	case "id":
		return text(e.ID)
	case "type":
		return text(e.Type)
	case "tenant":
		return text(e.Tenant.String())
	case "template":
		return text(c.in.Template)
	case "version":
		return lua.LNumber(c.in.Bundle)
	case "time":
		return lua.LNumber(float64(e.Time.UnixMilli()) / 1000)
	}
	return lua.LNil
}

// Fields are all of them.
func (c contextOf) Fields(m *meter.Meter, put func(string, lua.LValue)) {
	for _, name := range contextFields {
		put(name, c.Field(m, name))
	}
}
