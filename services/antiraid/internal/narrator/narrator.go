// Package narrator tells a person what happens: event → template → effect → what Discord received, one line for each effect.
//
// It puts together what it is told by two sides that do not know of each other: run records, and the simulator's journal of requests.
package narrator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/show"
	"antiraid/services/simulator"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// Want is an effect that a step of a scene should bring about.
type Want struct{ Template, Op string }

// Narrator writes to one place. Make it with [New].
type Narrator struct {
	out     io.Writer
	paint   show.Paint
	printer *show.Printer
	discord *simulator.Simulator // nil: the real one, which tells nobody what it received

	records  chan *run.Record
	requests chan simulator.Request
	steps    chan step

	now     step     // the scene's step that is under way
	label   string   // for the next line
	waiting []*story // runs whose effects have not all been received
	late    []late   // effects that were told of before Discord received them
	journal []simulator.Request
	first   func()
}

// step is something that people do, and what is expected of it.
type step struct {
	label string
	want  []Want
	done  chan<- struct{}
}

// story is a run on its way to Discord.
type story struct {
	record *run.Record
	got    []*simulator.Request // for each effect, nil: not yet
	until  time.Time            // then it is told as it is
}

// patience is how long a line waits for Discord to receive an effect.
const patience = 3 * time.Second

// New makes a narrator; first is called when the first event has been handled.
func New(out io.Writer, p show.Paint, discord *simulator.Simulator, first func()) *Narrator {
	return &Narrator{
		out: out, paint: p, printer: show.New(out, p), discord: discord, first: first,
		records: make(chan *run.Record), requests: make(chan simulator.Request), steps: make(chan step),
	}
}

// Run tells of every run from since on, until ctx ends.
func (n *Narrator) Run(ctx context.Context, c *client.Client, since time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return c.Runs(ctx, client.Selection{Since: since, Follow: true}, func(r *run.Record) {
			select {
			case n.records <- r:
			case <-ctx.Done():
			}
		})
	})
	if n.discord != nil {
		g.Go(func() error {
			for r := range n.discord.Journal().Follow(ctx, 0) {
				select {
				case n.requests <- r:
				case <-ctx.Done():
				}
			}
			return nil
		})
	}
	g.Go(func() error { n.tell(ctx); return nil })
	return g.Wait()
}

// Step says what people do next, does it, and returns when all that is wanted has been told; within a time, else an error names what is missing.
func (n *Narrator) Step(ctx context.Context, label string, do func() error, want []Want, within time.Duration) error {
	done := make(chan struct{})
	select {
	case n.steps <- step{label, want, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", label, err)
	}
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return fmt.Errorf("%s: %w within %s, want %v", label, ErrMissing, within, want)
	}
}

// ErrMissing says that a step did not bring about what it should.
var ErrMissing = errors.New("what should follow did not")

// tell owns the state: it is the only one to touch it.
func (n *Narrator) tell(ctx context.Context) {
	tick := time.NewTicker(time.Second / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-n.steps:
			n.now, n.label = s, s.label
			n.finish()
		case r := <-n.records:
			n.record(r)
		case r := <-n.requests:
			n.request(r)
		case <-tick.C:
			n.flush(time.Now())
		}
	}
}

func (n *Narrator) record(r *run.Record) {
	if r.Template == bundle.Announcement {
		n.printer.Record(r)
		return
	}
	if n.first != nil {
		n.first()
		n.first = nil
	}
	s := &story{record: r, got: make([]*simulator.Request, len(r.Effects)), until: r.Started.Add(r.Took).Add(patience)}
	if n.discord != nil {
		for i, e := range r.Effects {
			s.got[i] = n.take(key(e))
		}
	}
	n.waiting = append(n.waiting, s)
	n.flush(time.Now())
}

// request gives a request to the run that waits for it, or keeps it for one to come: results that a run waits for arrive before its record.
func (n *Narrator) request(r simulator.Request) {
	if !final(r) {
		return
	}
	for _, s := range n.waiting {
		for i, e := range s.record.Effects {
			if s.got[i] == nil && key(e) == requestKey(r) {
				s.got[i] = &r
				n.flush(time.Now())
				return
			}
		}
	}
	if n.arrived(r) {
		return
	}
	if n.journal = append(n.journal, r); len(n.journal) > kept {
		n.journal = n.journal[1:]
	}
}

// kept is how many requests wait for their run records, and how many late effects for their requests.
const kept = 512

func (n *Narrator) take(key string) *simulator.Request {
	for i, r := range n.journal {
		if requestKey(r) == key {
			n.journal = append(n.journal[:i:i], n.journal[i+1:]...)
			return &r
		}
	}
	return nil
}

// flush tells of the runs that are complete, or waited long enough.
func (n *Narrator) flush(now time.Time) {
	left := n.waiting[:0]
	for _, s := range n.waiting {
		if !s.complete(n.discord != nil) && now.Before(s.until) {
			left = append(left, s)
			continue
		}
		n.line(s)
	}
	n.waiting = left
	n.finish()
}

func (s *story) complete(watched bool) bool {
	for _, r := range s.got {
		if r == nil && watched {
			return false
		}
	}
	return true
}

// finish ends the step when all that it wanted has been told.
func (n *Narrator) finish() {
	if n.now.done != nil && len(n.now.want) == 0 {
		close(n.now.done)
		n.now.done = nil
	}
}
