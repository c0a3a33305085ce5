// Package doors is what templates ask of the host: the modules @antiraid/discord, @antiraid/kv, @antiraid/log and @antiraid/json.
//
// Every door checks the capability, then its arguments and their sizes, then charges the budget, before anything is done. What goes through is
// JSON, in both directions; ids are strings.
package doors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/executor/internal/sandbox/values"
	"antiraid/shared/bundle"
	"antiraid/shared/effect"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// Host is what a run may ask of the world. An error ends the run; it is not the script's fault, unless it has a method Budget.
type Host interface {
	Get(ctx context.Context, key string) (json.RawMessage, error) // nil when absent
	Set(ctx context.Context, key string, value json.RawMessage) error
	Delete(ctx context.Context, key string) error
	// List gives at most limit of the keys that have the prefix, and how many the template has. It calls heard as parts of the answer come.
	List(ctx context.Context, prefix string, limit int, heard func()) (keys []string, of int, err error)
	// Do asks for an effect. Without wait it returns at once.
	Do(ctx context.Context, op string, args json.RawMessage, wait bool) (effect.Result, error)
}

// Desk is the run that stands before the doors. It is the owner of the machine's meter.
type Desk interface {
	// Host is nil while the template is loaded.
	Host() Host
	Granted() []string
	Kind() tenant.Kind
	Log(level, text string)
	// HostContext ends with the run's wall clock.
	HostContext() context.Context
}

// Module is a new table for a module's name; nil when there is no such module.
func Module(name string) *lua.LTable {
	switch name {
	case "@antiraid/discord":
		return stdlib.Library(discordFunctions, 0)
	case "@antiraid/kv":
		return stdlib.Library(kvFunctions, 0)
	case "@antiraid/log":
		return stdlib.Library(logFunctions, 0)
	case "@antiraid/json":
		t := stdlib.Library(jsonFunctions, 1)
		t.RawSetString("null", values.Null)
		return t
	}
	return nil
}

// Names are the modules that exist.
const Names = "@antiraid/discord, @antiraid/kv, @antiraid/log and @antiraid/json"

// visit is one call of a door.
type visit struct {
	stdlib.Call
	desk Desk
}

func arrive(l *lua.LState, name string) visit {
	c := stdlib.Of(l, name)
	return visit{c, c.Meter.Owner.(Desk)}
}

// need ends the run when a capability is not granted, or when there is no host yet.
func (v visit) need(capability string) Host {
	host := v.desk.Host()
	if host == nil {
		v.Meter.Fail(&run.Failure{Message: v.Name + " was called while the template is loaded; call it in a handler, where there is an event to answer"})
	}
	if !bundle.Grants(v.desk.Granted(), capability) {
		v.Meter.Fail(&run.Failure{
			Message: fmt.Sprintf("%s needs the capability %q; ask for it in the template's capabilities and deploy again with it granted", v.Name, capability),
			Denied:  capability,
		})
	}
	return host
}

// check ends the run when the host failed. Running out of time is the run's own fault.
func (v visit) check(err error) {
	var over interface {
		Budget() (name string, limit int64)
	}
	if errors.As(err, &over) {
		name, limit := over.Budget()
		v.Meter.Exceed(name, limit, "%s", err)
	}
	v.Meter.Clock()
	if err != nil {
		v.Meter.Abort(fmt.Errorf("%s: %w", v.Name, err))
	}
}

// encode is a value as JSON inside the run's limits.
func (v visit) encode(what string, value lua.LValue, b values.Bounds) json.RawMessage {
	limits := v.Meter.Limits()
	b.Bytes, b.Depth = int(limits.ValueBytes), int(limits.Depth)
	data, err := values.Encode(v.Meter, value, b)
	if err == nil {
		return data
	}
	if e := err.(*values.EncodeError); e.Budget != "" {
		limit := map[string]int64{"value_bytes": limits.ValueBytes, "depth": limits.Depth}[e.Budget]
		v.Meter.Exceed(e.Budget, limit, "gave %s %s", v.Name, e.Message)
	}
	stdlib.Raise(v.LState, "%s: %s: %s", v.Name, what, err)
	return nil
}

// maxReadDepth is how deep what the host gives may be nested.
const maxReadDepth = 100

// decode pushes what the host gave.
func (v visit) decode(data json.RawMessage) {
	value, err := values.Decode(v.Meter, data, maxReadDepth)
	if err != nil {
		v.Meter.Abort(fmt.Errorf("%s: decode what the host gave: %w", v.Name, err))
	}
	v.Push(value)
}
