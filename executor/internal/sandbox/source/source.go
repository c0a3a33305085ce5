// Package source turns the text of one Lua file into a bounded prototype that knows its columns.
//
// gopher-lua's parser keeps lines only. So it is given the tokens one on each line; the lines it reports are places in our list of tokens,
// which know line and column of the text. What its parser and compiler cannot take in reasonable time and memory is refused before. What they
// get wrong is put right in the syntax tree (assignments, loops, goto, table constructors, constant conditions), or refused instead of run (too
// many upvalues, jumps too far, very long lists).
package source

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// Error says why a text cannot be compiled.
type Error struct {
	Message string
	Line    int    // from 1; 0: unknown
	Column  int    // from 1; 0: unknown
	Source  string // the line
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Chunk is a compiled text. It is immutable.
type Chunk struct {
	Name  string
	Proto *lua.FunctionProto
	// Work is what compiling it took, in steps of a nanosecond or so.
	Work int64
	// Bytes is about how much memory compiling it took.
	Bytes int64
	// Held is about how much of it stays.
	Held int
	// Functions is how many functions it has, itself left out.
	Functions int

	columns map[*lua.FunctionProto][]int32
	text    string
}

// Limits bound one text beyond what is bounded for all.
type Limits struct {
	Bytes     int
	Functions int
	// Work is what compiling may take, in steps of a nanosecond or so.
	Work int64
}

// Compile compiles one text. name is how it is called in messages.
func Compile(name, text string, limits Limits) (*Chunk, *Error) {
	c := &Chunk{Name: name, text: text}
	if len(text) > limits.Bytes {
		return nil, &Error{Message: fmt.Sprintf("the text has %d bytes, at most %d are allowed", len(text), limits.Bytes)}
	}
	if strings.HasPrefix(text, "\x1b") {
		return nil, &Error{Message: "this is compiled Lua; only text is accepted"}
	}
	s := &scanner{text: text, room: limits.Work / tokenWork}
	if err := s.scan(); err != nil {
		return nil, c.quote(err)
	}
	laid, lines := lay(s.tokens)
	chunk, err := parse.Parse(strings.NewReader(laid), name)
	if err != nil {
		return nil, c.quote(parseError(err, s, lines))
	}
	tree, tooMuch := prepare(chunk, len(s.tokens), limits)
	if tooMuch != nil {
		tooMuch.Line, tooMuch.Column = place(s.tokens, lines, tooMuch.Line)
		return nil, c.quote(tooMuch)
	}
	if c.Proto, err = compile(tree, name); err != nil {
		return nil, c.quote(compileError(err, s.tokens, lines))
	}
	c.Work = tree.work
	c.Bytes = int64(len(text))*3 + int64(len(s.tokens))*64 + int64(tree.functions)*functionBytes
	c.Held = 1500 + len(text)*2 + len(s.tokens)*40 + tree.functions*800
	c.Functions = tree.functions
	c.columns = map[*lua.FunctionProto][]int32{}
	if err := c.finish(c.Proto, s.tokens, lines); err != nil {
		return nil, c.quote(err)
	}
	return c, nil
}

// compile keeps the compiler's own panics (there are some besides its errors) from going further.
func compile(tree prepared, name string) (proto *lua.FunctionProto, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if proto, err = lua.Compile(tree.chunk, name); err == nil && len(tree.closes) > 0 {
		correct(proto, tree.closes)
	}
	return proto, err
}

// lay writes the tokens one on each line. lines has, for each line from 0, the token that begins there or goes on there.
func lay(tokens []token) (text string, lines []int32) {
	var b strings.Builder
	lines = []int32{0}
	for i, t := range tokens {
		if i > 0 && t.text == "(" && tokens[i-1].text == ")" && !t.fresh {
			b.WriteByte(' ') // a line break here is an error
		} else if i > 0 {
			b.WriteByte('\n')
			lines = append(lines, int32(i))
		}
		b.WriteString(t.text)
		for range breaks(t.text) {
			lines = append(lines, int32(i))
		}
	}
	return b.String(), lines
}

// breaks counts line breaks as gopher-lua does.
func breaks(s string) (n int) {
	if s[0] != '"' && s[0] != '\'' && s[0] != '[' {
		return 0
	}
	for i := 0; i < len(s); i++ {
		if isBreak(s[i]) {
			n++
			if i+1 < len(s) && s[i+1] != s[i] && isBreak(s[i+1]) {
				i++
			}
		}
	}
	return n
}

// place is where the token of a laid line stands in the text.
func place(tokens []token, lines []int32, line int) (int, int) {
	if line <= 0 || len(tokens) == 0 {
		return 0, 0
	}
	t := tokens[lines[min(line, len(lines))-1]]
	return int(t.line), int(t.column)
}

func parseError(err error, s *scanner, lines []int32) *Error {
	e, ok := err.(*parse.Error)
	if !ok {
		return &Error{Message: err.Error()}
	}
	if e.Pos.Line == parse.EOF {
		last := strings.Count(s.text, "\n") + 1
		if n := len(s.tokens); n > 0 {
			last = int(s.tokens[n-1].line)
		}
		return &Error{Message: "unexpected end of the text: " + s.nest.unclosed(), Line: last}
	}
	line, column := place(s.tokens, lines, e.Pos.Line)
	message := fmt.Sprintf("%s near %.60q", e.Message, e.Token)
	if e.Message == "syntax error" || e.Message == "parse error" {
		message = fmt.Sprintf("unexpected %.60q", e.Token)
		if at := int(lines[min(max(e.Pos.Line, 1), len(lines))-1]); at < len(s.tokens) {
			message += missing(s.tokens[:at], s.tokens[at])
		}
	}
	return &Error{Message: message, Line: line, Column: column}
}

// missing guesses which block was not closed before a token that cannot stand in one.
func missing(before []token, t token) string {
	var n nesting
	for _, b := range before {
		n.see(b)
	}
	if len(n.open) == 0 || t.text != "," && t.text != "}" && t.text != ")" {
		return ""
	}
	if last := n.open[len(n.open)-1]; isLetter(last.text[0]) {
		return "; " + n.unclosed()
	}
	return ""
}

var lineNumber = regexp.MustCompile(`line \d+`)

func compileError(err error, tokens []token, lines []int32) *Error {
	e, ok := err.(*lua.CompileError)
	if !ok {
		return &Error{Message: err.Error()}
	}
	line, column := place(tokens, lines, e.Line)
	message := lineNumber.ReplaceAllStringFunc(e.Message, func(m string) string {
		laid, _ := strconv.Atoi(m[len("line "):])
		line, _ := place(tokens, lines, laid)
		return "line " + strconv.Itoa(line)
	})
	return &Error{Message: message, Line: line, Column: column}
}

// finish gives a prototype its true lines, keeps the columns, and lets go of what it does not need.
func (c *Chunk) finish(p *lua.FunctionProto, tokens []token, lines []int32) *Error {
	columns := make([]int32, len(p.DbgSourcePositions), len(p.DbgSourcePositions)+1)
	positions := make([]int, len(p.DbgSourcePositions))
	for pc, laid := range p.DbgSourcePositions {
		line, column := place(tokens, lines, laid)
		positions[pc], columns[pc] = line, int32(column)
	}
	var column int
	p.LineDefined, column = place(tokens, lines, p.LineDefined)
	p.LastLineDefined, _ = place(tokens, lines, p.LastLineDefined)
	if len(p.DbgUpvalues) > maxUpvalues {
		return &Error{Line: p.LineDefined, Column: column, Message: fmt.Sprintf("a function uses %d variables of the functions around it, at most %d are allowed", len(p.DbgUpvalues), maxUpvalues)}
	}
	if len(p.Code) > maxCode {
		return &Error{Line: p.LineDefined, Column: column, Message: "a function is too long; split it"}
	}
	p.DbgSourcePositions, p.DbgLocals = positions, nil
	p.Code, p.Constants, p.DbgCalls = slices.Clone(p.Code), slices.Clone(p.Constants), slices.Clone(p.DbgCalls)
	p.FunctionPrototypes, p.DbgUpvalues = slices.Clone(p.FunctionPrototypes), slices.Clone(p.DbgUpvalues)
	c.columns[p] = append(columns, int32(column)) // the last is the function's own
	for _, child := range p.FunctionPrototypes {
		if err := c.finish(child, tokens, lines); err != nil {
			return err
		}
	}
	return nil
}

// Place is the place of one instruction; ok is false for a prototype of another chunk.
func (c *Chunk) Place(p *lua.FunctionProto, pc int) (line, column int, ok bool) {
	columns, ok := c.columns[p]
	if !ok || pc < 0 || pc >= len(p.DbgSourcePositions) {
		return 0, 0, false
	}
	return p.DbgSourcePositions[pc], int(columns[pc]), true
}

// Definition is the place where a function begins; ok is false for one of another chunk.
func (c *Chunk) Definition(p *lua.FunctionProto) (line, column int, ok bool) {
	columns, ok := c.columns[p]
	if !ok {
		return 0, 0, false
	}
	return p.LineDefined, int(columns[len(columns)-1]), true
}

// Line is a line of the text, from 1, cut at a readable length.
func (c *Chunk) Line(n int) string {
	rest, more := c.text, n > 0
	for ; more && n > 1; n-- {
		_, rest, more = cutLine(rest)
	}
	if !more {
		return ""
	}
	line, _, _ := cutLine(rest)
	return cut(line)
}

// cutLine cuts the first line off; more reports whether there is another. A line break is one or two characters, as in the scanner.
func cutLine(text string) (line, rest string, more bool) {
	i := strings.IndexAny(text, "\r\n")
	if i < 0 {
		return text, "", false
	}
	line, rest = text[:i], text[i+1:]
	if rest != "" && rest[0] != text[i] && isBreak(rest[0]) {
		rest = rest[1:]
	}
	return line, rest, true
}

func (c *Chunk) quote(e *Error) *Error {
	e.Source = c.Line(e.Line)
	return e
}

// maxLine is how much of a source line is shown, in bytes.
const maxLine = 200

func cut(s string) string {
	if len(s) > maxLine {
		return strings.ToValidUTF8(s[:maxLine], "") + "…"
	}
	return s
}

// Place is the error as Lua shows it, with the name of the text.
func (e *Error) Place(name string) string {
	if e.Line == 0 {
		return name + ": " + e.Message
	}
	return name + ":" + strconv.Itoa(e.Line) + ": " + e.Message
}
