package doors

import (
	"encoding/json"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/executor/internal/sandbox/values"
	"antiraid/shared/effect"
	"antiraid/shared/tenant"
)

// discordFunctions has one function for each operation that exists.
var discordFunctions = func() []stdlib.Function {
	var list []any
	for _, name := range slices.Sorted(slices.Values(effect.Names())) {
		op, _ := effect.Lookup(name)
		list = append(list, name, func(l *lua.LState) int { return do(arrive(l, "discord."+name), name, op) })
	}
	return stdlib.Functions(list...)
}()

// do asks for one effect. The run waits when it is a read, or when it says so.
func do(v visit, name string, op effect.Op) int {
	host := v.need("discord:" + name)
	args := v.Table(1)
	if op.GuildOnly && v.desk.Kind() != tenant.Guild {
		stdlib.Raise(v.LState, "%s works in servers only", v.Name)
	}
	wait := op.Reads || lua.LVAsBool(args.RawGetString("wait"))
	if args.RawGetString("guild_id") != lua.LNil {
		stdlib.Raise(v.LState, "%s: guild_id is no argument; it is always the server that the template belongs to", v.Name)
	}
	if op.Major != "" {
		if _, ok := args.RawGetString(op.Major).(lua.LString); !ok {
			stdlib.Raise(v.LState, "%s: %s must be a string, got %s", v.Name, op.Major, args.RawGetString(op.Major).Type())
		}
	}
	data := v.encode("the arguments", args, values.Bounds{IDs: true, Without: "wait", Object: true})
	if len(data) > effect.MaxArgs {
		v.Meter.Exceed("value_bytes", effect.MaxArgs, "gave %s arguments of %d bytes; at most %d are allowed", v.Name, len(data), effect.MaxArgs)
	}
	v.Meter.Effect()
	waiting := v.Meter.Wait()
	result, err := host.Do(v.desk.HostContext(), name, data, wait)
	if err != nil { // nobody answered: what Discord refuses, or does not do in time, is an answer
		waiting.Heard()
	}
	v.check(err)
	if !wait {
		return 0
	}
	if result.Error != "" || result.Status < 200 || result.Status > 299 {
		v.refused(result)
	}
	if len(result.Body) == 0 {
		v.Push(lua.LTrue)
	} else {
		v.decode(result.Body)
	}
	return 1
}

// refusedMetatable makes a refusal read like its message. Nobody can reach it to change it.
var refusedMetatable = func() *lua.LTable {
	t := values.NewTable(0, 3)
	t.RawSetString("__metatable", lua.LString("error"))
	for _, f := range stdlib.Functions("__tostring", refusedText, "__concat", refusedConcat) {
		t.RawSetString(f.Name, f.Fn)
	}
	return t
}()

// refused raises a table with status, code and message, which also reads as text.
func (v visit) refused(r effect.Result) {
	var body struct {
		Code    int64  `json:"code"`
		Message string `json:"message"`
	}
	json.Unmarshal(r.Body, &body) // the body of a refusal may be anything
	message := body.Message
	if message == "" {
		message = r.Error
	}
	if message == "" {
		message = "refused"
	}
	text := fmt.Sprintf("%s: %s", v.Name, message)
	if r.Status != 0 {
		text = fmt.Sprintf("%s: %d %s", v.Name, r.Status, message)
	}
	v.Meter.Text(2 * len(text))
	v.Meter.Grow(meter.TableSize(0, 8))
	t := values.NewTable(0, 4)
	t.RawSetString("status", lua.LNumber(r.Status))
	t.RawSetString("code", lua.LNumber(body.Code))
	t.RawSetString("message", lua.LString(text))
	t.Metatable = refusedMetatable
	v.Error(t, 0)
}

// refusal is the table of a refused effect; nil when v is something else.
func refusal(v lua.LValue) *lua.LTable {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	if mt, ok := t.Metatable.(*lua.LTable); ok && mt.RawGetString("__metatable") == lua.LValue(lua.LString("error")) {
		return t
	}
	return nil
}

// RefusalText is the message of a refused effect; empty when v is something else.
func RefusalText(v lua.LValue) string {
	if refusal(v) == nil {
		return ""
	}
	return text(v)
}

func text(v lua.LValue) string {
	if t := refusal(v); t != nil {
		v = t.RawGetString("message")
	}
	return lua.LVAsString(v)
}

func refusedText(l *lua.LState) int {
	l.Push(lua.LString(text(l.Get(1))))
	return 1
}

func refusedConcat(l *lua.LState) int {
	for i := 1; i <= 2; i++ {
		if !lua.LVCanConvToString(l.Get(i)) && refusal(l.Get(i)) == nil {
			stdlib.Raise(l, "attempt to concatenate a %s value", l.Get(i).Type())
		}
	}
	x, y := text(l.Get(1)), text(l.Get(2))
	meter.Of(l).Text(len(x) + len(y))
	l.Push(lua.LString(x + y))
	return 1
}
