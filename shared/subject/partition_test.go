package subject_test

import (
	"testing"

	"antiraid/shared/subject"
)

func TestEventPartition(t *testing.T) {
	for s, want := range map[string]int{"events.00.g-1.X": 0, "events.63.g-1.X": 63, "events.64.g-1.X": -1, "events.7.g-1.X": -1, "events.x1.g-1.X": -1, "effects.01.g-1.x": -1, "": -1, "events.0": -1} {
		if p, ok := subject.EventPartition(s); ok != (want >= 0) || ok && p != want {
			t.Errorf("%q is in partition %d, %v; want %d", s, p, ok, want)
		}
	}
}
