package discord

import "strings"

// nested is `errors.path.to.field._errors[{code, message}]`, as code 50035 brings it. The path "" is the form itself.
func (f Fields) nested() map[string]any {
	root := map[string]any{}
	for path, fault := range f {
		at := root
		for step := range strings.SplitSeq(path, ".") {
			if step == "" {
				continue
			}
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		at["_errors"] = []Fault{fault}
	}
	return root
}
