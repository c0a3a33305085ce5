package stdlib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/pattern"
)

// stepsPerInstruction is how many steps of matching are worth one instruction.
const stepsPerInstruction = 3

// account makes a run pay for its matching.
type account struct{ *lua.LState }

func (a account) Steps(n int) { meter.Of(a.LState).Work(int64(n) / stepsPerInstruction) }

func (a account) Malformed(message string) { Raise(a.LState, "%s", message) }

// pushCapture pushes the i-th capture, or the whole match when there are none.
func (c Call) pushCapture(m *pattern.Matcher, s string, i, start, end int) {
	if i < m.Captures() {
		from, to, isPosition := m.Capture(i)
		if isPosition {
			c.Push(lua.LNumber(from))
			return
		}
		start, end = from, to
	} else if i > 0 {
		Raise(c.LState, "invalid capture index")
	}
	c.Meter.Work(1)
	c.Push(c.copied(s[start:end]))
}

// pushCaptures pushes all captures; the whole match when there are none and whole is wanted.
func (c Call) pushCaptures(m *pattern.Matcher, s string, start, end int, whole bool) int {
	n := m.Captures()
	if n == 0 && whole {
		n = 1
	}
	for i := range n {
		c.pushCapture(m, s, i, start, end)
	}
	return n
}

// search is find and match: it looks for the first match from a position on.
func (c Call) search(s, p string) (m pattern.Matcher, start, end int) {
	at := max(offset(c.OptInt(3, 1), len(s)), 1) - 1
	at = min(at, len(s))
	anchored := strings.HasPrefix(p, "^")
	m.Set(s, strings.TrimPrefix(p, "^"), account{c.LState})
	for ; ; at++ {
		if end = m.Match(at); end >= 0 || anchored || at >= len(s) {
			m.Done()
			return m, at, end
		}
	}
}

func textFind(l *lua.LState) int {
	c := Of(l, "find")
	s, p := c.Text(1), c.Text(2)
	c.Meter.Bytes(len(p), 32)
	if lua.LVAsBool(l.Get(4)) || !strings.ContainsAny(p, "^$*+?.([%-") {
		at := min(max(offset(c.OptInt(3, 1), len(s)), 1)-1, len(s))
		i := c.index(s[at:], p)
		if i < 0 {
			l.Push(lua.LNil)
			return 1
		}
		l.Push(lua.LNumber(at + i + 1))
		l.Push(lua.LNumber(at + i + len(p)))
		return 2
	}
	m, start, end := c.search(s, p)
	if end < 0 {
		l.Push(lua.LNil)
		return 1
	}
	l.Push(lua.LNumber(start + 1))
	l.Push(lua.LNumber(end))
	return 2 + c.pushCaptures(&m, s, start, end, false)
}

// index is where p begins in s, or -1. It pays for what it compares: there are texts on which that, as Go's own search, takes quadratic time.
func (c Call) index(s, p string) int {
	if p == "" {
		return 0
	}
	for at := 0; len(s)-at >= len(p); at++ {
		i := strings.IndexByte(s[at:len(s)-len(p)+1], p[0])
		if i < 0 {
			c.Meter.Bytes(len(s)-at, meter.CopyBytes)
			break
		}
		c.Meter.Work(1 + int64(i)/meter.CopyBytes)
		at += i
		n := 0
		for n < len(p) && s[at+n:at+min(n+meter.CopyBytes, len(p))] == p[n:min(n+meter.CopyBytes, len(p))] {
			n += meter.CopyBytes
			c.Meter.Work(1)
		}
		if n >= len(p) {
			return at
		}
	}
	return -1
}

func textMatch(l *lua.LState) int {
	c := Of(l, "match")
	s, p := c.Text(1), c.Text(2)
	m, start, end := c.search(s, p)
	if end < 0 {
		l.Push(lua.LNil)
		return 1
	}
	return c.pushCaptures(&m, s, start, end, true)
}

// position is where an iteration goes on. It is a userdata of the iteration's own, so that a run that goes on with one made before it is seen.
type position struct{ at int }

// textGmatch returns an iterator that keeps text, pattern and position as Lua values, where their weight is seen.
func textGmatch(l *lua.LState) int {
	c := Of(l, "gmatch")
	s, p := c.Text(1), c.Text(2)
	c.Meter.Grow(512)
	l.Push(l.NewClosure(gmatchStep, lua.LString(s), lua.LString(p), &lua.LUserData{Value: &position{}, Metatable: lua.LNil}))
	return 1
}

func gmatchStep(l *lua.LState) int {
	c := Of(l, "gmatch")
	s, p := string(l.Get(lua.UpvalueIndex(1)).(lua.LString)), string(l.Get(lua.UpvalueIndex(2)).(lua.LString))
	data := l.Get(lua.UpvalueIndex(3)).(*lua.LUserData)
	meter.Touch(c.Meter, data)
	pos := data.Value.(*position)
	var m pattern.Matcher
	m.Set(s, p, account{l})
	for at := pos.at; at <= len(s); at++ {
		end := m.Match(at)
		if end < 0 {
			continue
		}
		m.Done()
		if pos.at = end; end == at {
			pos.at++
		}
		return c.pushCaptures(&m, s, at, end, true)
	}
	m.Done()
	pos.at = len(s) + 1
	l.Push(lua.LNil)
	return 1
}

func textGsub(l *lua.LState) int {
	c := Of(l, "gsub")
	s, p := c.Text(1), c.Text(2)
	repl := l.Get(3)
	limit := c.OptInt(4, len(s)+1) // before the third is looked at, as Lua does
	switch v := repl.(type) {
	case lua.LNumber:
		repl = lua.LString(v.String())
	case lua.LString, *lua.LTable, *lua.LFunction:
	default:
		c.Bad(3, "string/function/table expected")
	}
	anchored := strings.HasPrefix(p, "^")
	g := substitution{Call: c, text: s, repl: repl, out: c.Meter.Buffer()}
	defer g.out.Release()
	g.m.Set(s, strings.TrimPrefix(p, "^"), account{l})
	n, from := 0, 0 // what of the text is not in the result yet begins at from
	for at := 0; n < limit; {
		end := g.m.Match(at)
		if end >= 0 {
			n++
			g.add(s[from:at])
			g.replace(at, end)
			from = end
		}
		if end > at {
			at = end
		} else if at < len(s) {
			at++
		} else {
			break
		}
		if anchored {
			break
		}
	}
	g.m.Done()
	if n == 0 {
		l.Push(lua.LString(s))
	} else {
		g.add(s[from:])
		l.Push(lua.LString(g.out.String()))
	}
	l.Push(lua.LNumber(n))
	return 2
}

// substitution is one gsub under way.
type substitution struct {
	Call
	m    pattern.Matcher
	text string
	repl lua.LValue
	out  meter.Buffer
}

func (g *substitution) add(s string) { g.out.Add(s) }

// replace appends what a match becomes.
func (g *substitution) replace(start, end int) {
	var v lua.LValue
	switch r := g.repl.(type) {
	case lua.LString:
		g.expand(string(r), start, end)
		return
	case *lua.LTable:
		g.pushCapture(&g.m, g.text, 0, start, end)
		key := g.Get(-1)
		g.Pop(1)
		g.Meter.Index(r, key)
		v = g.GetTable(r, key)
	case *lua.LFunction:
		g.Meter.Work(6)
		g.Push(r)
		n := g.pushCaptures(&g.m, g.text, start, end, true)
		g.LState.Call(n, 1)
		v = g.Get(-1)
		g.Pop(1)
	}
	switch v := v.(type) {
	case lua.LString:
		g.add(string(v))
	case lua.LNumber:
		g.add(v.String())
	default:
		if lua.LVAsBool(v) {
			Raise(g.LState, "invalid replacement value (a %s)", v.Type())
		}
		g.add(g.text[start:end])
	}
}

// expand appends a replacement text with its %0 to %9.
func (g *substitution) expand(r string, start, end int) {
	for {
		i := strings.IndexByte(r, '%')
		if i < 0 {
			g.add(r)
			return
		}
		g.add(r[:i])
		if i+1 == len(r) {
			g.add("\x00") // what Lua finds behind the text
			return
		}
		switch d := r[i+1]; {
		case d == '0':
			g.add(g.text[start:end])
		case d >= '1' && d <= '9':
			g.pushCapture(&g.m, g.text, int(d-'1'), start, end)
			g.add(lua.LVAsString(g.Get(-1)))
			g.Pop(1)
		default:
			g.add(r[i+1 : i+2])
		}
		r = r[i+2:]
	}
}
