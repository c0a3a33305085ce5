package stdlib

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// textArithmetic are metamethods of texts, which gopher-lua asks before it reads a number from a text itself: it takes "010" for eight and
// "1_000" for a number. Here text is read as tonumber reads it.
var textArithmetic = Functions(
	"__add", arithmetic("__add", func(x, y float64) float64 { return x + y }),
	"__sub", arithmetic("__sub", func(x, y float64) float64 { return x - y }),
	"__mul", arithmetic("__mul", func(x, y float64) float64 { return x * y }),
	"__div", arithmetic("__div", func(x, y float64) float64 { return x / y }),
	"__mod", arithmetic("__mod", modulo),
	"__pow", arithmetic("__pow", math.Pow),
	"__unm", negate,
)

// textWork is what arithmetic with text is worth, in instructions, besides reading it.
const textWork = 3

func arithmetic(event string, do func(x, y float64) float64) func(*lua.LState) int {
	return func(l *lua.LState) int {
		c := Of(l, event)
		c.Meter.Work(textWork)
		x, isNumber := c.toNumber(l.Get(1))
		y, areNumbers := c.toNumber(l.Get(2))
		if isNumber && areNumbers {
			l.Push(lua.LNumber(do(x, y)))
			return 1
		}
		for n := 1; n <= 2; n++ { // the other operand may know what to do
			v := l.Get(n)
			if v.Type() == lua.LTString {
				continue
			}
			if f := l.GetMetaField(v, event); f != lua.LNil {
				l.SetTop(2)
				l.Insert(f, 1)
				l.Call(2, 1)
				return 1
			}
		}
		bad := l.Get(1)
		if isNumber {
			bad = l.Get(2)
		}
		return noNumber(l, bad)
	}
}

func negate(l *lua.LState) int {
	c := Of(l, "__unm")
	c.Meter.Work(textWork)
	x, ok := c.toNumber(l.Get(1))
	if !ok {
		return noNumber(l, l.Get(1))
	}
	l.Push(lua.LNumber(-x))
	return 1
}

func noNumber(l *lua.LState, v lua.LValue) int {
	Raise(l, "attempt to perform arithmetic on a %s value", v.Type())
	return 0
}

// modulo has the sign of y, as gopher-lua's own for numbers.
func modulo(x, y float64) float64 {
	v := math.Mod(x, y)
	if y > 0 && v < 0 || y < 0 && v > 0 {
		v += y
	}
	return v
}
