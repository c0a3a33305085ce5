package blame

import "time"

// step is the most that may count between two looks. When more has gone by, the supervisor itself was not there: the machine slept, or both
// processes were stopped together. That is no worker's fault.
const step = 250 * time.Millisecond

// Watch is how a supervisor sees a page in the course of time.
type Watch struct {
	page   *Page
	looked time.Time
	clock  time.Duration // time during which somebody looked
	beat   change
	slots  [slots + 1]change
}

// change is a word and when it was first seen like that.
type change struct {
	word  uint64
	since time.Duration
}

func (c *change) see(word uint64, now time.Duration) {
	if c.word != word {
		c.word, c.since = word, now
	}
}

// NewWatch begins to watch a page.
func NewWatch(p *Page) *Watch { return &Watch{page: p} }

// Look sees what has changed. The other methods answer as of the last look; look every 50 ms or so.
func (w *Watch) Look(now time.Time) {
	if !w.looked.IsZero() {
		w.clock += min(max(now.Sub(w.looked), 0), step)
	}
	w.looked = now
	w.beat.see(w.page.word(0).Load(), w.clock)
	for slot := 1; slot <= slots; slot++ {
		w.slots[slot].see(w.page.word(slot).Load(), w.clock)
	}
}

// Silence is how long the worker has given no sign of life, and whether it ever gave one.
func (w *Watch) Silence() (d time.Duration, alive bool) {
	return w.clock - w.beat.since, w.beat.word != 0
}

// Overdue is a run that should have been over by now.
func (w *Watch) Overdue() (Suspect, bool) {
	for slot := 1; slot <= slots; slot++ {
		c := w.slots[slot]
		allowed := c.word & timeMask
		if allowed == vacant || allowed == unlimited || w.clock-c.since <= time.Duration(allowed)*time.Microsecond {
			continue
		}
		if s, ok := w.page.suspect(slot); ok && w.page.word(slot).Load() == c.word {
			return s, true
		}
	}
	return Suspect{}, false
}
