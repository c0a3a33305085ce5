package lease

import (
	"testing"
	"time"
)

// Members that NATS is too slow for come back later each time; one that was away is back at once, and so is one that was steady.
func TestPausesBetweenMemberships(t *testing.T) {
	const ttl, ms = 2 * time.Second, time.Millisecond
	type end struct {
		joined bool
		lasted time.Duration
		want   time.Duration
	}
	for name, ends := range map[string][]end{
		"NATS is away":     {{true, time.Minute, 100 * ms}, {false, 0, 100 * ms}, {false, 0, 200 * ms}, {false, 0, 400 * ms}, {false, 0, 800 * ms}, {false, 0, 1600 * ms}, {false, 0, 2000 * ms}, {false, 0, 2000 * ms}, {true, time.Minute, 100 * ms}},
		"NATS is too slow": {{true, time.Minute, 100 * ms}, {true, 2 * ttl, 200 * ms}, {true, ttl, 400 * ms}, {true, ttl, 800 * ms}, {true, ttl, 1600 * ms}, {true, ttl, 3200 * ms}, {true, ttl, 4000 * ms}, {false, 0, 4000 * ms}, {true, 4 * ttl, 100 * ms}},
	} {
		var p pauses
		for i, e := range ends {
			if got := p.after(e.joined, e.lasted, ttl); got != e.want {
				t.Errorf("%s, end %d: a pause of %s, want %s", name, i, got, e.want)
			}
		}
	}
}
