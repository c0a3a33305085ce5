package doors

import (
	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/executor/internal/sandbox/values"
)

var jsonFunctions = stdlib.Functions("encode", jsonEncode, "decode", jsonDecode, "array", jsonArray)

func jsonEncode(l *lua.LState) int {
	v := arrive(l, "json.encode")
	data, err := values.Encode(v.Meter, v.Any(1), values.Bounds{Bytes: v.Meter.MaxText(), Depth: int(v.Meter.Limits().Depth)})
	if err != nil {
		stdlib.Raise(l, "json.encode: %s", err)
	}
	v.Meter.Text(len(data))
	return v.Give(string(data))
}

func jsonDecode(l *lua.LState) int {
	v := arrive(l, "json.decode")
	text := v.Text(1)
	v.Meter.Grow(int64(len(text)))
	value, err := values.Decode(v.Meter, []byte(text), int(v.Meter.Limits().Depth))
	if err != nil {
		stdlib.Raise(l, "json.decode: %s", err)
	}
	l.Push(value)
	return 1
}

// jsonArray marks a table as a list, so that it is [] when it is empty.
func jsonArray(l *lua.LState) int {
	v := arrive(l, "json.array")
	t := values.NewTable(0, 0)
	if l.Get(1) == lua.LNil {
		v.Meter.Grow(meter.TableSize(0, 0))
	} else {
		t = v.Table(1)
		meter.Touch(v.Meter, t)
	}
	values.MarkList(t)
	l.Push(t)
	return 1
}
