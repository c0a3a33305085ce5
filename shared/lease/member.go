package lease

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go"
)

var (
	// ErrLost says that a slice is not ours any more: somebody else has it or may take it.
	ErrLost = errors.New("lease lost")
	// ErrHandover is the cause of the end of a hold's context when the slice is to be given to another member: drain, commit, return.
	ErrHandover = errors.New("lease to be handed over")
)

// Hold works on a slice until ctx ends, finishes what it can, commits and returns; then the slice is released.
//
// The cause of ctx's end is [ErrHandover] or [ErrLost]. A hold that is handing over may go on for Config.Drain, unless Lost closes;
// once Lost is closed it must return at once, for a member joins again only when all its holds have returned. A hold that returns before its ctx ends is called again, later each time that it fails.
type Hold func(ctx context.Context, h *Holding) error

// Member takes part in a group.
type Member struct {
	cfg  Config
	conn Connection
	log  *slog.Logger
	term time.Duration // for tests: a process whose clock stood still believes in itself for longer
}

// New checks cfg. Nothing is done before Run.
func New(cfg Config, c Connection, log *slog.Logger) (*Member, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	return &Member{cfg: cfg, conn: c, log: log.With("group", cfg.Group), term: cfg.term()}, nil
}

const (
	firstRejoin = 100 * time.Millisecond
	lastRejoin  = 2 * time.Second // while there is nothing to join
	lastReturn  = 4 * time.Second // after memberships that did not last
	steady      = 3               // TTLs that one must last to be no reason to wait
)

// pauses are between the end of one membership, or the failure to have one, and the next attempt. To join costs NATS much more than to stay:
// members that lose their membership because it is slow, and all come back at once, would keep it slow for ever.
type pauses struct {
	failed int // attempts in a row that were no membership
	short  int // memberships in a row that did not last
}

func (p *pauses) after(joined bool, lasted, ttl time.Duration) time.Duration {
	switch {
	case !joined:
		p.failed++
	case lasted > steady*ttl:
		*p = pauses{}
	default:
		p.failed, p.short = 0, p.short+1
	}
	return max(min(firstRejoin<<min(max(p.failed-1, 0), 10), lastRejoin), min(firstRejoin<<min(p.short, 10), lastReturn))
}

// Run is a member until ctx ends; then it hands over what it has, leaves and returns nil. Each slice that it gets is given to hold in a
// goroutine of its own; all of them have returned when Run returns.
//
// While NATS is away the member loses its slices, and it joins again when NATS is back. The only errors are a connection that was closed
// and a group that has another number of slices.
func (m *Member) Run(ctx context.Context, hold Hold) error {
	var rest pauses
	var odd time.Time
	for {
		began := time.Now()
		joined, err := m.join(ctx, hold)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errOtherSlices) && odd.IsZero():
			odd = began
		case errors.Is(err, errOtherSlices) && time.Since(odd) > 2*m.cfg.TTL: // whoever died has been forgotten by now
			return fmt.Errorf("be a member of group %s: %w", m.cfg.Group, err)
		case m.conn.JetStream().Conn().IsClosed():
			return fmt.Errorf("be a member of group %s: %w", m.cfg.Group, nats.ErrConnectionClosed)
		}
		if time.Since(began) > lastRejoin {
			odd = time.Time{}
		}
		wait := rest.after(joined, time.Since(began), m.cfg.TTL)
		wait -= rand.N(wait/2 + 1) // not all at once
		m.log.Warn("not a member, joining again", "in", wait, "err", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// join registers once and takes part until ctx ends or the membership does. joined is false if there never was one.
func (m *Member) join(ctx context.Context, hold Hold) (joined bool, err error) {
	opening, cancel := context.WithTimeout(ctx, m.cfg.TTL)
	defer cancel()
	store, err := openStore(opening, m.conn, m.cfg)
	if err != nil {
		return false, err
	}
	s := newSession(m, store, hold)
	err = s.run(ctx)
	return s.self.revision.Load() > 0, err
}
