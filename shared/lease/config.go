package lease

import (
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// Config says which group to join, and how.
type Config struct {
	Group  string // what is shared out: `executor`, `rest`, `gateway`; see [subject.CheckGroup]
	Slices int    // how many slices the group has, 0 … Slices-1; the same for all its members
	Member string // a name for people, and the place of this member's hash: a member that comes back under its name gets its slices back

	TTL       time.Duration // a member that does not renew for so long is dead; whole seconds, because the server cuts the rest; default 2 s
	Heartbeat time.Duration // between renewals; default a quarter of TTL
	Drain     time.Duration // how long hold may take to return once it is asked to hand over; default 10 s
}

// Connection is what a member needs of the bus; *bus.Bus is one.
type Connection interface {
	JetStream() jetstream.JetStream
	Replicas() int
}

const maxSlices = 10_000

func (c Config) withDefaults() Config {
	if c.TTL == 0 {
		c.TTL = 2 * time.Second
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = c.TTL / 4
	}
	if c.Drain == 0 {
		c.Drain = 10 * time.Second
	}
	return c
}

func (c Config) validate() error {
	if err := subject.CheckGroup(c.Group); err != nil {
		return err
	}
	switch {
	case c.Slices < 1 || c.Slices > maxSlices:
		return fmt.Errorf("check slices of group %s: %d, want 1 to %d", c.Group, c.Slices, maxSlices)
	case len(c.Member) == 0 || len(c.Member) > 64:
		return fmt.Errorf("check member of group %s: %.80q, want 1 to 64 bytes", c.Group, c.Member)
	case c.TTL < time.Second || c.TTL%time.Second != 0:
		return fmt.Errorf("check ttl of group %s: %s, want whole seconds, at least 1s", c.Group, c.TTL)
	case c.Heartbeat <= 0 || c.Heartbeat > c.TTL/3:
		return fmt.Errorf("check heartbeat of group %s: %s, want at most a third of the ttl %s", c.Group, c.Heartbeat, c.TTL)
	case c.Drain <= 0:
		return fmt.Errorf("check drain of group %s: %s, want more than 0", c.Group, c.Drain)
	}
	return nil
}

// term is how long a member believes in itself after a renewal was sent: less than TTL, so that it has stopped before anybody may take over.
func (c Config) term() time.Duration { return c.TTL - c.TTL/5 }
