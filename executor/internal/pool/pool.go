// Package pool keeps worker processes alive: it starts them, ends one that does not answer or is stuck in a run, replaces one that ended,
// and says which runs may be to blame.
package pool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/executor/internal/blame"
	"antiraid/shared/health"
)

// Config says what to keep alive.
type Config struct {
	Workers int
	Drain   time.Duration // how long a worker that is told to stop may take
	// Command makes the command of a worker of that name; the pool adds the page as file descriptor 3.
	Command func(name string) *exec.Cmd
	// Ended is told of a worker that ended by itself or had to be ended, before it is replaced.
	Ended func(ctx context.Context, d Death)
	// Started is told of a worker's page; done is called before the page is gone.
	Started func(p *blame.Page) (done func())
}

// Death is the end of a worker that was not told to stop.
type Death struct {
	Worker   string
	Cause    Cause
	Detail   string          // one sentence
	Suspects []blame.Suspect // the run that was stuck, or else all that were under way
}

// Cause is how a worker ended.
type Cause string

const (
	Died   Cause = "died"   // by itself, or was killed
	Stuck  Cause = "stuck"  // a run could not be interrupted
	Silent Cause = "silent" // it gave no sign of life
)

// Page is the file descriptor of the page in a worker.
const Page = 3

const (
	look    = 50 * time.Millisecond  // between two looks at a worker's page
	startup = 5 * time.Second        // until the first sign of life
	silence = 600 * time.Millisecond // without a sign of life of a worker that has nothing to do: it is stopped, or its threads wait for each other
	starved = 3 * time.Second        // without a sign of life of one that may only not be given a processor
)

// Run keeps the workers alive until ctx ends, then tells them to stop. It fails only when a place cannot be filled the very first time, which
// whoever starts the program should see; later that is tried again. While no worker lives, the [health.State] of ctx says so.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	c := newCrew(health.Of(ctx))
	g, ctx := errgroup.WithContext(ctx)
	for i := range cfg.Workers {
		p := place{cfg: cfg, name: fmt.Sprint("w", i), crew: c, log: log}
		g.Go(func() error { return p.keep(ctx) })
	}
	return g.Wait()
}

// place has one worker after another.
type place struct {
	cfg  Config
	name string
	crew *crew
	log  *slog.Logger
}

func (p place) keep(ctx context.Context) error {
	w, err := start(p.cfg, p.name)
	if err != nil {
		return err
	}
	for rest := pause(0); ; {
		var lived time.Duration
		if err == nil {
			lived = p.live(ctx, w)
		} else {
			p.log.Error("worker cannot be started; it is tried again", "worker", p.name, "err", err)
		}
		rest = rest.after(lived)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Duration(rest)):
		}
		w, err = start(p.cfg, p.name)
	}
}

// live watches a worker until it has ended, and returns how long it lived. Nothing is logged before all that must be known about its end is
// known to others: the log may be slow.
func (p place) live(ctx context.Context, w *worker) time.Duration {
	began := time.Now()
	done := p.cfg.Started(w.page)
	d := w.watch(ctx, p.cfg, p.crew)
	done()
	w.page.Close()
	lived := time.Since(began)
	if ctx.Err() != nil {
		return lived
	}
	d.Worker = p.name
	p.cfg.Ended(ctx, d)
	p.log.Warn("worker is replaced", "worker", p.name, "cause", d.Cause, "reason", d.Detail, "suspects", len(d.Suspects), "lived", lived)
	return lived
}

// pause is how long a place stays empty: not at all when its worker had lived, for a moment when it had worked, and twice as long as before when
// it ended as it began.
type pause time.Duration

const (
	shortPause = pause(200 * time.Millisecond)
	longPause  = pause(5 * time.Second)
)

// after is the pause after a worker that lived so long.
func (p pause) after(lived time.Duration) pause {
	switch {
	case lived >= time.Duration(longPause):
		return 0
	case lived >= settled:
		return shortPause
	}
	return min(max(2*p, shortPause), longPause)
}

type worker struct {
	cmd    *exec.Cmd
	page   *blame.Page
	exited chan error
}

func start(cfg Config, name string) (*worker, error) {
	page, file, err := blame.Create()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	w := &worker{cmd: cfg.Command(name), page: page, exited: make(chan error, 1)}
	w.cmd.ExtraFiles = []*os.File{file}
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a worker does not outlive its supervisor
	began := make(chan error)
	go func() {
		runtime.LockOSThread() // the death signal is sent when the starting thread ends
		defer runtime.UnlockOSThread()
		err := w.cmd.Start()
		began <- err
		if err == nil {
			w.exited <- w.cmd.Wait()
		}
	}()
	if err := <-began; err != nil {
		page.Close()
		return nil, fmt.Errorf("start worker %s: %w", name, err)
	}
	return w, nil
}

// watch returns when the worker has ended.
func (w *worker) watch(ctx context.Context, cfg Config, c *crew) Death {
	tick := time.NewTicker(look)
	defer tick.Stop()
	m := c.member()
	defer m.leave()
	page := blame.NewWatch(w.page)
	for {
		select {
		case err := <-w.exited:
			if err == nil {
				err = errors.New("it ended by itself")
			}
			return Death{Cause: Died, Detail: err.Error(), Suspects: w.page.Suspects()}
		case <-ctx.Done():
			w.stop(cfg.Drain)
			return Death{}
		case <-tick.C:
			page.Look(time.Now())
			if r, ok := page.Overdue(); ok {
				w.kill()
				return Death{Cause: Stuck, Detail: fmt.Sprintf("run of template %s of %s could not be interrupted", r.Template, r.Tenant), Suspects: []blame.Suspect{r}}
			}
			silent, alive := page.Silence()
			if alive {
				m.lives()
			}
			if w.gone(silent, alive) {
				suspects := w.page.Suspects()
				w.kill()
				return Death{Cause: Silent, Detail: "it gave no sign of life", Suspects: suspects}
			}
		}
	}
}

// gone judges a silence. On a machine with too much to do a healthy worker is silent for a second or two, but never has nothing to do then.
func (w *worker) gone(silent time.Duration, alive bool) bool {
	switch {
	case !alive:
		return silent > startup
	case silent > starved:
		return true
	default:
		return silent > silence && idle(w.cmd.Process.Pid)
	}
}

// stop asks, then insists.
func (w *worker) stop(drain time.Duration) {
	w.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-w.exited:
	case <-time.After(drain + 2*time.Second):
		w.kill()
	}
}

func (w *worker) kill() {
	w.cmd.Process.Kill()
	<-w.exited
}
