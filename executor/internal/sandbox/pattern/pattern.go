// Package pattern matches the patterns of Lua 5.1 and tells what it costs.
//
// Matching backtracks, so a short pattern can take for ever on a short text. Every step is reported to the [Account], which ends the run when
// there have been enough. The depth of recursion depends on the pattern only and is capped.
package pattern

// Account pays for the work and hears of patterns that are malformed. Both may panic.
type Account interface {
	// Steps is told of n steps of some nanoseconds each, after at most a thousand of them.
	Steps(n int)
	// Malformed must not return.
	Malformed(message string)
}

const (
	// MaxCaptures is how many captures a pattern may have.
	MaxCaptures = 32

	maxDepth = 200  // nested repetitions and captures
	batch    = 1000 // steps between two reports
)

// Lengths of captures that have no end yet, and that are positions.
const (
	unfinished = -1
	position   = -2
)

// Matcher matches one pattern on one text.
type Matcher struct {
	text, pattern string
	account       Account
	steps         int
	depth         int
	level         int
	captures      [MaxCaptures]capture
}

type capture struct{ start, length int }

// Set makes m ready. A leading ^ must have been cut off.
func (m *Matcher) Set(text, pattern string, account Account) {
	m.text, m.pattern, m.account = text, pattern, account
}

// Match matches at one place of the text and returns the end of the match, or -1.
func (m *Matcher) Match(at int) (end int) {
	m.level, m.depth = 0, 0
	m.step(1)
	return m.match(at, 0)
}

// Done reports the steps that have not been reported.
func (m *Matcher) Done() {
	n := m.steps
	m.steps = 0
	m.account.Steps(n)
}

// Captures is the number of captures of the last match.
func (m *Matcher) Captures() int { return m.level }

// Capture is the i-th capture of the last match, from 0: a piece of the text, or a position (from 1) when that is what was asked for.
func (m *Matcher) Capture(i int) (start, end int, isPosition bool) {
	c := m.captures[i]
	switch c.length {
	case unfinished:
		m.account.Malformed("unfinished capture")
	case position:
		return c.start + 1, 0, true
	}
	return c.start, c.start + c.length, false
}

func (m *Matcher) step(n int) {
	if m.steps += n; m.steps >= batch {
		m.Done()
	}
}

// match matches the pattern from p on at text position s.
func (m *Matcher) match(s, p int) int {
	if m.depth++; m.depth > maxDepth {
		m.account.Malformed("pattern too complex")
	}
	end := m.run(s, p)
	m.depth--
	return end
}

func (m *Matcher) run(s, p int) int {
	for p < len(m.pattern) {
		switch c := m.pattern[p]; {
		case c == '(':
			if p+1 < len(m.pattern) && m.pattern[p+1] == ')' {
				return m.open(s, p+2, position)
			}
			return m.open(s, p+1, unfinished)
		case c == ')':
			return m.close(s, p+1)
		case c == '$' && p+1 == len(m.pattern):
			if s == len(m.text) {
				return s
			}
			return -1
		case c == '%' && p+1 < len(m.pattern) && m.special(m.pattern[p+1]):
			if s, p = m.escape(s, p); s < 0 {
				return -1
			}
			continue
		}
		end := m.classEnd(p)
		if end < len(m.pattern) {
			switch m.pattern[end] {
			case '?':
				if m.single(s, p, end) {
					if r := m.match(s+1, end+1); r >= 0 {
						return r
					}
				}
				p = end + 1
				continue
			case '*':
				return m.longest(s, p, end)
			case '+':
				if !m.single(s, p, end) {
					return -1
				}
				return m.longest(s+1, p, end)
			case '-':
				return m.shortest(s, p, end)
			}
		}
		if !m.single(s, p, end) {
			return -1
		}
		s, p = s+1, end
	}
	return s
}

// special reports whether %c is more than a class of characters.
func (m *Matcher) special(c byte) bool { return c == 'b' || c == 'f' || c >= '0' && c <= '9' }

// escape matches %b, %f or a back reference and returns where text and pattern go on; s is -1 when it does not match.
func (m *Matcher) escape(s, p int) (int, int) {
	switch c := m.pattern[p+1]; c {
	case 'b':
		if p+3 >= len(m.pattern) {
			m.account.Malformed("unbalanced pattern")
		}
		return m.balanced(s, m.pattern[p+2], m.pattern[p+3]), p + 4
	case 'f':
		p += 2
		if p >= len(m.pattern) || m.pattern[p] != '[' {
			m.account.Malformed("missing '[' after '%f' in pattern")
		}
		end := m.classEnd(p)
		before, here := byte(0), byte(0)
		if s > 0 {
			before = m.text[s-1]
		}
		if s < len(m.text) {
			here = m.text[s]
		}
		if m.set(before, p, end) || !m.set(here, p, end) {
			return -1, end
		}
		return s, end
	default:
		return m.back(s, c), p + 2
	}
}

// balanced matches from an opening character to the closing one that belongs to it.
func (m *Matcher) balanced(s int, opening, closing byte) int {
	if s >= len(m.text) || m.text[s] != opening {
		return -1
	}
	depth := 1
	for i := s + 1; i < len(m.text); i++ {
		m.step(1)
		switch m.text[i] {
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		case opening:
			depth++
		}
	}
	return -1
}

// back matches what a capture caught again.
func (m *Matcher) back(s int, digit byte) int {
	i := int(digit) - '1'
	if i < 0 || i >= m.level || m.captures[i].length == unfinished {
		m.account.Malformed("invalid capture index")
	}
	c := m.captures[i]
	if c.length == position {
		return -1 // there is no text to match again
	}
	n := c.length
	m.step(n / 16)
	if len(m.text)-s >= n && m.text[c.start:c.start+n] == m.text[s:s+n] {
		return s + n
	}
	return -1
}

func (m *Matcher) open(s, p, length int) int {
	if m.level >= MaxCaptures {
		m.account.Malformed("too many captures")
	}
	m.captures[m.level] = capture{s, length}
	m.level++
	r := m.match(s, p)
	if r < 0 {
		m.level--
	}
	return r
}

func (m *Matcher) close(s, p int) int {
	for i := m.level - 1; i >= 0; i-- {
		if m.captures[i].length != unfinished {
			continue
		}
		m.captures[i].length = s - m.captures[i].start
		r := m.match(s, p)
		if r < 0 {
			m.captures[i].length = unfinished
		}
		return r
	}
	m.account.Malformed("invalid pattern capture")
	return -1
}

// longest matches as many as there are, then fewer and fewer.
func (m *Matcher) longest(s, p, end int) int {
	n := 0
	for m.single(s+n, p, end) {
		n++
	}
	for ; n >= 0; n-- {
		m.step(1)
		if r := m.match(s+n, end+1); r >= 0 {
			return r
		}
	}
	return -1
}

// shortest matches as few as will do.
func (m *Matcher) shortest(s, p, end int) int {
	for {
		if r := m.match(s, end+1); r >= 0 {
			return r
		}
		if !m.single(s, p, end) {
			return -1
		}
		s++
	}
}
