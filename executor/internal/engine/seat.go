package engine

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/commit"
	"antiraid/shared/effect"
	"antiraid/shared/run"
)

// seat is a run's place in the process while its script computes: one of so many, noted on the page that the supervisor reads. A suspect has the
// process for itself.
//
// A run that waits for an effect gives its seat up meanwhile: whatever Discord takes, others compute.
type seat struct {
	*job
	name    blame.Run
	suspect bool
	limits  run.Limits

	stay   blame.Stay
	used   run.Usage
	seated bool
}

// overshoot is how long a run may outlive its wall-clock budget before its process is ended.
const overshoot = 2 * time.Second

// take waits for a seat.
func (s *seat) take(ctx context.Context) error {
	if err := s.seats[s.lane].Acquire(ctx, 1); err != nil {
		return context.Cause(ctx)
	}
	if s.suspect {
		s.log.Info("suspect is run alone", "tenant", s.name.Tenant, "template", s.name.Template, "event", s.event.ID)
		s.alone.Lock()
	} else {
		s.alone.RLock()
	}
	s.stay, s.seated = s.cfg.Page.Begin(s.name), true
	s.stay.Used(s.used)
	return nil
}

// looked says what the script has used and how much time it has left. Before the first look there is no limit: a queue that is slow must not
// end the process, a script that cannot be interrupted must.
func (s *seat) looked(used run.Usage, left time.Duration) {
	s.used = used
	note(s.stay, used, left)
}

// note writes on the page what a run has used and how much time it has left.
func note(stay blame.Stay, used run.Usage, left time.Duration) {
	stay.Used(used)
	stay.Within(max(left, 0) + overshoot)
}

// leave gives the seat up, if it is taken.
func (s *seat) leave() {
	if !s.seated {
		return
	}
	s.seated = false
	s.stay.End()
	s.stay = blame.Stay{}
	if s.suspect {
		s.alone.Unlock()
	} else {
		s.alone.RUnlock()
	}
	s.seats[s.lane].Release(1)
}

// Await performs an effect and returns its result, as [commit.Awaiter] wants it.
func (s *seat) Await(ctx context.Context, f effect.Effect) (effect.Result, error) {
	s.leave()
	s.exit()
	result, err := s.outside(ctx, f)
	if back := s.enter(s.work); back != nil {
		return effect.Result{}, back
	}
	if back := s.take(s.work); back != nil {
		return effect.Result{}, back
	}
	return result, err
}

// outside waits for an effect without a seat. Those who do keep their memory, so there are only so many of them too.
func (s *seat) outside(ctx context.Context, f effect.Effect) (effect.Result, error) {
	if err := s.waiting.Acquire(ctx, 1); err != nil {
		return effect.Result{}, context.Cause(ctx)
	}
	defer s.waiting.Release(1)
	return s.await.Await(ctx, f)
}

// shares are places for the runs of each lane: interactions have a quarter for themselves, so that none waits behind what others do.
type shares [2]*semaphore.Weighted

func newShares(places int) shares {
	few := max(1, places/4)
	return shares{commit.Main: semaphore.NewWeighted(int64(max(1, places-few))), commit.Interactive: semaphore.NewWeighted(int64(few))}
}

// enter waits until few enough lanes are at work: each holds memory, and thousands may have an event at the same moment. One that waits for
// what may take long leaves meanwhile.
func (j *job) enter(ctx context.Context) error {
	if err := j.active[j.lane].Acquire(ctx, 1); err != nil {
		return context.Cause(ctx)
	}
	j.entered = true
	return nil
}

func (j *job) exit() {
	if j.entered {
		j.entered = false
		j.active[j.lane].Release(1)
	}
}
