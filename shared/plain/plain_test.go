package plain_test

import (
	"encoding/json"
	"testing"

	"antiraid/shared/plain"
)

func TestTextsKeepTheirLength(t *testing.T) {
	got, err := plain.JSON(map[string]any{"raw": json.RawMessage(`"<&>"`), "text": "<&>"})
	if want := `{"raw":"<&>","text":"<&>"}`; err != nil || string(got) != want {
		t.Errorf("encoded %s, %v; want %s", got, err, want)
	}
}
