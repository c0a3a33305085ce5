// Package plain encodes JSON without the escapes that make it fit for HTML.
//
// encoding/json writes < > and & as six bytes each, also inside what is JSON already. What travels between the parts is read by no browser,
// and its size is bounded: a text of an author's must not become six times as long on its way.
package plain

import (
	"bytes"
	"encoding/json"
)

// JSON is v as JSON.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
