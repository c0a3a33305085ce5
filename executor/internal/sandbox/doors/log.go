package doors

import (
	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/executor/internal/sandbox/values"
)

var logFunctions = stdlib.Functions("debug", logAt("debug"), "info", logAt("info"), "warn", logAt("warn"), "error", logAt("error"))

func logAt(level string) func(*lua.LState) int {
	return func(l *lua.LState) int {
		v := arrive(l, "log."+level)
		b := v.Meter.Buffer()
		defer b.Release()
		for i := 1; i <= l.GetTop(); i++ {
			if i > 1 {
				b.Add(" ")
			}
			s := v.readable(l.Get(i))
			if limit := v.Meter.Limits().LogBytes; int64(b.Len()+len(s)) > limit {
				v.Meter.Exceed("log_bytes", limit, "logged more than %d bytes", limit)
			}
			b.Add(s)
		}
		v.desk.Log(level, b.String())
		return 0
	}
}

// readable shows a table as JSON where it can be, since that is what one wants to see.
func (v visit) readable(value lua.LValue) string {
	if t, ok := value.(*lua.LTable); ok && v.GetMetaField(t, "__tostring") == lua.LNil {
		limits := v.Meter.Limits()
		data, err := values.Encode(v.Meter, t, values.Bounds{Bytes: int(limits.LogBytes), Depth: int(limits.Depth)})
		if err == nil {
			return string(data)
		}
		if e := err.(*values.EncodeError); e.Budget == "value_bytes" {
			v.Meter.Exceed("log_bytes", limits.LogBytes, "logged more than %d bytes", limits.LogBytes)
		}
	}
	return stdlib.Display(v.Call, value)
}
