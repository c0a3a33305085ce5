package narrator

import "encoding/json"

// field is a text in a JSON object; empty when there is none.
func field(object []byte, name string) string {
	var fields map[string]json.RawMessage
	var text string
	if json.Unmarshal(object, &fields) == nil {
		_ = json.Unmarshal(fields[name], &text) // no text: empty
	}
	return text
}
