package pattern

// stretch is how many characters of a set are looked at between two reports.
const stretch = 1024

// classEnd is the offset behind the single-character class that begins at p.
func (m *Matcher) classEnd(p int) int {
	c := m.pattern[p]
	p++
	switch c {
	case '%':
		if p >= len(m.pattern) {
			m.account.Malformed("malformed pattern (ends with '%')")
		}
		return p + 1
	case '[':
		paid := p
		if p < len(m.pattern) && m.pattern[p] == '^' {
			p++
		}
		for first := true; ; first = false {
			if p-paid >= stretch {
				m.step((p - paid) / 4)
				paid = p
			}
			if p >= len(m.pattern) {
				m.account.Malformed("malformed pattern (missing ']')")
			}
			c := m.pattern[p]
			p++
			if c == '%' {
				if p >= len(m.pattern) {
					m.account.Malformed("malformed pattern (missing ']')")
				}
				p++
			} else if c == ']' && !first {
				m.step((p - paid) / 4)
				return p
			}
		}
	}
	return p
}

// single reports whether the character at s is in the class from p to end.
func (m *Matcher) single(s, p, end int) bool {
	m.step(1)
	if s >= len(m.text) {
		return false
	}
	c := m.text[s]
	switch m.pattern[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pattern[p+1])
	case '[':
		return m.set(c, p, end)
	}
	return m.pattern[p] == c
}

// set reports whether c is in the set from p to end.
func (m *Matcher) set(c byte, p, end int) bool {
	in := true
	p++
	if m.pattern[p] == '^' {
		in = false
		p++
	}
	m.step(min(end-p, stretch) / 4)
	paid := p + stretch // up to there
	for last := end - 1; p < last; {
		if p >= paid {
			m.step(stretch / 4)
			paid = p + stretch
		}
		switch {
		case m.pattern[p] == '%':
			if inClass(c, m.pattern[p+1]) {
				return in
			}
			p += 2
		case p+2 < last && m.pattern[p+1] == '-':
			if m.pattern[p] <= c && c <= m.pattern[p+2] {
				return in
			}
			p += 3
		default:
			if m.pattern[p] == c {
				return in
			}
			p++
		}
	}
	return !in
}

// inClass reports whether c is in %class. Classes are those of the C locale.
func inClass(c, class byte) bool {
	var in bool
	switch class | 0x20 {
	case 'a':
		in = isAlpha(c)
	case 'c':
		in = c < ' ' || c == 0x7f
	case 'd':
		in = isDigit(c)
	case 'l':
		in = c >= 'a' && c <= 'z'
	case 'p':
		in = c > ' ' && c < 0x7f && !isAlpha(c) && !isDigit(c)
	case 's':
		in = c == ' ' || c >= '\t' && c <= '\r'
	case 'u':
		in = c >= 'A' && c <= 'Z'
	case 'w':
		in = isAlpha(c) || isDigit(c)
	case 'x':
		in = isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
	case 'z':
		in = c == 0
	default:
		return class == c
	}
	if class >= 'A' && class <= 'Z' {
		return !in
	}
	return in
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
