package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/shared/tenant"
)

// Config says how to attack.
type Config struct {
	Dir     string
	Workers int           // of the executor
	Victims int           // well-behaved tenants
	Rate    float64       // events that each victim gets in a second
	Events  int           // that each script gets
	AtOnce  int           // scripts that attack side by side
	Warmup  time.Duration // with the victims alone; they are attacked for as long at least
	Parts   io.Writer     // what the parts say; nil: nowhere
}

// siege is one execution of the command.
type siege struct {
	Config
	*arena
	seen     *observer
	watch    *watch
	progress io.Writer
	tenants  uint64 // that have attacked

	mu   sync.Mutex
	done int // scripts
}

// Observations are what was seen, for [Judge].
type Observations struct {
	AtOnce   int
	Idle     Window      // with the victims alone
	Attacked Window      // with the scripts beside them
	Victims  []Event     // of both
	Attacks  []*Attack   // of a script's, the first comes first
	Restarts []time.Time // when a worker was gone
	Ended    bool        // the supervisor
}

// Window is a stretch of time.
type Window struct{ From, To time.Time }

// Has reports whether t is in it.
func (w Window) Has(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// Observe attacks an executor of its own with every script of cfg.Dir and returns what was seen.
func Observe(ctx context.Context, cfg Config, progress io.Writer) (*Observations, error) {
	scripts, err := corpus(cfg.Dir)
	if err != nil {
		return nil, err
	}
	arena, err := open(ctx, cfg.Workers, cfg.Parts)
	if err != nil {
		return nil, err
	}
	defer arena.close()
	s := &siege{Config: cfg, arena: arena, seen: newObserver(), watch: newWatch(arena.executor), progress: progress}
	return s.run(ctx, scripts)
}

// run has observer, watch and traffic at work while the scripts attack.
func (s *siege) run(ctx context.Context, scripts []script) (*Observations, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.seen.run(ctx, s.Bus) })
	g.Go(func() error { s.watch.run(ctx); return nil })
	g.Go(func() error { return refuse(ctx, s.Bus) })
	var seen *Observations
	g.Go(func() (err error) {
		defer stop()
		seen, err = s.fight(ctx, scripts)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return seen, nil
}

func (s *siege) fight(ctx context.Context, scripts []script) (*Observations, error) {
	t, err := newTraffic(ctx, s.arena, s.seen, s.Victims)
	if err != nil {
		return nil, err
	}
	moving, halt := context.WithCancel(ctx)
	defer halt()
	var traffic errgroup.Group
	traffic.Go(func() error { return t.run(moving, s.Rate) })

	obs := &Observations{AtOnce: s.AtOnce}
	fmt.Fprintf(s.progress, "%d victims on %d workers, alone for %s\n", s.Victims, s.Workers, s.Warmup)
	if obs.Idle, err = s.alone(ctx); err != nil {
		return nil, err
	}
	obs.Attacked.From = time.Now()
	obs.Attacks, err = s.attacks(ctx, scripts)
	obs.Attacked.To = time.Now()
	halt()
	if err := errors.Join(err, traffic.Wait()); err != nil {
		return nil, err
	}
	settling, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	t.settle(settling)
	obs.Victims = t.events()
	obs.Restarts, obs.Ended = s.watch.found()
	return obs, ctx.Err()
}

// alone leaves the victims to themselves; the first second is for caches.
func (s *siege) alone(ctx context.Context) (w Window, err error) {
	settle := time.Second
	select {
	case <-ctx.Done():
		return w, ctx.Err()
	case <-time.After(settle):
	}
	w.From = time.Now()
	select {
	case <-ctx.Done():
		return w, ctx.Err()
	case <-time.After(s.Warmup):
	}
	w.To = time.Now()
	return w, nil
}

// attacks lets the scripts attack, and again until the victims were attacked for as long as they had been alone: what is compared must have
// been measured as often.
func (s *siege) attacks(ctx context.Context, scripts []script) (all []*Attack, err error) {
	began, told := time.Now(), time.Now()
	all, err = s.round(ctx, scripts, func(a *Attack) { s.tell(a, len(scripts)) })
	if err != nil {
		return nil, err
	}
	able := slices.DeleteFunc(slices.Clone(scripts), func(s script) bool { return s.refused != "" })
	for time.Since(began) < s.Warmup && len(able) > 0 {
		if time.Since(told) > time.Second {
			told = time.Now()
			fmt.Fprintf(s.progress, "again, to see enough of the victims: %d s of %s\n", int(time.Since(began).Seconds()), s.Warmup)
		}
		again, err := s.round(ctx, able, func(*Attack) {})
		if err != nil {
			return nil, err
		}
		all = append(all, again...)
	}
	return all, nil
}

// round lets each script attack once, AtOnce at a time, and tells of each that has.
func (s *siege) round(ctx context.Context, scripts []script, tell func(*Attack)) ([]*Attack, error) {
	all := make([]*Attack, len(scripts))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.AtOnce)
	for i, script := range scripts {
		id, err := tenant.New(tenant.Guild, firstHostile+s.tenants)
		if err != nil {
			return nil, errors.Join(err, g.Wait())
		}
		s.tenants++
		g.Go(func() (err error) {
			if all[i], err = s.attack(ctx, script, id); err != nil {
				return err
			}
			tell(all[i])
			return nil
		})
	}
	return all, g.Wait()
}

func (s *siege) tell(a *Attack, scripts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	r := summary(a)
	fmt.Fprintf(s.progress, "%d of %d: %s: %s %s, longest run %d ms, %d MB\n", s.done, scripts, r.File, r.Outcome, r.Budget, r.WallMS, r.PeakMB)
}
