package values

import (
	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
)

// Null is JSON's null where nil would be lost. It never changes.
var Null = &lua.LUserData{Metatable: lua.LNil}

// list marks tables that are lists even when they are empty. It is never seen by scripts and never changes.
var list = &lua.LTable{Metatable: lua.LNil}

// IsMark reports whether a metatable is one that scripts do not see.
func IsMark(mt lua.LValue) bool { return mt == lua.LValue(list) }

// MarkList makes an empty table a list for JSON. A table with a metatable of its own stays as it is.
func MarkList(t *lua.LTable) {
	if t.Metatable == lua.LNil {
		t.Metatable = list
	}
}

// Decode reads JSON text into Lua.
func Decode(m *meter.Meter, data []byte, maxDepth int) (lua.LValue, *SyntaxError) {
	d := decoder{scanner{data: data, maxDepth: maxDepth, m: m}, nil}
	v, err := d.value(0)
	if err == nil {
		err = d.end()
	}
	d.pay()
	if err != nil {
		return nil, err
	}
	if v == lua.LNil {
		v = Null
	}
	return v, nil
}

// decoder makes Lua values. With lazies, objects are left for later.
type decoder struct {
	scanner
	lazies *Lazies
}

func (d *decoder) value(depth int) (lua.LValue, *SyntaxError) {
	d.pay()
	d.m.Work(1)
	switch c := d.next(); c {
	case '{':
		if d.lazies != nil {
			begin := d.at
			if err := d.skip(depth); err != nil {
				return nil, err
			}
			return d.lazies.object(d.m, d.data[begin:d.at], d.maxDepth-depth), nil
		}
		return d.table(depth)
	case '[':
		return d.listOf(depth)
	case '"':
		s, err := d.text()
		return lua.LString(s), err
	default:
		return d.scalar(c)
	}
}

func (d *decoder) text() (string, *SyntaxError) {
	begin := d.at
	escaped, err := d.quoted()
	if err != nil {
		return "", err
	}
	d.m.Grow(int64(d.at - begin + 16))
	quoted := d.data[begin:d.at]
	if escaped {
		return unescape(d.m, quoted), nil
	}
	return string(quoted[1 : len(quoted)-1]), nil
}

func (d *decoder) table(depth int) (lua.LValue, *SyntaxError) {
	d.m.Work(8)
	d.m.Grow(meter.TableSize(0, 8))
	t := NewTable(0, 4)
	d.m.Build(t)
	defer d.m.Built()
	empty := true
	err := d.object(depth, func(begin, end int) *SyntaxError {
		v, err := d.value(depth + 1)
		if err != nil || v == lua.LNil && empty {
			return err
		}
		key := lua.LString(unescape(d.m, d.data[begin:end]))
		if v != lua.LNil {
			d.m.Work(5)
			d.m.RawStore(t, key)
			empty = false
		}
		t.RawSetString(string(key), v) // of two fields with one name the last counts
		return nil
	})
	return t, err
}

func (d *decoder) listOf(depth int) (lua.LValue, *SyntaxError) {
	d.m.Work(4)
	d.m.Grow(meter.TableSize(0, 0))
	t := &lua.LTable{Metatable: list}
	d.m.Build(t)
	defer d.m.Built()
	n := 0
	err := d.array(depth, func() *SyntaxError {
		v, err := d.value(depth + 1)
		if err == nil {
			if v == lua.LNil {
				v = Null
			}
			n++
			d.m.Extend(t, n)
			t.RawSetInt(n, v)
		}
		return err
	})
	return t, err
}
