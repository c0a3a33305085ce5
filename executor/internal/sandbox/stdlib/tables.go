package stdlib

import (
	"sort"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
	"antiraid/executor/internal/sandbox/values"
)

var tableFunctions = Functions(
	"concat", tableConcat, "getn", tableGetn, "insert", tableInsert, "maxn", tableMaxn, "remove", tableRemove, "sort", tableSort,
)

// length is #t for a table without metamethods, as table functions see it.
func (c Call) length(t *lua.LTable) int {
	c.Meter.Length(t)
	return t.Len()
}

func tableGetn(l *lua.LState) int {
	c := Of(l, "getn")
	l.Push(lua.LNumber(c.length(c.Table(1))))
	return 1
}

func tableMaxn(l *lua.LState) int {
	c := Of(l, "maxn")
	t := peek.OfTable(c.Table(1))
	c.Meter.Work(int64(len(t.Array)) / 8)
	largest := lua.LNumber(0)
	for i := len(t.Array); i > 0; i-- {
		if t.Array[i-1] != lua.LNil {
			largest = lua.LNumber(i)
			break
		}
	}
	for _, key := range t.Keys {
		c.Meter.Work(1)
		if n, ok := key.(lua.LNumber); ok && n > largest {
			if _, live := t.Dict[key]; live {
				largest = n
			}
		}
	}
	l.Push(largest)
	return 1
}

func tableConcat(l *lua.LState) int {
	c := Of(l, "concat")
	separator := c.OptText(2, "") // first, as Lua does
	t := c.Table(1)
	from, to := c.OptInt(3, 1), 0
	if l.Get(4) == lua.LNil {
		to = c.length(t)
	} else {
		to = c.Int(4)
	}
	if from > to {
		return c.Give("")
	}
	b := c.Meter.Buffer()
	defer b.Release()
	for i := from; ; i++ {
		switch v := t.RawGet(lua.LNumber(i)).(type) {
		case lua.LString:
			b.Add(string(v))
		case lua.LNumber:
			c.Meter.Work(numberWork)
			b.Add(v.String())
		default:
			Raise(l, "invalid value (%s) at index %d in table for 'concat'", v.Type(), i)
		}
		if i == to {
			return c.Give(b.String())
		}
		b.Add(separator)
	}
}

// numberWork is what writing a number is worth, in instructions.
const numberWork = 2

func tableInsert(l *lua.LState) int {
	c := Of(l, "insert")
	t := c.Table(1)
	end := c.length(t) + 1
	switch l.GetTop() {
	case 2:
		c.setRaw(t, lua.LNumber(end), l.Get(2))
	case 3:
		c.insert(t, c.Int(2), end, l.Get(3))
	default:
		Raise(l, "wrong number of arguments to 'insert'")
	}
	return 0
}

// insert moves the elements from pos on up by one; end is the first free place.
func (c Call) insert(t *lua.LTable, pos, end int, v lua.LValue) {
	if pos >= end {
		c.setRaw(t, lua.LNumber(pos), v)
		return
	}
	c.Meter.RawStore(t, lua.LNumber(end))
	if pos < 1 {
		c.moveUp(t, pos, end)
	} else {
		c.Meter.Work(int64(end-pos) / 32)
		t.RawSetInt(end, t.RawGetInt(end-1))
		array := peek.OfTable(t).Array
		copy(array[pos:end-1], array[pos-1:end-2])
	}
	c.setRaw(t, lua.LNumber(pos), v)
}

// moveUp moves elements from positions that are no part of a list, one by one.
func (c Call) moveUp(t *lua.LTable, pos, end int) {
	for i := end; i > pos; i-- {
		c.Meter.Work(2)
		c.setRaw(t, lua.LNumber(i), t.RawGet(lua.LNumber(i-1)))
	}
}

func tableRemove(l *lua.LState) int {
	c := Of(l, "remove")
	t := c.Table(1)
	end := c.length(t)
	pos := c.OptInt(2, end)
	if pos < 1 || pos > end {
		return 0
	}
	meter.Touch(c.Meter, t)
	v := t.RawGetInt(pos)
	array := peek.OfTable(t).Array
	c.Meter.Work(int64(end-pos) / 32)
	copy(array[pos-1:end-1], array[pos:end])
	t.RawSetInt(end, lua.LNil) // nothing may stay behind the end
	if end == len(array) {
		t.Remove(end)
	}
	l.Push(v)
	return 1
}

// list is a table's elements while they are sorted.
type list struct {
	Call
	less  *lua.LFunction
	items []lua.LValue
}

func (s *list) Len() int      { return len(s.items) }
func (s *list) Swap(i, j int) { s.items[i], s.items[j] = s.items[j], s.items[i] }

func (s *list) Less(i, j int) bool {
	x, y := s.items[i], s.items[j]
	if s.less == nil {
		s.Meter.Work(1)
		if a, ok := x.(lua.LString); ok && len(a) > 64 {
			s.Meter.Bytes(len(a), 32)
		}
		return s.before(x, y)
	}
	s.Meter.Work(2)
	s.Push(s.less)
	s.Push(x)
	s.Push(y)
	s.LState.Call(2, 1)
	v := s.Get(-1)
	s.Pop(1)
	return lua.LVAsBool(v)
}

// before is x < y. Lua has no place in the error when a library compares what cannot be compared.
func (s *list) before(x, y lua.LValue) bool {
	switch typ := x.Type(); {
	case typ != y.Type():
		complain(s.LState, "attempt to compare %s with %s", typ, y.Type())
	case typ == lua.LTNumber || typ == lua.LTString:
	default:
		if f := s.GetMetaField(x, "__lt"); f == lua.LNil || f != s.GetMetaField(y, "__lt") {
			complain(s.LState, "attempt to compare two %s values", typ)
		}
	}
	return s.LessThan(x, y)
}

// tableSort sorts a copy and puts it back, so that a comparison that changes the table does no harm.
func tableSort(l *lua.LState) int {
	c := Of(l, "sort")
	t := c.Table(1)
	n := c.length(t)
	s := &list{Call: c}
	if l.Get(2) != lua.LNil {
		s.less = c.Function(2)
	}
	if n < 2 {
		return 0
	}
	c.Meter.Work(int64(n) / 8)
	c.Meter.Grow(meter.TableSize(n, 0))
	sorted := values.NewTable(n, 0)
	for i, v := range peek.OfTable(t).Array[:n] {
		sorted.RawSetInt(i+1, v)
	}
	s.items = peek.OfTable(sorted).Array
	l.SetTop(2)
	l.Push(sorted) // where it is weighed, and out of the script's reach
	sort.Sort(s)
	meter.Touch(c.Meter, t)
	c.Meter.Extend(t, n)
	for i, v := range s.items {
		t.RawSetInt(i+1, v)
	}
	return 0
}
