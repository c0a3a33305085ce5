package pool

import (
	"sync"
	"time"

	"antiraid/shared/health"
)

// settled is how long a worker must give signs of life before it counts: one that dies each time it begins does no work.
const settled = time.Second

// nobody is what is away while no worker lives.
const nobody = "every worker process"

// crew is how many workers live, in all places.
type crew struct {
	mu    sync.Mutex
	n     int
	state *health.State
}

func newCrew(state *health.State) *crew {
	state.Away(nobody)
	return &crew{state: state}
}

func (c *crew) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
	if c.n == 0 {
		c.state.Away(nobody)
	} else {
		c.state.Back(nobody)
	}
}

// member is one worker.
type member struct {
	crew   *crew
	since  time.Time // of its first sign of life
	counts bool
}

func (c *crew) member() *member { return &member{crew: c} }

// lives is called whenever the worker is seen alive.
func (m *member) lives() {
	switch {
	case m.since.IsZero():
		m.since = time.Now()
	case !m.counts && time.Since(m.since) >= settled:
		m.counts = true
		m.crew.add(1)
	}
}

func (m *member) leave() {
	if m.counts {
		m.crew.add(-1)
	}
}
