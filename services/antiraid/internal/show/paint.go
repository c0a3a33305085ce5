package show

import (
	"io"
	"slices"
	"strings"

	"antiraid/shared/service"
)

// Paint colours text for people; the zero Paint leaves it as it is.
type Paint struct{ on bool }

// PaintFor colours what goes to a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is a dumb one.
func PaintFor(out io.Writer, environ []string) Paint {
	asked := func(pair string) bool {
		value, found := strings.CutPrefix(pair, "NO_COLOR=")
		return found && value != "" || pair == "TERM=dumb"
	}
	return Paint{service.Terminal(out) && !slices.ContainsFunc(environ, asked)}
}

func (p Paint) code(code, text string) string {
	if !p.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Bold is for what a line is about.
func (p Paint) Bold(text string) string { return p.code("1", text) }

// Dim is for what stands beside it.
func (p Paint) Dim(text string) string { return p.code("2", text) }

// Good is for what went well.
func (p Paint) Good(text string) string { return p.code("32", text) }

// Bad is for what did not.
func (p Paint) Bad(text string) string { return p.code("31", text) }

// Note is for what asks for attention.
func (p Paint) Note(text string) string { return p.code("33", text) }
