package source

import "fmt"

// Nesting caps, met before gopher-lua's parser and compiler, whose stacks and time grow with them.
const (
	maxNesting = 180 // open brackets and blocks
	maxPending = 190 // operators of one expression that wait for their right side
)

// nesting follows brackets and blocks.
type nesting struct {
	open    []token // not closed yet
	pending int
}

func (n *nesting) see(t token) *Error {
	switch t.text {
	case "(", "{", "[", "function", "do", "if", "repeat":
		n.open = append(n.open, t)
		n.pending = 0
		if len(n.open) > maxNesting {
			return errorAt(int(t.line), int(t.column), "brackets and blocks are nested more than %d deep", maxNesting)
		}
	case ")", "}", "]", "end", "until":
		if len(n.open) > 0 {
			n.open = n.open[:len(n.open)-1]
		}
		n.pending = 0
	case "..", "^", "not", "#", "-":
		if n.pending++; n.pending > maxPending {
			return errorAt(int(t.line), int(t.column), "one expression has more than %d operators %s", maxPending, t.text)
		}
	case ",", ";", "=", "then", "else", "elseif", "local", "return", "while", "for", "in", "and", "or":
		n.pending = 0
	}
	return nil
}

// unclosed says what the text forgot to close.
func (n *nesting) unclosed() string {
	if len(n.open) == 0 {
		return "the text ends in the middle of a statement"
	}
	t := n.open[len(n.open)-1]
	closing := map[string]string{"(": ")", "{": "}", "[": "]", "repeat": "until"}[t.text]
	if closing == "" {
		closing = "end"
	}
	return fmt.Sprintf("the %s of line %d has no %s", t.text, t.line, closing)
}
