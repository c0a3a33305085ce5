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
)

// Config says what to keep alive.
type Config struct {
	Workers int
	Drain   time.Duration // how long a worker that is told to stop may take
	Silence time.Duration // a worker that gives no sign of life for so long is ended; default 2 s
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
	look     = 50 * time.Millisecond  // between two looks at a worker's page
	startup  = 30 * time.Second       // until the first sign of life
	restless = 200 * time.Millisecond // pause before a worker that did not live long is started again
)

// Run keeps the workers alive until ctx ends, then tells them to stop.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	if cfg.Silence == 0 {
		cfg.Silence = 2 * time.Second
	}
	g, ctx := errgroup.WithContext(ctx)
	for i := range cfg.Workers {
		g.Go(func() error { return keep(ctx, cfg, fmt.Sprint("w", i), log) })
	}
	return g.Wait()
}

// keep has one worker after another in a place of the pool.
func keep(ctx context.Context, cfg Config, name string, log *slog.Logger) error {
	for ctx.Err() == nil {
		started := time.Now()
		w, err := start(cfg, name)
		if err != nil {
			return err
		}
		done := cfg.Started(w.page)
		d := w.watch(ctx, cfg)
		done()
		w.page.Close()
		if ctx.Err() != nil {
			return nil
		}
		d.Worker = name
		log.Warn("worker is replaced", "worker", name, "cause", d.Cause, "reason", d.Detail, "suspects", len(d.Suspects), "lived", time.Since(started))
		cfg.Ended(ctx, d)
		if time.Since(started) < 5*time.Second {
			select {
			case <-ctx.Done():
			case <-time.After(restless):
			}
		}
	}
	return nil
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
func (w *worker) watch(ctx context.Context, cfg Config) Death {
	tick := time.NewTicker(look)
	defer tick.Stop()
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
			patience := cfg.Silence
			silence, alive := page.Silence()
			if !alive {
				patience = startup
			}
			if silence > patience {
				suspects := w.page.Suspects()
				w.kill()
				return Death{Cause: Silent, Detail: "it gave no sign of life", Suspects: suspects}
			}
		}
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
