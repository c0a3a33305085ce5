package scriptbench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// compiled is the template as gopher-lua compiles it.
func compiled() (*lua.FunctionProto, error) {
	chunk, err := parse.Parse(strings.NewReader(Template), "typical")
	if err != nil {
		return nil, fmt.Errorf("parse the typical template: %w", err)
	}
	proto, err := lua.Compile(chunk, "typical")
	if err != nil {
		return nil, fmt.Errorf("compile the typical template: %w", err)
	}
	return proto, nil
}

// plain is gopher-lua as it is, with the doors the template needs and nothing else.
func plain(w *world, proto *lua.FunctionProto) (l *lua.LState, handler *lua.LFunction, err error) {
	l = lua.NewState()
	discord := l.NewTable()
	discord.RawSetString("create_message", l.NewFunction(func(l *lua.LState) int {
		data, err := json.Marshal(fields(l.CheckTable(1)))
		if err != nil {
			l.RaiseError("encode the arguments: %s", err)
		}
		w.Do(context.Background(), "create_message", data, false)
		return 0
	}))
	l.SetGlobal("require", l.NewFunction(func(l *lua.LState) int {
		l.Push(discord)
		return 1
	}))
	l.Push(l.NewFunctionFromProto(proto))
	if err := l.PCall(0, 1, nil); err != nil {
		return nil, nil, fmt.Errorf("load the typical template: %w", err)
	}
	t := l.Get(-1).(*lua.LTable)
	l.SetTop(0)
	return l, t.RawGetString("events").(*lua.LTable).RawGetString("MESSAGE_CREATE").(*lua.LFunction), nil
}

func fields(t *lua.LTable) map[string]string {
	m := map[string]string{}
	t.ForEach(func(k, v lua.LValue) { m[k.String()] = v.String() })
	return m
}

// table is a decoded JSON value as Lua has it.
func table(l *lua.LState, x any) lua.LValue {
	switch x := x.(type) {
	case bool:
		return lua.LBool(x)
	case float64:
		return lua.LNumber(x)
	case string:
		return lua.LString(x)
	case []any:
		t := l.NewTable()
		for _, v := range x {
			t.Append(table(l, v))
		}
		return t
	case map[string]any:
		t := l.NewTable()
		for k, v := range x {
			t.RawSetString(k, table(l, v))
		}
		return t
	}
	return lua.LNil
}

func decoded(l *lua.LState) (lua.LValue, error) {
	var payload any
	if err := json.Unmarshal(Payload, &payload); err != nil {
		return nil, fmt.Errorf("decode the typical event: %w", err)
	}
	return table(l, payload), nil
}

func bare() (once func() error, err error) {
	proto, err := compiled()
	if err != nil {
		return nil, err
	}
	w := &world{}
	l, handler, err := plain(w, proto)
	if err != nil {
		return nil, err
	}
	event, err := decoded(l)
	ctx := l.NewTable()
	return func() error {
		w.effects = w.effects[:0]
		if err := l.CallByParam(lua.P{Fn: handler, Protect: true}, ctx, event); err != nil {
			return fmt.Errorf("call the typical template: %w", err)
		}
		return w.answered()
	}, err
}

func naive() (once func() error, err error) {
	proto, err := compiled()
	return func() error {
		w := &world{}
		l, handler, err := plain(w, proto)
		if err != nil {
			return err
		}
		defer l.Close()
		event, err := decoded(l)
		if err != nil {
			return err
		}
		if err := l.CallByParam(lua.P{Fn: handler, Protect: true}, l.NewTable(), event); err != nil {
			return fmt.Errorf("call the typical template: %w", err)
		}
		return w.answered()
	}, err
}
