package values

import (
	"bytes"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
)

// Source is what a lazy table is filled from.
type Source interface {
	// Field is one field's value; nil when there is none.
	Field(m *meter.Meter, name string) lua.LValue
	// Fields calls put for each field, in order.
	Fields(m *meter.Meter, put func(name string, v lua.LValue))
}

// sourceSize is about what a lazy table holds in Go, in bytes.
const sourceSize = 192

// Lazies are the lazy tables of one machine. Between runs there are none.
type Lazies struct {
	metatable *lua.LTable
	sources   map[*lua.LTable]Source
}

// NewLazies makes the lazies of a machine and tells its meter of them.
func NewLazies(m *meter.Meter) *Lazies {
	z := &Lazies{metatable: NewTable(0, 2), sources: map[*lua.LTable]Source{}}
	z.metatable.RawSetString("__index", &lua.LFunction{IsG: true, GFunction: z.index})
	z.metatable.RawSetString("__len", &lua.LFunction{IsG: true, GFunction: z.length})
	m.Lazy, m.Fill = z.metatable, z.fill
	return z
}

// Clear forgets all tables; they stay as far as they are filled.
func (z *Lazies) Clear() {
	if len(z.sources) > maxIdle {
		z.sources = map[*lua.LTable]Source{} // a map does not shrink
	}
	clear(z.sources)
}

// maxIdle is for how many tables a machine keeps room while it is idle.
const maxIdle = 64

// Table is a new lazy table.
func (z *Lazies) Table(m *meter.Meter, s Source) *lua.LTable {
	m.Grow(meter.TableSize(0, 8))
	m.Pin(sourceSize)
	t := NewTable(0, 4)
	t.Metatable = z.metatable
	z.sources[t] = s
	return t
}

// NewTable is a table with room for so many items and fields.
func NewTable(items, fields int) *lua.LTable { return (*lua.LState)(nil).CreateTable(items, fields) }

// Fill makes t an ordinary table; one that is not lazy stays as it is.
func Fill(m *meter.Meter, t *lua.LTable) {
	if m.Lazy != nil && t.Metatable == lua.LValue(m.Lazy) {
		m.Fill(m, t)
	}
}

func (z *Lazies) fill(m *meter.Meter, t *lua.LTable) {
	s := z.sources[t]
	delete(z.sources, t)
	t.Metatable = lua.LNil
	if s == nil {
		return
	}
	looked := len(peek.OfTable(t).Keys)
	s.Fields(m, func(name string, v lua.LValue) {
		key := lua.LString(name)
		at, there := peek.OfTable(t).K2i[key]
		switch {
		case there && at < looked:
			return // it is there since it was looked at
		case v == lua.LNil:
			if there {
				t.RawSetString(name, lua.LNil) // of two fields with one name the last counts
			}
			return
		}
		m.RawStore(t, key)
		t.RawSetString(name, v)
	})
}

// index is called for fields that are not there yet.
func (z *Lazies) index(l *lua.LState) int {
	t, ok := l.Get(1).(*lua.LTable)
	key, isText := l.Get(2).(lua.LString)
	s := z.sources[t]
	if !ok || !isText || s == nil {
		l.Push(lua.LNil)
		return 1
	}
	m := meter.Of(l)
	v := s.Field(m, string(key))
	if v == nil {
		v = lua.LNil
	}
	if v != lua.LNil {
		m.RawStore(t, key)
		t.RawSetString(string(key), v)
	}
	l.Push(v)
	return 1
}

// length is # of an object: it has no items.
func (z *Lazies) length(l *lua.LState) int {
	l.Push(lua.LNumber(0))
	return 1
}

// object is a lazy table for a checked JSON object.
func (z *Lazies) object(m *meter.Meter, data []byte, maxDepth int) *lua.LTable {
	return z.Table(m, &object{lazies: z, data: data, maxDepth: maxDepth})
}

// Payload checks an event's payload, which must be a JSON object, and makes a lazy table of it when the run begins.
func (z *Lazies) Payload(data []byte, maxDepth int) (Source, *SyntaxError) {
	o := &object{lazies: z, data: data, maxDepth: maxDepth}
	s := scanner{data: data, maxDepth: maxDepth}
	if s.next() != '{' {
		return nil, s.unexpected("an object")
	}
	if err := o.read(&s); err != nil {
		return nil, err
	}
	return o, s.end()
}

// object is JSON that has been checked and not decoded yet.
type object struct {
	lazies   *Lazies
	data     []byte
	maxDepth int
	fields   []field // nil: not read yet
}

// field is where one field's name and value stand in the text.
type field struct{ name, end, value, valueEnd int }

func (o *object) read(s *scanner) *SyntaxError {
	o.fields = make([]field, 0, 24)
	return s.object(0, func(begin, end int) *SyntaxError {
		s.space()
		value := s.at
		err := s.skip(1)
		o.fields = append(o.fields, field{begin, end, value, s.at})
		return err
	})
}

func (o *object) load(m *meter.Meter) {
	if o.fields == nil {
		s := scanner{data: o.data, maxDepth: o.maxDepth, m: m}
		o.read(&s) // it has been checked
		m.Pin(cap(o.fields) * 32)
	}
}

// Field finds a field from the end: the last one of a name counts.
func (o *object) Field(m *meter.Meter, name string) lua.LValue {
	o.load(m)
	m.Work(int64(len(o.fields)) / 8)
	for i := len(o.fields) - 1; i >= 0; i-- {
		if f := o.fields[i]; o.named(f, name) {
			return o.decode(m, f)
		}
	}
	return lua.LNil
}

func (o *object) named(f field, name string) bool {
	raw := o.data[f.name+1 : f.end-1]
	if len(raw) == len(name) {
		return string(raw) == name && bytes.IndexByte(raw, '\\') < 0
	}
	return len(raw) > len(name) && bytes.IndexByte(raw, '\\') >= 0 && unescape(nil, o.data[f.name:f.end]) == name
}

func (o *object) decode(m *meter.Meter, f field) lua.LValue {
	d := decoder{scanner{data: o.data[f.value:f.valueEnd], maxDepth: o.maxDepth - 1, m: m}, o.lazies}
	v, err := d.value(0)
	d.pay()
	if err != nil {
		return lua.LNil // it has been checked
	}
	return v
}

// Fields decodes all fields.
func (o *object) Fields(m *meter.Meter, put func(string, lua.LValue)) {
	o.load(m)
	for _, f := range o.fields {
		put(unescape(m, o.data[f.name:f.end]), o.decode(m, f))
	}
}
