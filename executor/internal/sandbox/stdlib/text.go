package stdlib

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var gmatchFunction = Functions("gmatch", textGmatch)[0]

var textFunctions = append(Functions(
	"byte", textByte, "char", textChar, "dump", textDump, "find", textFind, "format", textFormat, "gsub", textGsub, "len", textLen, "lower", textLower, "match", textMatch, "rep", textRep, "reverse", textReverse, "sub", textSub,
	"upper", textUpper,
), gmatchFunction, Function{"gfind", gmatchFunction.Fn})

// offset makes a position that may count from the end one that counts from the begin; from 1.
func offset(i, length int) int {
	if i < 0 {
		if i < -length {
			return 0
		}
		return length + i + 1
	}
	return i
}

func textByte(l *lua.LState) int {
	c := Of(l, "byte")
	s := c.Text(1)
	from := offset(c.OptInt(2, 1), len(s))
	to := min(offset(c.OptInt(3, from), len(s)), len(s))
	from = max(from, 1)
	if from > to {
		return 0
	}
	n := to - from + 1
	if n > maxResults {
		Raise(l, "string slice too long")
	}
	c.Meter.Work(int64(n) / 8)
	c.Meter.Box(n)
	for _, b := range []byte(s[from-1 : to]) {
		l.Push(lua.LNumber(b))
	}
	return n
}

func textChar(l *lua.LState) int {
	c := Of(l, "char")
	n := l.GetTop()
	c.Meter.Work(int64(n) / 8)
	c.Meter.Text(n)
	bytes := make([]byte, n)
	for i := range bytes {
		v := c.Int(i + 1)
		if v < 0 || v > math.MaxUint8 {
			c.Bad(i+1, "invalid value")
		}
		bytes[i] = byte(v)
	}
	return c.Give(string(bytes))
}

func textDump(l *lua.LState) int {
	Raise(l, "unable to dump given function")
	return 0
}

func textLen(l *lua.LState) int {
	l.Push(lua.LNumber(len(Of(l, "len").Text(1))))
	return 1
}

// mapped gives the text with every byte changed.
func (c Call) mapped(s string, change func(byte) byte) int {
	c.Meter.Text(len(s))
	c.Meter.Grow(int64(len(s))) // out
	out := make([]byte, len(s))
	for i := range out {
		if i%stretch == 0 {
			c.Meter.Bytes(min(len(s)-i, stretch), 8)
		}
		out[i] = change(s[i])
	}
	return c.Give(string(out))
}

// stretch is how many bytes are changed between two looks at the clock, or a few more.
const stretch = 8 << 10

func textLower(l *lua.LState) int {
	c := Of(l, "lower")
	return c.mapped(c.Text(1), func(b byte) byte {
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		return b
	})
}

func textUpper(l *lua.LState) int {
	c := Of(l, "upper")
	return c.mapped(c.Text(1), func(b byte) byte {
		if b >= 'a' && b <= 'z' {
			b -= 'a' - 'A'
		}
		return b
	})
}

func textReverse(l *lua.LState) int {
	c := Of(l, "reverse")
	s := c.Text(1)
	i := len(s)
	return c.mapped(s, func(byte) byte {
		i--
		return s[i]
	})
}

func textRep(l *lua.LState) int {
	c := Of(l, "rep")
	s := c.Text(1)
	n := c.Int(2)
	if n <= 0 || s == "" {
		return c.Give("")
	}
	size := math.MaxInt
	if n <= size/len(s) {
		size = n * len(s)
	}
	c.Meter.Text(size)
	return c.Give(strings.Repeat(s, n))
}

func textSub(l *lua.LState) int {
	c := Of(l, "sub")
	s := c.Text(1)
	from := max(offset(c.Int(2), len(s)), 1)
	to := min(offset(c.OptInt(3, -1), len(s)), len(s))
	if from > to {
		return c.Give("")
	}
	if from == 1 && to == len(s) {
		return c.Give(s)
	}
	l.Push(c.copied(s[from-1 : to]))
	return 1
}
