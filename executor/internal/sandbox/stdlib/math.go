package stdlib

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

var mathFunctions = Functions(
	"abs", plain("abs", math.Abs), "acos", plain("acos", math.Acos), "asin", plain("asin", math.Asin), "atan", plain("atan", math.Atan),
	"atan2", plain2("atan2", math.Atan2), "ceil", plain("ceil", math.Ceil), "cos", plain("cos", math.Cos), "cosh", plain("cosh", math.Cosh),
	"deg", plain("deg", func(x float64) float64 { return x * 180 / math.Pi }), "exp", plain("exp", math.Exp), "floor", plain("floor", math.Floor),
	"fmod", remainder("fmod"), "frexp", frexp, "ldexp", ldexp, "log", plain("log", math.Log), "log10", plain("log10", math.Log10),
	"max", largest, "min", smallest, "mod", remainder("mod"), "modf", modf, "pow", plain2("pow", math.Pow),
	"rad", plain("rad", func(x float64) float64 { return x * math.Pi / 180 }), "random", random, "randomseed", randomSeed,
	"sin", plain("sin", math.Sin), "sinh", plain("sinh", math.Sinh), "sqrt", plain("sqrt", math.Sqrt), "tan", plain("tan", math.Tan),
	"tanh", plain("tanh", math.Tanh),
)

func mathLibrary() *lua.LTable {
	t := Library(mathFunctions, 2)
	t.RawSetString("pi", lua.LNumber(math.Pi))
	t.RawSetString("huge", lua.LNumber(math.Inf(1)))
	return t
}

func plain(name string, f func(float64) float64) func(*lua.LState) int {
	return func(l *lua.LState) int {
		l.Push(lua.LNumber(f(Of(l, name).Number(1))))
		return 1
	}
}

func plain2(name string, f func(x, y float64) float64) func(*lua.LState) int {
	return func(l *lua.LState) int {
		c := Of(l, name)
		l.Push(lua.LNumber(f(c.Number(1), c.Number(2))))
		return 1
	}
}

func remainder(name string) func(*lua.LState) int {
	return func(l *lua.LState) int {
		c := Of(l, name)
		x, y := c.Number(1), c.Number(2)
		c.Meter.Remainder(x, y)
		l.Push(lua.LNumber(math.Mod(x, y)))
		return 1
	}
}

func frexp(l *lua.LState) int {
	fraction, exponent := math.Frexp(Of(l, "frexp").Number(1))
	l.Push(lua.LNumber(fraction))
	l.Push(lua.LNumber(exponent))
	return 2
}

func ldexp(l *lua.LState) int {
	c := Of(l, "ldexp")
	l.Push(lua.LNumber(math.Ldexp(c.Number(1), max(min(c.Int(2), 5000), -5000))))
	return 1
}

func modf(l *lua.LState) int {
	x := Of(l, "modf").Number(1)
	if math.IsInf(x, 0) {
		l.Push(lua.LNumber(x))
		l.Push(lua.LNumber(math.Copysign(0, x)))
		return 2
	}
	whole, fraction := math.Modf(x)
	l.Push(lua.LNumber(whole))
	l.Push(lua.LNumber(fraction))
	return 2
}

func largest(l *lua.LState) int {
	return extreme(Of(l, "max"), func(x, y float64) bool { return x > y })
}

func smallest(l *lua.LState) int {
	return extreme(Of(l, "min"), func(x, y float64) bool { return x < y })
}

func extreme(c Call, better func(x, y float64) bool) int {
	n := c.GetTop()
	c.Meter.Work(int64(n) / 8)
	best := c.Number(1)
	for i := 2; i <= n; i++ {
		if x := c.Number(i); better(x, best) {
			best = x
		}
	}
	c.Push(lua.LNumber(best))
	return 1
}

// random draws from the run's own generator, whose seed is the event and the template: a replay draws the same.
func random(l *lua.LState) int {
	c := Of(l, "random")
	r := machine(l).Random().Float64()
	var from, to float64
	switch l.GetTop() {
	case 0:
		l.Push(lua.LNumber(r))
		return 1
	case 1:
		from, to = 1, math.Trunc(c.Number(1))
		if !(from <= to) {
			c.Bad(1, "interval is empty")
		}
	case 2:
		from, to = math.Trunc(c.Number(1)), math.Trunc(c.Number(2))
		if !(from <= to) {
			c.Bad(2, "interval is empty")
		}
	default:
		Raise(l, "wrong number of arguments")
	}
	l.Push(lua.LNumber(math.Floor(r*(to-from+1)) + from))
	return 1
}

func randomSeed(l *lua.LState) int {
	machine(l).Reseed(math.Float64bits(Of(l, "randomseed").Number(1)))
	return 0
}
