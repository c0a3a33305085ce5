package chaos

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"antiraid/services/lab/internal/part"
)

// respawn is how long a place stays empty after its process ended by itself: as a container engine would do it.
const respawn = 300 * time.Millisecond

// place is where processes of one part run, one after another.
type place struct {
	name  string
	start func() (*part.Process, error)
	note  func(format string, args ...any)

	fault sync.Mutex // one at a time

	mu      sync.Mutex
	process *part.Process // nil: none is wanted
	ended   int           // processes that ended by themselves
}

func newPlace(name string, cfg part.Config, note func(string, ...any)) *place {
	return &place{name: name, start: func() (*part.Process, error) { return part.Start(cfg) }, note: note}
}

// up starts a process unless there is one.
func (p *place) up() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil {
		return nil
	}
	started, err := p.start()
	if err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.process = started
	go p.await(started)
	return nil
}

// await replaces a process that ends though it is wanted.
func (p *place) await(started *part.Process) {
	<-started.Done()
	if p.current() != started {
		return
	}
	p.note("%s ended by itself and is started again", p.name)
	time.Sleep(respawn)
	p.mu.Lock()
	unwanted := p.process != started
	if !unwanted {
		p.process = nil
		p.ended++
	}
	p.mu.Unlock()
	if unwanted {
		return
	}
	if err := p.up(); err != nil {
		p.note("%v", err)
	}
}

// current is the process; nil when none is wanted.
func (p *place) current() *part.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.process
}

// take empties the place; nil when it was empty. The process is the caller's to end.
func (p *place) take() *part.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.process
	p.process = nil
	return taken
}

func (p *place) kill() {
	if taken := p.take(); taken != nil {
		taken.Kill()
	}
}

// stop ends the process in the clean way; one that does not is an error.
func (p *place) stop(within time.Duration) error {
	taken := p.take()
	if taken == nil {
		return nil
	}
	return taken.Stop(within)
}

// selfEnded is how many processes ended by themselves.
func (p *place) selfEnded() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// sleep waits; it reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// lines writes one line at a time, from everywhere.
type lines struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *lines) printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, format+"\n", args...)
}
