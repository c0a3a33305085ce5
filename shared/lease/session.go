package lease

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

var errOtherSlices = errors.New("the group has another number of slices")

// session is what one membership knows and does. Its loop is the only one to touch its fields; everything that waits for the network is
// in a goroutine beside it.
type session struct {
	cfg    Config
	store  *store
	self   *membership
	hold   Hold
	log    *slog.Logger
	work   sync.WaitGroup
	ended  chan ended // slices' goroutines
	active int        // how many of those there are

	watch   *watch
	entries <-chan jetstream.KeyValueEntry // of watch; nil once it has ended
	eyes    sight
	view    *view // what the watch has shown, complete up to a point
	loading *view // the same while a watch is still catching up; nil otherwise

	owners  []string // who should own each slice
	slots   []slot
	leaving bool
}

func newSession(m *Member, s *store, hold Hold) *session {
	return &session{
		cfg: m.cfg, store: s, self: newMembership(m.cfg, m.term, s, m.log), hold: hold, log: m.log,
		ended: make(chan ended, m.cfg.Slices), owners: make([]string, m.cfg.Slices), slots: make([]slot, m.cfg.Slices),
	}
}

// run is a member until ctx ends and everything is handed over (nil), or until the membership is lost.
func (s *session) run(ctx context.Context) error {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer s.work.Wait()
	defer end()
	if err := s.see(ctx, life); err != nil {
		return err
	}
	if err := s.self.register(ctx); err != nil {
		return fmt.Errorf("register member %s: %w", s.self.id, err)
	}
	s.log.Info("joined group", "member", s.self.id)
	lost := make(chan error, 1)
	beating, stopBeating := context.WithCancel(life)
	defer stopBeating()
	s.work.Go(func() {
		lost <- s.self.run(beating)
		close(lost)
	})
	err := s.loop(ctx, life, lost)
	s.loseAll()
	stopBeating()
	<-lost // no renewal may be under way when the record is taken away
	if s.self.valid.ok() {
		s.self.end(life)
	}
	if err == nil {
		s.log.Info("left group", "member", s.self.id)
	}
	return err
}

// see starts the first watch: a member that cannot see the group does not join it.
func (s *session) see(ctx, life context.Context) error {
	s.startWatch(life)
	select {
	case _, ok := <-s.entries:
		if !ok {
			return errors.New("watch the group: the watch could not be started")
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// loop returns nil when everything is handed over after ctx has ended.
func (s *session) loop(ctx, life context.Context, lost <-chan error) error {
	tick := time.NewTicker(s.cfg.Heartbeat)
	defer tick.Stop()
	leave := ctx.Done()
	for {
		var err error
		select {
		case <-leave:
			leave = nil
			s.startLeaving()
		case e, ok := <-s.entries:
			err = s.observe(ctx, e, ok)
		case e := <-s.ended:
			s.settle(ctx, e)
		case <-tick.C:
			err = s.check(ctx, life)
		case err := <-lost:
			return err
		}
		if err != nil {
			return err
		}
		if s.leaving && s.active == 0 {
			return nil
		}
	}
}

func (s *session) startLeaving() {
	s.leaving = true
	close(s.self.leave)
	for n := range s.slots {
		if h := s.slots[n].holding; h != nil {
			h.ask()
		}
	}
}

// observe takes in what the watch shows.
func (s *session) observe(ctx context.Context, e jetstream.KeyValueEntry, open bool) error {
	switch {
	case !open:
		s.entries = nil // until check starts another
		return nil
	case e == nil:
		s.eyes.mark = s.self.revision.Load()
		return nil
	case s.loading != nil:
		s.loading.apply(e)
		return s.completed(ctx)
	}
	c := s.view.apply(e)
	if c.members {
		return s.reassign(ctx)
	}
	if c.slice >= 0 {
		s.complain(c.slice)
		s.reconcile(ctx, c.slice)
	}
	return nil
}

// complain about a record that cannot be read; its slice stays as it is until somebody puts the record right.
func (s *session) complain(n int) {
	if err := s.view.slices[n].unreadable; err != nil {
		s.log.Error("slice is left alone: its record cannot be read", "slice", n, "err", err)
	}
}

// completed makes the view that is loading the one to act on, once it shows a renewal of our own made after its watch began: the watch
// keeps the stream's order, so by then it has shown everything before.
func (s *session) completed(ctx context.Context) error {
	if s.loading.members[s.self.id].revision <= s.eyes.mark {
		return nil
	}
	s.view, s.loading = s.loading, nil
	if other, ok := s.view.otherSlices(); ok {
		return fmt.Errorf("%w: member %s has %d, this one %d", errOtherSlices, other.Name, other.Slices, s.cfg.Slices)
	}
	for n := range s.view.slices {
		s.complain(n)
	}
	return s.reassign(ctx)
}

// reassign works out who should own what after members came or went.
func (s *session) reassign(ctx context.Context) error {
	if _, ok := s.view.members[s.self.id]; !ok {
		return fmt.Errorf("find own record of member %s: %w", s.self.id, ErrLost)
	}
	s.owners = assign(s.cfg.Slices, s.view.candidates())
	for n := range s.slots {
		s.reconcile(ctx, n)
	}
	return nil
}

// check runs at each heartbeat: is the watch alive, and is anything to be tried again?
func (s *session) check(ctx, life context.Context) error {
	var seen uint64
	if s.view != nil {
		seen = s.view.members[s.self.id].revision
	}
	switch s.eyes.check(s.cfg, s.self.revision.Load(), seen, s.store.reconnects()) {
	case blind:
		return fmt.Errorf("see the group: no record of our own seen for %s: %w", blindLimit(s.cfg), ErrLost)
	case restart:
		s.log.Info("watch is silent or was cut, starting another", "member", s.self.id)
		s.startWatch(life)
	}
	if s.view == nil {
		return nil
	}
	for n := range s.slots {
		s.slots[n].least = 0
		s.reconcile(ctx, n)
	}
	return nil
}

func (s *session) startWatch(life context.Context) {
	if s.watch != nil {
		s.watch.stop()
	}
	s.watch = s.store.watch(life, s.work.Go)
	s.entries = s.watch.entries
	s.loading = newView(s.cfg.Slices)
	s.eyes.restarted(s.self.revision.Load(), s.store.reconnects())
}

// loseAll ends every holding and waits until their goroutines have returned.
func (s *session) loseAll() {
	for n := range s.slots {
		if h := s.slots[n].holding; h != nil {
			h.lose()
		}
	}
	for ; s.active > 0; s.active-- {
		<-s.ended
	}
}
