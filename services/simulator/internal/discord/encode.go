package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode writes objects of this module: that they can be written is part of their definition. Unlike json.Marshal it leaves <, > and &
// as they are, as Discord does.
func Encode(v any) json.RawMessage {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
