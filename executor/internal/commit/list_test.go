package commit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"antiraid/shared/natstest"
)

func TestARunReadsItsOwnWrites(t *testing.T) {
	url := natstest.Start(t)
	s := process(t, url)
	ten := acquire(t, s, 0)
	tx := ten.Group().Begin(identity(1, Main), nil)
	for _, k := range []string{"p/1", "p/2", "p/3", "q", "p.*>\x00é"} {
		tx.Set(t.Context(), k, json.RawMessage(`"`+strings.Repeat("x", 3)+`"`))
	}
	if err := commit(t, tx); err != nil {
		t.Fatal(err)
	}
	tx = ten.Group().Begin(identity(2, Main), nil)
	tx.Delete(t.Context(), "p/1")
	tx.Set(t.Context(), "p/4", json.RawMessage("4"))
	if v, _ := tx.Get(t.Context(), "p/1"); v != nil {
		t.Errorf("a deleted key reads %s", v)
	}
	if v, _ := tx.Get(t.Context(), "p/4"); string(v) != "4" {
		t.Errorf("a written key reads %s", v)
	}
	for prefix, want := range map[string][]string{"p/": {"p/2", "p/3", "p/4"}, "": {"p.*>\x00é", "p/2", "p/3", "p/4", "q"}, "z": {}} {
		if got, of, err := tx.List(t.Context(), prefix, 100, func() {}); err != nil || of != 5 || !slices.Equal(got, want) {
			t.Errorf("list %q: %q, %v; want %q", prefix, got, err, want)
		}
	}
	if got, _, _ := tx.List(t.Context(), "p/", 2, func() {}); !slices.Equal(got, []string{"p/2", "p/3"}) {
		t.Errorf("list with a limit: %q", got)
	}
	if value(t, s, "p/1") == "" || value(t, s, "p/4") != "" {
		t.Error("a run that has not committed has written")
	}
	if err := commit(t, tx); err != nil {
		t.Fatal(err)
	}
	other := acquire(t, process(t, url), 2)
	heard := 0
	if got, of, err := other.Group().Begin(identity(3, Main), nil).List(t.Context(), "p/", 100, func() { heard++ }); err != nil || of != 5 || heard != 5 || !slices.Equal(got, []string{"p/2", "p/3", "p/4"}) {
		t.Errorf("another process lists %q, %v", got, err)
	}
}

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
