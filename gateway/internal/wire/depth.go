package wire

import "bytes"

// maxDepth is how deep a frame may be nested. Discord's are not deeper than some tens; readers that follow the nesting on the stack, the
// validation here among them, would die of millions.
const maxDepth = 1000

// tooDeep reports whether raw is nested deeper than maxDepth, as far as it is JSON at all.
func tooDeep(raw []byte) bool {
	if bytes.Count(raw, []byte("["))+bytes.Count(raw, []byte("{")) <= maxDepth {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > maxDepth {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}
