// Package values carries values between JSON and Lua: numbers, strings, lists and objects, with their sizes and depths bounded and paid for.
//
// null is nil inside an object (the field is absent) and [Null] elsewhere. Lists that come from JSON keep a mark, so that an empty one stays a
// list. Objects can be lazy: a table that decodes a field when it is first looked at, and that scripts cannot tell from any other table.
package values

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
)

// SyntaxError says why a text is not JSON.
type SyntaxError struct {
	Message string
	Offset  int // in bytes, from 0
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at character %d", e.Message, e.Offset+1)
}

// scanner reads JSON text.
type scanner struct {
	data     []byte
	at       int
	maxDepth int
	m        *meter.Meter // nil: nobody pays
	paid     int          // up to where
}

// stretch is how many bytes are read or written before they are paid for: some ten microseconds.
const stretch = 16 << 10

// pay charges a run for n bytes of JSON text.
func pay(m *meter.Meter, n int) { m.Bytes(n, textBytes) }

// textBytes are read or written in the time of one instruction.
const textBytes = 8

// pay charges for what has been read since.
func (s *scanner) pay() {
	if s.m != nil {
		n := (s.at - s.paid) / textBytes
		s.paid += n * textBytes
		s.m.Work(int64(n))
	}
}

func (s *scanner) fail(format string, args ...any) *SyntaxError {
	return &SyntaxError{fmt.Sprintf(format, args...), s.at}
}

func (s *scanner) space() {
	for ; s.at < len(s.data); s.at++ {
		switch s.data[s.at] {
		case ' ', '\t', '\n', '\r':
		default:
			return
		}
		if s.at%stretch == 0 {
			s.pay()
		}
	}
}

// next is the next character that is not space; 0 at the end.
func (s *scanner) next() byte {
	if s.at < len(s.data) && s.data[s.at] > ' ' {
		return s.data[s.at]
	}
	s.space()
	if s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

func (s *scanner) unexpected(want string) *SyntaxError {
	if s.at >= len(s.data) {
		return s.fail("the text ends where %s is expected", want)
	}
	r, _ := utf8.DecodeRune(s.data[s.at:])
	return s.fail("%q where %s is expected", r, want)
}

// end refuses text behind the value.
func (s *scanner) end() *SyntaxError {
	if s.next() != 0 || s.at < len(s.data) {
		return s.unexpected("the end")
	}
	return nil
}

// skip steps over one value and checks it.
func (s *scanner) skip(depth int) *SyntaxError {
	s.pay()
	switch c := s.next(); c {
	case '{':
		return s.object(depth, func(int, int) *SyntaxError { return s.skip(depth + 1) })
	case '[':
		return s.array(depth, func() *SyntaxError { return s.skip(depth + 1) })
	case '"':
		_, err := s.quoted()
		return err
	default:
		_, err := s.scalar(c)
		return err
	}
}

// object steps over an object; field is called for each, with where its name stands, and steps over the value.
func (s *scanner) object(depth int, field func(begin, end int) *SyntaxError) *SyntaxError {
	if depth >= s.maxDepth {
		return s.fail("nested more than %d deep", s.maxDepth)
	}
	s.at++
	if s.next() == '}' {
		s.at++
		return nil
	}
	for {
		if s.next() != '"' {
			return s.unexpected("a name in quotes")
		}
		begin := s.at
		if _, err := s.quoted(); err != nil {
			return err
		}
		end := s.at
		if s.next() != ':' {
			return s.unexpected("':'")
		}
		s.at++
		if err := field(begin, end); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.unexpected("',' or '}'")
		}
	}
}

// array steps over a list; item steps over each.
func (s *scanner) array(depth int, item func() *SyntaxError) *SyntaxError {
	if depth >= s.maxDepth {
		return s.fail("nested more than %d deep", s.maxDepth)
	}
	s.at++
	if s.next() == ']' {
		s.at++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.unexpected("',' or ']'")
		}
	}
}

// ordinary are the characters that need no look inside a string.
var ordinary = func() (t [256]bool) {
	for c := ' '; c < 256; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// quoted steps over a string and reports whether it has escapes.
func (s *scanner) quoted() (escaped bool, err *SyntaxError) {
	data, at := s.data, s.at+1
	for {
		end := min(len(data), at+stretch)
		for at < end && ordinary[data[at]] {
			at++
		}
		s.at = at
		s.pay()
		switch {
		case at == end && at < len(data):
			continue
		case at == len(data):
			return false, s.fail("the text ends inside a string")
		case data[at] == '"':
			s.at++
			return escaped, nil
		case data[at] < ' ':
			return false, s.fail("a control character in a string")
		}
		escaped = true
		if err := s.escape(); err != nil {
			return false, err
		}
		at = s.at + 1
	}
}

// escape steps to the last character of an escape sequence.
func (s *scanner) escape() *SyntaxError {
	s.at++
	if s.at >= len(s.data) {
		return s.fail("the text ends inside a string")
	}
	switch s.data[s.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		if s.at+4 >= len(s.data) || hex4(s.data[s.at+1:]) < 0 {
			return s.fail("\\u without four hexadecimal digits")
		}
		s.at += 4
		return nil
	}
	return s.fail("an escape sequence that does not exist")
}

func hex4(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return r
}

// unescape is what a string in quotes means. Halves of surrogate pairs without the other become U+FFFD. The run pays for it, unless m is nil.
func unescape(m *meter.Meter, quoted []byte) string {
	if m != nil {
		m.Grow(int64(len(quoted)))
	}
	out := make([]byte, 0, len(quoted))
	paid := 0
	for i := 1; i < len(quoted)-1; i++ {
		if m != nil && len(out)-paid >= stretch {
			pay(m, len(out)-paid)
			paid = len(out)
		}
		c := quoted[i]
		if c != '\\' {
			out = append(out, c)
			continue
		}
		i++
		switch c := quoted[i]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(quoted[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				pair := rune(utf8.RuneError)
				if i+6 < len(quoted) && quoted[i+1] == '\\' && quoted[i+2] == 'u' {
					pair = utf16.DecodeRune(r, hex4(quoted[i+3:]))
				}
				if r = pair; pair != utf8.RuneError {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// scalar reads true, false, null or a number; null is nil.
func (s *scanner) scalar(c byte) (lua.LValue, *SyntaxError) {
	switch {
	case c == 't':
		return lua.LTrue, s.word("true")
	case c == 'f':
		return lua.LFalse, s.word("false")
	case c == 'n':
		return lua.LNil, s.word("null")
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	return nil, s.unexpected("a value")
}

func (s *scanner) word(w string) *SyntaxError {
	if len(s.data)-s.at < len(w) || string(s.data[s.at:s.at+len(w)]) != w {
		return s.unexpected("a value")
	}
	s.at += len(w)
	return nil
}

// maxNumber is how many characters a number may have.
const maxNumber = 1000

// digits steps over digits, as many as a number may have.
func (s *scanner) digits() (n int) {
	for n <= maxNumber && s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
		n++
	}
	return n
}

func (s *scanner) number() (lua.LValue, *SyntaxError) {
	if s.m != nil {
		s.m.Box(1)
	}
	begin := s.at
	if s.data[s.at] == '-' {
		s.at++
	}
	first := s.at
	n := s.digits()
	if n == 0 || n > 1 && s.data[first] == '0' {
		return nil, s.unexpected("a number")
	}
	whole := true
	if s.at < len(s.data) && s.data[s.at] == '.' {
		whole = false
		s.at++
		if s.digits() == 0 {
			return nil, s.unexpected("a digit")
		}
	}
	if s.at < len(s.data) && s.data[s.at]|0x20 == 'e' {
		whole = false
		s.at++
		if s.at < len(s.data) && (s.data[s.at] == '+' || s.data[s.at] == '-') {
			s.at++
		}
		if s.digits() == 0 {
			return nil, s.unexpected("a digit")
		}
	}
	if s.at-begin > maxNumber {
		return nil, s.fail("a number of more than %d characters", maxNumber)
	}
	if whole && n <= 15 {
		v := int64(0)
		for _, c := range s.data[first:s.at] {
			v = v*10 + int64(c-'0')
		}
		if first > begin && v != 0 {
			v = -v
		}
		return lua.LNumber(v), nil
	}
	text := string(s.data[begin:s.at])
	if s.m != nil {
		s.m.Number(text)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, s.fail("the number is too large")
	}
	return lua.LNumber(f), nil
}
