package world

import (
	"testing"
	"time"
)

func TestNoncesEndOneByOne(t *testing.T) {
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	n := nonces{made: map[string]nonce{}}
	n.remember("", 1, 1, at(0))
	n.remember("a", 1, 2, at(0))
	n.remember("b", 1, 3, at(1))
	n.remember("a", 1, 4, at(2)) // nobody enforced it
	for _, c := range []struct {
		text    string
		since   int
		message uint64 // 0: forgotten
	}{
		{"", -1, 0}, {"a", 0, 4}, {"b", 0, 3}, {"b", 1, 0}, {"a", 1, 4}, {"a", 2, 0}, {"c", 0, 0},
	} {
		made, ok := n.recall(c.text, at(c.since))
		if ok != (c.message != 0) || ok && uint64(made.message) != c.message {
			t.Errorf("nonce %q used after minute %d is message %d, %v; want %d", c.text, c.since, made.message, ok, c.message)
		}
	}
	if len(n.made) > 1 || len(n.order) > 1 {
		t.Errorf("%d nonces are kept after all have ended", len(n.made))
	}
}
