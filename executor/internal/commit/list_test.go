package commit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"antiraid/shared/natstest"
)

// A run that lists many keys again and again has them read once, until it has awaited: others may have written by then.
func TestARunReadsItsKeysOnce(t *testing.T) {
	url := natstest.Start(t)
	const n = 100
	writes := acquire(t, process(t, url), 0).Group().Begin(identity(1, Main), nil)
	for i := range n {
		writes.Set(t.Context(), fmt.Sprintf("%03d%s", i, strings.Repeat("x", 400)), json.RawMessage("1"))
	}
	if err := commit(t, writes); err != nil {
		t.Fatal(err)
	}
	tx := acquire(t, process(t, url), 1).Group().Begin(identity(2, Main), performer(func() {}))
	heard := 0
	lists := func(when string, keys, read int) {
		t.Helper()
		_, of, err := tx.List(t.Context(), "", 1000, func() { heard++ })
		if err != nil || of != keys || heard != read {
			t.Errorf("%s: %d keys, %d read, %v; want %d and %d", when, of, heard, err, keys, read)
		}
	}
	lists("first", n, n)
	lists("again", n, n)
	tx.Set(t.Context(), "new", json.RawMessage("1"))
	tx.Delete(t.Context(), "000"+strings.Repeat("x", 400))
	lists("after writes", n, n)
	tx.Delete(t.Context(), "new")
	lists("after one is taken back", n-1, n)
	if _, err := tx.Do(t.Context(), "create_message", json.RawMessage(`{}`), true); err != nil {
		t.Fatal(err)
	}
	lists("after it has awaited", n-1, 2*n)
}
