package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/services/lab/internal/history"
	"antiraid/shared/tenant"
)

// Report is what an attack came to.
type Report struct {
	Seed      uint64  `json:"seed"`
	Duration  float64 `json:"duration_s"`
	Executors int     `json:"executors"`
	Tenants   int     `json:"tenants"`
	Runs      int     `json:"runs"`
	Effects   int     `json:"effects"`
	history.Verdict
	MaxTakeover int          `json:"max_takeover_ms"` // after a crash or a stop
	MaxLeave    int          `json:"max_leave_ms"`    // after a clean leave
	Takeovers   int          `json:"takeovers"`       // that were measured
	Leaves      int          `json:"leaves"`
	DrainedIn   float64      `json:"drained_in_s"` // how long the rest of the work took
	SelfEnded   int          `json:"self_ended"`   // processes that ended by themselves; they were started again
	Letters     []string     `json:"dead_letters,omitempty"`
	Faults      map[Kind]int `json:"faults"`
	Dir         string       `json:"-"` // logs and queue
}

// Attack runs a system and its tenants, attacks it, and returns what that came to, with all that was seen. The caller owns Report.Dir.
func Attack(ctx context.Context, cfg Config, progress io.Writer) (*Report, history.History, error) {
	note := (&lines{out: progress}).printf
	clients, err := newClients(cfg.Tenants)
	if err != nil {
		return nil, history.History{}, err
	}
	s, err := open(ctx, cfg, clients, note)
	if err != nil {
		return nil, history.History{}, err
	}
	siege := &siege{Config: cfg, system: s, clients: clients, seen: newObserver()}
	r, h, err := siege.run(ctx)
	s.close()
	if ctx.Err() != nil { // somebody has had enough of it
		return nil, h, errors.Join(ctx.Err(), os.RemoveAll(s.dir))
	}
	if err != nil {
		return nil, h, fmt.Errorf("%w; logs are in %s", err, s.dir)
	}
	return r, h, nil
}

type siege struct {
	Config
	*system
	clients []*client
	seen    *observer
}

func (s *siege) run(ctx context.Context) (r *Report, h history.History, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.seen.run(ctx, s.stage.Bus) })
	g.Go(func() (err error) {
		defer stop()
		r, h, err = s.fight(ctx)
		return err
	})
	return r, h, g.Wait()
}

// fight prepares, attacks, heals, waits, and judges.
func (s *siege) fight(ctx context.Context) (*Report, history.History, error) {
	var none history.History
	traffic, err := s.begin(ctx)
	if err != nil {
		return nil, none, err
	}
	r := &Report{Seed: s.Seed, Duration: s.Duration.Seconds(), Executors: s.Executors, Tenants: s.Tenants, Dir: s.dir}
	err = s.attack(ctx, r)
	if err = errors.Join(err, s.heal(), traffic.end()); err != nil {
		return nil, none, err
	}
	if err := s.drain(ctx, r); err != nil {
		return nil, none, err
	}
	h, err := s.judge(ctx, r)
	return r, h, err
}

// attack does what the schedule says, and measures takeovers meanwhile.
func (s *siege) attack(ctx context.Context, r *Report) error {
	a := &assault{system: s.system, clients: s.clients, count: map[Kind]int{}, takeovers: &takeovers{bus: s.stage.Bus, note: s.note}}
	watching, blind := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	watcher.Go(func() { a.takeovers.run(watching) })
	s.note("%d tenants on %d executors; one leaves and one is killed while nothing else happens", s.Tenants, s.Executors)
	if err := a.calm(ctx); err != nil {
		s.note("no takeover was measured: %v", err)
	}
	s.note("attacks for %s", s.Duration)
	err := a.run(ctx, Schedule(s.plan()))
	sleep(ctx, time.Until(a.began.Add(s.Duration)))
	blind()
	watcher.Wait()
	r.Faults = a.count
	r.Takeovers, r.MaxTakeover = len(a.takeovers.crashes), longest(a.takeovers.crashes)
	r.Leaves, r.MaxLeave = len(a.takeovers.leavings), longest(a.takeovers.leavings)
	return err
}

// drain waits for the rest of the work.
func (s *siege) drain(ctx context.Context, r *Report) error {
	s.note("healed; waiting for %d runs", s.seen.missing(s.clients))
	healed := time.Now()
	within, cancel := context.WithTimeout(ctx, s.Drain)
	defer cancel()
	if err := s.seen.drained(within, s.discord, s.clients); err != nil && within.Err() == nil {
		return err
	}
	r.DrainedIn, r.SelfEnded = time.Since(healed).Seconds(), s.selfEnded()
	s.note("drained after %.1f s; new executors read the state", r.DrainedIn)
	return nil
}

// judge collects what was seen and looks for faults in it.
func (s *siege) judge(ctx context.Context, r *Report) (history.History, error) {
	found, err := s.readStates(ctx)
	if err != nil {
		return history.History{}, err
	}
	h, letters, err := collect(ctx, s.system, s.clients)
	if err != nil {
		return history.History{}, err
	}
	tell(&h, found)
	r.Verdict, r.Runs, r.Effects, r.Letters = history.Check(h), len(h.Runs), len(h.Effects), letters[:min(len(letters), 20)]
	return h, nil
}

// patience is how long a system that is well may take to do one thing, on a machine that has much else to do.
const patience = time.Minute

// traffic is the publishers at work.
type traffic struct {
	stop  chan struct{}
	group errgroup.Group
}

func (t *traffic) end() error {
	close(t.stop)
	return t.group.Wait()
}

// begin starts everything, and returns when the first event of every flow has run.
func (s *siege) begin(ctx context.Context) (*traffic, error) {
	for _, c := range s.clients {
		c.stage = s.stage
		if err := c.deploy(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.up(); err != nil {
		return nil, err
	}
	t := &traffic{stop: make(chan struct{})}
	for _, f := range flowsOf(s.clients) {
		t.group.Go(func() error { return f.run(ctx, s.Rate, t.stop) })
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	first := func() (bool, error) { return s.seen.begun() == len(flowsOf(s.clients)), nil }
	if err := await(within, first); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for every tenant's first run: %w", err), t.end())
	}
	return t, nil
}

// heal makes everything well that a fault may have left otherwise.
func (s *siege) heal() error {
	s.discord.REST().Mend()
	return s.up()
}

// readStates asks new executors, which cannot know anything by themselves, what is stored.
func (s *siege) readStates(ctx context.Context) (map[tenant.ID]reply, error) {
	if err := s.stopExecutors(); err != nil {
		s.note("%v", err)
	}
	if err := s.up(); err != nil {
		return nil, err
	}
	for _, c := range s.clients {
		if err := c.publish(ctx, asked, 1, c.flows[0].channel); err != nil {
			return nil, err
		}
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := await(within, func() (bool, error) { return len(s.seen.found()) == len(s.clients), nil })
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	return s.seen.found(), nil // one that is missing is a finding
}
