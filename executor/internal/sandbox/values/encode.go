package values

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
)

// Bounds are the sizes an encoded value may have.
type Bounds struct {
	Bytes int
	Depth int
	// IDs refuses whole numbers that are too large to be exact: they are ids that must be strings.
	IDs bool
	// Without is a field of the outermost object that is left out.
	Without string
	// Object wants an object: an empty table is one, and a list is refused.
	Object bool
}

// EncodeError says what cannot be JSON, and where.
type EncodeError struct {
	Path    string // such as .embeds[1].title
	Message string
	Budget  string // the bound that it goes over: "value_bytes" or "depth"; empty: none
}

func (e *EncodeError) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return "the value at " + e.Path + " " + e.Message
}

// Encode writes a Lua value as JSON. Tables with items are lists, those with text keys are objects in the order the keys came; an empty table
// is an object unless it is marked.
func Encode(m *meter.Meter, v lua.LValue, b Bounds) ([]byte, error) {
	e := encoder{Bounds: b, m: m, out: m.Buffer()}
	defer e.out.Release()
	if err := e.value(v, 0); err != nil {
		if err.Path == "" && err.Budget == "" {
			err.Message = "the value " + err.Message
		}
		return nil, err
	}
	if e.out.Len() > e.Bytes {
		return nil, e.tooLong()
	}
	return e.out.Bytes(), nil
}

type encoder struct {
	Bounds
	m   *meter.Meter
	out meter.Buffer
}

func (e *encoder) value(v lua.LValue, depth int) *EncodeError {
	if e.out.Len() > e.Bytes {
		return e.tooLong()
	}
	e.m.Work(2)
	switch v := v.(type) {
	case *lua.LNilType:
		e.out.Add("null")
	case lua.LBool:
		e.out.Add(strconv.FormatBool(bool(v)))
	case lua.LNumber:
		return e.number(float64(v))
	case lua.LString:
		return e.text(string(v))
	case *lua.LTable:
		return e.table(v, depth)
	default:
		if v != lua.LValue(Null) {
			return &EncodeError{Message: "is a " + v.Type().String() + ", which has no form in JSON"}
		}
		e.out.Add("null")
	}
	return nil
}

func (e *encoder) tooLong() *EncodeError {
	return &EncodeError{Message: fmt.Sprintf("a value of more than %d bytes", e.Bytes), Budget: "value_bytes"}
}

// exact is the largest whole number below which all are exact.
const exact = 1 << 53

func (e *encoder) number(f float64) *EncodeError {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return &EncodeError{Message: "is " + lua.LNumber(f).String() + ", which has no form in JSON"}
	case f == math.Trunc(f) && math.Abs(f) < exact:
		e.out.Append(strconv.AppendInt(make([]byte, 0, longestNumber), int64(f), 10)...)
	case e.IDs && f == math.Trunc(f) && math.Abs(f) < 1<<64:
		return &EncodeError{Message: "is a number that is too large to be exact; write ids as strings"}
	default:
		e.m.Work(1)
		e.out.Append(appendFloat(make([]byte, 0, longestNumber), f)...)
	}
	return nil
}

// appendFloat writes a number as JavaScript does.
func appendFloat(out []byte, f float64) []byte {
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(out, f, format, -1, 64)
}

// longestNumber is how many characters a number is written with, at most.
const longestNumber = 32

func (e *encoder) text(s string) *EncodeError {
	e.out.Add(`"`)
	for len(s) > 0 {
		if e.out.Len()+len(s) > e.Bytes {
			return e.tooLong() // with its escapes, a text is up to six times as long
		}
		n := plain(s)
		if n > 0 {
			pay(e.m, n)
			e.out.Add(s[:n])
		} else {
			n = e.escape(s)
		}
		s = s[n:]
	}
	e.out.Add(`"`)
	return nil
}

// plain is how many bytes at the begin of s mean themselves inside quotes. It is at most a stretch: they are not paid for yet.
func plain(s string) (n int) {
	for n < min(len(s), stretch) {
		if c := s[n]; c < utf8.RuneSelf {
			if !ordinary[c] {
				return n
			}
			n++
			continue
		}
		_, size := utf8.DecodeRuneInString(s[n:])
		if size == 1 {
			return n
		}
		n += size
	}
	return n
}

const hexDigits = "0123456789abcdef"

// escape writes the first character of s, which does not mean itself, and returns its length.
func (e *encoder) escape(s string) int {
	switch c := s[0]; {
	case c == '"' || c == '\\':
		e.out.Append('\\', c)
	case c == '\n':
		e.out.Add(`\n`)
	case c == '\r':
		e.out.Add(`\r`)
	case c == '\t':
		e.out.Add(`\t`)
	case c < utf8.RuneSelf:
		e.out.Append('\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	default:
		e.out.Add(`\ufffd`)
	}
	return 1
}

func (e *encoder) table(t *lua.LTable, depth int) *EncodeError {
	if depth >= e.Depth {
		return &EncodeError{Message: fmt.Sprintf("a value that is nested more than %d deep", e.Depth), Budget: "depth"}
	}
	Fill(e.m, t)
	e.m.Length(t)
	tb := peek.OfTable(t)
	items, fields := t.Len(), len(tb.Strdict)+len(tb.Dict)
	switch {
	case items > 0 && fields > 0:
		return &EncodeError{Message: "has both items and named fields; JSON has lists and objects"}
	case depth == 0 && e.Object && items > 0:
		return &EncodeError{Message: "is a list where named fields are expected"}
	case items > 0 || fields == 0 && t.Metatable == lua.LValue(list) && (depth > 0 || !e.Object):
		return e.list(tb.Array[:items], depth)
	}
	return e.object(tb, depth)
}

func (e *encoder) list(items []lua.LValue, depth int) *EncodeError {
	e.out.Add("[")
	for i, v := range items {
		if i > 0 {
			e.out.Add(",")
		}
		if v == lua.LNil {
			return &EncodeError{Message: fmt.Sprintf("is a list of %d items without item %d; fill it with json.null, or use text keys", len(items), i+1)}
		}
		if err := e.value(v, depth+1); err != nil {
			return err.at(fmt.Sprintf("[%d]", i+1))
		}
	}
	e.out.Add("]")
	return nil
}

func (e *encoder) object(tb *peek.Table, depth int) *EncodeError {
	e.m.Work(int64(len(tb.Keys)) / 4)
	e.out.Add("{")
	first := true
	for _, key := range tb.Keys {
		name, ok := key.(lua.LString)
		if !ok {
			if _, live := tb.Dict[key]; live {
				return &EncodeError{Message: fmt.Sprintf("has the key %.40s, which is no text; use tostring", describe(key))}
			}
			continue
		}
		v, live := tb.Strdict[string(name)]
		if !live || depth == 0 && e.Without != "" && string(name) == e.Without {
			continue
		}
		if !first {
			e.out.Add(",")
		}
		first = false
		if err := e.text(string(name)); err != nil {
			return err
		}
		e.out.Add(":")
		if err := e.value(v, depth+1); err != nil {
			return err.at("." + string(name))
		}
	}
	e.out.Add("}")
	return nil
}

func describe(v lua.LValue) string {
	switch v.(type) {
	case lua.LNumber, lua.LBool:
		return v.String()
	}
	return v.Type().String()
}

// at adds a step to the path, up to a readable length.
func (e *EncodeError) at(step string) *EncodeError {
	if e.Budget == "" && len(e.Path) < 100 {
		e.Path = fmt.Sprintf("%.40s", step) + e.Path
	}
	return e
}
