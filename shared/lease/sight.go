package lease

import "time"

// sight tells whether the watch is alive: every renewal that was acknowledged must come by on it soon.
type sight struct {
	mark  uint64    // our own revision when the present watch began
	owed  uint64    // a revision of our own that we wait to see
	since time.Time // since when
	begun time.Time // when the present watch was started

	reconnects uint64 // of the connection at that time
}

type verdict int

const (
	seeing  verdict = iota
	restart         // the watch is silent
	blind           // and has been for so long that we are no use as a member
)

func blindLimit(cfg Config) time.Duration { return 5 * cfg.TTL }

func (g *sight) restarted(mark, reconnects uint64) {
	g.mark, g.owed, g.begun, g.reconnects = mark, mark, time.Now(), reconnects
	if g.since.IsZero() {
		g.since = g.begun
	}
}

// check is told what revision of our own was acknowledged, which one the view shows, and how often the connection was made again.
func (g *sight) check(cfg Config, acked, seen, reconnects uint64) verdict {
	now := time.Now()
	if seen >= g.owed {
		g.owed, g.since = acked, now
	}
	switch patience := 3 * cfg.Heartbeat; {
	case now.Sub(g.since) > blindLimit(cfg):
		return blind
	case reconnects != g.reconnects: // the server may have forgotten the watch
		return restart
	case now.Sub(g.since) > patience && now.Sub(g.begun) > patience:
		return restart
	}
	return seeing
}
