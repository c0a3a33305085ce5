package stdlib

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
)

// textFormat is C's printf as far as Lua 5.1 has it. Nothing of Go's own verbs is reachable.
func textFormat(l *lua.LState) int {
	c := Of(l, "format")
	f := c.Text(1)
	c.Meter.Bytes(len(f), 64)
	w := formatter{Call: c, out: c.Meter.Buffer(), arg: 1}
	defer w.out.Release()
	for {
		i := strings.IndexByte(f, '%')
		if i < 0 {
			w.add(f)
			break
		}
		w.add(f[:i])
		if f = f[i+1:]; strings.HasPrefix(f, "%") {
			w.add("%")
			f = f[1:]
			continue
		}
		f = w.item(f)
	}
	return c.Give(w.out.String())
}

// formatter is one format under way.
type formatter struct {
	Call
	out meter.Buffer
	arg int
}

func (w *formatter) add(s string) { w.out.Add(s) }

// spec is what stands between % and the verb.
type spec struct {
	flags     string
	width     int
	precision int // -1: none
}

// item formats one item and returns the rest of the format.
func (w *formatter) item(f string) string {
	if w.arg++; w.arg > w.GetTop() {
		w.Bad(w.arg, "no value")
	}
	n := len(f) - len(strings.TrimLeft(f, "-+ #0"))
	s := spec{flags: f[:n], precision: -1}
	if n > 5 {
		Raise(w.LState, "invalid format (repeated flags)")
	}
	s.width, f = w.digits(f[n:])
	if strings.HasPrefix(f, ".") {
		s.precision, f = w.digits(f[1:])
	}
	if f == "" {
		Raise(w.LState, "invalid option '%%' to 'format'")
	}
	w.Meter.Work(5)
	switch verb := f[0]; verb {
	case 'c':
		w.pad(s, string([]byte{byte(w.Int(w.arg))}))
	case 'd', 'i':
		v := int64(w.Int(w.arg))
		sign := s.sign(v < 0)
		if v < 0 {
			v = -v
		}
		w.integer(s, sign, strconv.FormatUint(uint64(v), 10))
	case 'u':
		w.integer(s, "", strconv.FormatUint(w.unsigned(), 10))
	case 'o':
		digits := strconv.FormatUint(w.unsigned(), 8)
		switch {
		case s.has('#') && digits != "0":
			digits = "0" + digits
		case s.has('#') && s.precision == 0:
			s.precision = 1
		}
		w.integer(s, "", digits)
	case 'x', 'X':
		v, prefix := w.unsigned(), ""
		if s.has('#') && v != 0 {
			prefix = "0" + string(verb)
		}
		digits := strconv.FormatUint(v, 16)
		if verb == 'X' {
			digits = strings.ToUpper(digits)
		}
		w.integer(s, prefix, digits)
	case 'e', 'E', 'f', 'g', 'G':
		w.float(s, verb)
	case 'q':
		w.quote(w.Text(w.arg))
	case 's':
		v := Display(w.Call, w.Get(w.arg))
		if s.precision >= 0 && s.precision < len(v) {
			v = v[:s.precision]
		}
		w.pad(s, v)
	default:
		Raise(w.LState, "invalid option '%%%s' to 'format'", strings.TrimRight(f[:1], "\x00"))
	}
	return f[1:]
}

// digits reads at most two.
func (w *formatter) digits(f string) (n int, rest string) {
	i := 0
	for ; i < len(f) && f[i] >= '0' && f[i] <= '9'; i++ {
		if i == 2 {
			Raise(w.LState, "invalid format (width or precision too long)")
		}
		n = n*10 + int(f[i]-'0')
	}
	return n, f[i:]
}

func (w *formatter) unsigned() uint64 {
	f := w.Number(w.arg)
	if f >= 1<<63 && f < 1<<64 {
		return uint64(f)
	}
	return uint64(toInt(f))
}

func (s spec) has(flag byte) bool { return strings.IndexByte(s.flags, flag) >= 0 }

// sign is what stands before a number.
func (s spec) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case s.has('+'):
		return "+"
	case s.has(' '):
		return " "
	}
	return ""
}

// integer adds digits with what stands before them. Go's way differs from C's in where zeros go.
func (w *formatter) integer(s spec, prefix, digits string) {
	least := s.precision
	switch {
	case least == 0 && digits == "0":
		digits = ""
	case least < 0 && s.has('0') && !s.has('-'):
		least = s.width - len(prefix)
	}
	w.pad(s, prefix+strings.Repeat("0", max(0, least-len(digits)))+digits)
}

// verb is the item as Go writes it.
func (s spec) verb(v byte) string {
	out := "%" + s.flags
	if s.width > 0 {
		out += fmt.Sprint(s.width)
	}
	if s.precision >= 0 {
		out += fmt.Sprintf(".%d", s.precision)
	}
	return out + string(v)
}

func (w *formatter) float(s spec, verb byte) {
	f := w.Number(w.arg)
	if s.precision > 17 || math.Abs(f) > 1e15 {
		w.Meter.Work(200) // many digits
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		text := s.sign(math.IsInf(f, -1)) + map[bool]string{true: "nan", false: "inf"}[math.IsNaN(f)]
		if verb < 'a' {
			text = strings.ToUpper(text)
		}
		s.precision = -1
		w.pad(s, text)
		return
	}
	if s.precision < 0 {
		s.precision = 6
	}
	if (verb == 'g' || verb == 'G') && s.precision == 0 {
		s.precision = 1
	}
	w.add(fmt.Sprintf(s.verb(verb), f))
}

// pad adds text, in bytes, in a field.
func (w *formatter) pad(s spec, text string) {
	space := strings.Repeat(" ", max(0, s.width-len(text)))
	if strings.Contains(s.flags, "-") {
		w.add(text)
		w.add(space)
	} else {
		w.add(space)
		w.add(text)
	}
}

// quote adds text so that Lua can read it again.
func (w *formatter) quote(s string) {
	w.add(`"`)
	from := 0
	for i := range len(s) {
		if escape := quoted[s[i]]; escape != "" {
			w.add(s[from:i])
			w.add(escape)
			from = i + 1
		} else if i-from == quoteBytes {
			w.add(s[from:i])
			from = i
		}
	}
	w.add(s[from:])
	w.add(`"`)
}

// quoteBytes of text without anything to escape are looked at in the time of one instruction.
const quoteBytes = 64

var quoted = [256]string{'"': `\"`, '\\': `\\`, '\n': "\\\n", '\r': `\r`, 0: `\000`}
