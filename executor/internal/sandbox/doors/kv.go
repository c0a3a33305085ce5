package doors

import (
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/executor/internal/sandbox/values"
)

var kvFunctions = stdlib.Functions("get", kvGet, "set", kvSet, "delete", kvDelete, "list", kvList)

// Keys that kv.list returns.
const (
	defaultList = 100
	maxList     = 1000
)

// listWork is what a key costs that kv.list looks at, whether it is returned or not. All keys of the template are looked at, mostly in the
// store, which takes that many instructions' time and more.
const listWork = 32

// key is a checked key argument.
func (v visit) key(n int) string {
	s, ok := v.Get(n).(lua.LString)
	if !ok {
		v.Expected(n, "string")
	}
	if limit := v.Meter.Limits().KeyBytes; int64(len(s)) > limit {
		v.Meter.Exceed("key_bytes", limit, "gave %s a key of %d bytes; a key may have %d", v.Name, len(s), limit)
	}
	if !utf8.ValidString(string(s)) {
		v.Bad(n, "a key must be UTF-8 text")
	}
	return string(s)
}

func (v visit) fullKey(n int) string {
	s := v.key(n)
	if s == "" {
		v.Bad(n, "a key must not be empty")
	}
	return s
}

func kvGet(l *lua.LState) int {
	v := arrive(l, "kv.get")
	host := v.need("kv:get")
	key := v.fullKey(1)
	v.Meter.KV(0)
	wait := v.Meter.Wait()
	data, err := host.Get(v.desk.HostContext(), key)
	wait.Heard()
	v.check(err)
	if data == nil {
		l.Push(lua.LNil)
	} else {
		v.decode(data)
	}
	return 1
}

func kvSet(l *lua.LState) int {
	v := arrive(l, "kv.set")
	host := v.need("kv:set")
	key := v.fullKey(1)
	if l.Get(2) == lua.LNil {
		v.Bad(2, "value expected; kv.delete removes a key")
	}
	data := v.encode("the value", l.Get(2), values.Bounds{})
	v.Meter.KV(len(key) + len(data))
	v.check(host.Set(v.desk.HostContext(), key, data))
	return 0
}

func kvDelete(l *lua.LState) int {
	v := arrive(l, "kv.delete")
	host := v.need("kv:delete")
	key := v.fullKey(1)
	v.Meter.KV(len(key))
	v.check(host.Delete(v.desk.HostContext(), key))
	return 0
}

func kvList(l *lua.LState) int {
	v := arrive(l, "kv.list")
	host := v.need("kv:list")
	prefix, limit := "", v.OptInt(2, defaultList)
	if l.Get(1) != lua.LNil {
		prefix = v.key(1)
	}
	if limit < 1 || limit > maxList {
		v.Bad(2, "want 1 to %d keys", maxList)
	}
	v.Meter.KV(0)
	wait := v.Meter.Wait()
	keys, of, err := host.List(v.desk.HostContext(), prefix, limit, wait.Heard)
	wait.Heard()
	v.check(err)
	v.Meter.Work(int64(of) * listWork)
	v.Meter.Grow(meter.TableSize(len(keys), 0))
	t := values.NewTable(len(keys), 0)
	for _, key := range keys {
		v.Meter.Text(len(key))
		t.Append(lua.LString(key))
	}
	values.MarkList(t)
	l.Push(t)
	return 1
}
