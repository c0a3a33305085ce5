package source

import (
	"fmt"
	"strings"
)

// token is one token of the text, as gopher-lua's scanner would cut it.
type token struct {
	text   string
	line   int32 // from 1
	column int32 // from 1, in bytes
	fresh  bool  // a line break comes right before it
}

// scanner cuts text into tokens.
type scanner struct {
	text   string
	at     int
	line   int
	start  int   // where the line begins
	room   int64 // for so many tokens
	tokens []token
	nest   nesting
}

// errorAt is an error at a place of the text.
func errorAt(line, column int, format string, args ...any) *Error {
	return &Error{Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

func (s *scanner) column() int { return s.at - s.start + 1 }

// scan cuts the whole text.
func (s *scanner) scan() *Error {
	s.line = 1
	s.tokens = make([]token, 0, len(s.text)/5)
	if strings.HasPrefix(s.text, "\ufeff") {
		s.at = len("\ufeff")
	}
	if strings.HasPrefix(s.text[s.at:], "#") {
		s.skipLine()
	}
	for {
		fresh, err := s.space()
		if err != nil {
			return err
		}
		if s.at == len(s.text) {
			return nil
		}
		t := token{line: int32(s.line), column: int32(s.column()), fresh: fresh}
		begin := s.at
		if err := s.token(); err != nil {
			return err
		}
		t.text = s.text[begin:s.at]
		if err := s.nest.see(t); err != nil {
			return err
		}
		if s.tokens = append(s.tokens, t); int64(len(s.tokens)) > s.room {
			return errorAt(int(t.line), int(t.column), "the text is too much to compile: there is room for %d words and signs; split it", s.room)
		}
	}
}

// newline steps over one line break, which may be two characters.
func (s *scanner) newline() {
	c := s.text[s.at]
	s.at++
	if s.at < len(s.text) && s.text[s.at] != c && isBreak(s.text[s.at]) {
		s.at++
	}
	s.line++
	s.start = s.at
}

func isBreak(c byte) bool { return c == '\n' || c == '\r' }

// space steps over space and comments and reports whether a line break came after the last comment.
func (s *scanner) space() (fresh bool, err *Error) {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t':
			s.at++
		case isBreak(c):
			fresh = true
			s.newline()
		case strings.HasPrefix(s.text[s.at:], "--"):
			fresh = false
			if err := s.comment(); err != nil {
				return false, err
			}
		default:
			return fresh, nil
		}
	}
	return fresh, nil
}

func (s *scanner) comment() *Error {
	line, column := s.line, s.column()
	s.at += 2
	if level := s.bracket(); level >= 0 {
		if !s.long(level) {
			return errorAt(line, column, "this comment is not closed")
		}
		return nil
	}
	if rest := s.text[s.at:]; strings.HasPrefix(rest, "[=") {
		return errorAt(line, column, "this long comment has no second [")
	}
	s.skipLine()
	return nil
}

func (s *scanner) skipLine() {
	for s.at < len(s.text) && !isBreak(s.text[s.at]) {
		s.at++
	}
	if s.at < len(s.text) {
		s.newline()
	}
}

// bracket is the level of the long bracket that opens here, or -1.
func (s *scanner) bracket() int {
	rest := s.text[s.at:]
	if !strings.HasPrefix(rest, "[") {
		return -1
	}
	level := 1
	for level < len(rest) && rest[level] == '=' {
		level++
	}
	if level < len(rest) && rest[level] == '[' {
		return level - 1
	}
	return -1
}

// long steps over a long bracket and what is in it.
func (s *scanner) long(level int) bool {
	s.at += level + 2
	end := "]" + strings.Repeat("=", level) + "]"
	for s.at < len(s.text) {
		switch {
		case isBreak(s.text[s.at]):
			s.newline()
		case strings.HasPrefix(s.text[s.at:], end):
			s.at += len(end)
			return true
		default:
			s.at++
		}
	}
	return false
}

// operators and signs by their first character, longest first.
var operators = func() (table [256][]string) {
	for _, op := range strings.Fields("... .. == ~= <= >= :: + - * / % ^ # ( ) { } [ ] ; , . : = < >") {
		table[op[0]] = append(table[op[0]], op)
	}
	return table
}()

// token steps over one token.
func (s *scanner) token() *Error {
	switch c := s.text[s.at]; {
	case isLetter(c):
		for s.at < len(s.text) && (isLetter(s.text[s.at]) || isDigit(s.text[s.at])) {
			s.at++
		}
		return nil
	case isDigit(c), c == '.' && s.at+1 < len(s.text) && isDigit(s.text[s.at+1]):
		return s.number()
	case c == '"' || c == '\'':
		return s.quoted(c)
	case c == '[':
		if level := s.bracket(); level >= 0 {
			line, column := s.line, s.column()
			if !s.long(level) {
				return errorAt(line, column, "this long string is not closed")
			}
			return nil
		}
		if strings.HasPrefix(s.text[s.at:], "[=") {
			return errorAt(s.line, s.column(), "this long string has no second [")
		}
	}
	for _, op := range operators[s.text[s.at]] {
		if strings.HasPrefix(s.text[s.at:], op) {
			s.at += len(op)
			return nil
		}
	}
	r := []rune(s.text[s.at:min(len(s.text), s.at+4)])[0]
	return errorAt(s.line, s.column(), "the character %q has no meaning here", r)
}

func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isHex(c byte) bool    { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// number steps over a number. gopher-lua takes more than Lua does for one; that is refused.
func (s *scanner) number() *Error {
	begin, column := s.at, s.column()
	digits := func(is func(byte) bool) (n int) {
		for s.at < len(s.text) && is(s.text[s.at]) {
			s.at++
			n++
		}
		return n
	}
	good := true
	if rest := s.text[s.at:]; len(rest) > 1 && rest[0] == '0' && rest[1]|0x20 == 'x' {
		s.at += 2
		good = digits(isHex) > 0
	} else {
		digits(isDigit)
		if s.at < len(s.text) && s.text[s.at] == '.' {
			s.at++
			digits(isDigit)
		}
		if s.at < len(s.text) && s.text[s.at]|0x20 == 'e' {
			s.at++
			if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
				s.at++
			}
			good = digits(isDigit) > 0
		}
	}
	if s.at < len(s.text) && (isLetter(s.text[s.at]) || s.text[s.at] == '.') {
		good = false
		s.at++
	}
	if !good {
		return errorAt(s.line, column, "malformed number %s", s.text[begin:min(s.at, begin+40)])
	}
	return nil
}

// largeEscape reports whether the number that comes here is no byte.
func (s *scanner) largeEscape() bool {
	n, i := 0, s.at
	for ; i < len(s.text) && i < s.at+3 && isDigit(s.text[i]); i++ {
		n = 10*n + int(s.text[i]-'0')
	}
	return n > 255
}

// quoted steps over a string in quotes.
func (s *scanner) quoted(quote byte) *Error {
	line, column := s.line, s.column()
	for s.at++; s.at < len(s.text); {
		switch c := s.text[s.at]; {
		case c == quote:
			s.at++
			return nil
		case isBreak(c):
			return errorAt(line, column, "this string is not closed on its line")
		case c == '\\' && s.at+1 < len(s.text):
			s.at++
			switch {
			case isBreak(s.text[s.at]):
				s.newline()
			case s.largeEscape():
				return errorAt(s.line, s.column()-1, "escape sequence too large")
			default:
				s.at++
			}
		default:
			s.at++
		}
	}
	return errorAt(line, column, "this string is not closed")
}
