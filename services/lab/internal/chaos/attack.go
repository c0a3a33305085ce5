package chaos

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// assault is the execution of a schedule.
type assault struct {
	*system
	clients   []*client
	takeovers *takeovers
	began     time.Time

	mu     sync.Mutex
	count  map[Kind]int // faults that were done
	absent int          // executors that are away or stopped
}

// run does every fault at its time and undoes it, and returns when all are undone.
func (a *assault) run(ctx context.Context, faults []Fault) error {
	a.began = time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for _, f := range faults {
		if !sleep(ctx, time.Until(a.began.Add(f.At))) {
			break
		}
		g.Go(func() error {
			if err := a.do(ctx, f); err != nil {
				return fmt.Errorf("%s: %w", f.Kind, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// do does a fault, waits, and undoes it. It waits for the end of an earlier one of the same target that took longer than planned.
func (a *assault) do(ctx context.Context, f Fault) error {
	p := a.target(f)
	if p != nil {
		p.fault.Lock()
		defer p.fault.Unlock()
	}
	a.mu.Lock()
	a.count[f.Kind]++
	a.mu.Unlock()
	a.note("%s", f)
	switch attacks[f.Kind].on {
	case executors, spare:
		return a.toExecutor(ctx, f, p)
	case server:
		defer a.takeovers.unmeasured()()
	}
	switch f.Kind {
	case RESTKill, NATSKill:
		p.kill()
		sleep(ctx, f.For)
		return p.up()
	case RESTRestart, NATSRestart:
		a.leave(p)
		sleep(ctx, f.For)
		return p.up()
	case RESTStop, NATSStop:
		return a.pause(ctx, p, f.For)
	case DiscordSpoil:
		a.discord.spoil(f.Which)
	case Deploy:
		return a.clients[f.Target].deploy(ctx)
	case Flood:
		a.clients[f.Target].flood(f.For)
	}
	return nil
}

// away counts executors that are. When none was left, takeovers could begin only now.
func (a *assault) away(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n < 0 && a.absent >= len(a.executors)-1 {
		a.takeovers.disturb()
	}
	a.absent += n
}

// toExecutor does a fault to an executor.
func (a *assault) toExecutor(ctx context.Context, f Fault, p *place) error {
	takes := func(names string, clean bool, fault func()) { a.takeovers.around(ctx, names, f.String(), clean, fault) }
	all := p.name + "."
	if attacks[f.Kind].on == executors {
		a.away(1)
		defer a.away(-1)
	}
	switch f.Kind {
	case ExecutorKill:
		takes(all, false, p.kill)
	case ExecutorLeave:
		takes(all, true, func() { a.leave(p) })
	case ExecutorAdd:
		if err := p.up(); err != nil {
			return err
		}
		a.takeovers.disturb()
		sleep(ctx, f.For)
		takes(all, true, func() { a.leave(p) })
		return nil
	case SupervisorKill:
		if taken := p.take(); taken != nil {
			takes(all, false, func() { _ = syscall.Kill(taken.PID(), syscall.SIGKILL) }) // its workers have to notice by themselves
			<-taken.Done()
			defer func() { _ = taken.Signal(syscall.SIGKILL) }() // nobody is left, if they did
		}
	case ExecutorStop:
		var err error
		takes(all, false, func() { err = a.pause(ctx, p, f.For) })
		return err
	case WorkerKill, WorkerStop:
		pid := worker(p, f.Which)
		if pid == 0 {
			return nil
		}
		if f.Kind == WorkerKill {
			takes(member(pid), false, func() { _ = syscall.Kill(pid, syscall.SIGKILL) }) // it may have ended meanwhile
			return nil
		}
		a.stopWorker(ctx, pid, f, takes)
		return nil
	}
	sleep(ctx, f.For)
	return p.up()
}

// stopWorker stops one worker. Its supervisor ends it if that lasts; else it keeps what it owns.
func (a *assault) stopWorker(ctx context.Context, pid int, f Fault, takes func(string, bool, func())) {
	pause := func() {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // it may have ended meanwhile
		sleep(ctx, f.For)
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
	if f.For > fatal {
		takes(member(pid), false, pause)
		return
	}
	a.takeovers.disturb()
	defer a.takeovers.disturb()
	pause()
}

// fatal is how long a stop of a worker must be to cost it its partitions for sure.
const fatal = 2500 * time.Millisecond

// leave ends a process in the clean way.
func (a *assault) leave(p *place) {
	if err := p.stop(leaveWithin); err != nil {
		a.note("%s did not leave in the clean way: %v", p.name, err)
	}
}

// calm does two faults to a system that is otherwise well, with nothing else beside them, to see how long they take.
func (a *assault) calm(ctx context.Context) error {
	if len(a.executors) < 3 {
		return nil // nobody would be left
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var names []string
	for _, p := range a.executors[:len(a.executors)-1] {
		names = append(names, p.name+".")
	}
	if err := a.takeovers.joined(ctx, names...); err != nil {
		return fmt.Errorf("wait for all executors to join: %w", err)
	}
	for i, kind := range []Kind{ExecutorLeave, ExecutorKill} {
		if err := a.do(ctx, Fault{Kind: kind, Target: i}); err != nil {
			return err
		}
		if err := a.takeovers.wait(ctx); err != nil {
			return fmt.Errorf("wait for the takeover after %s: %w", kind, err)
		}
		if err := a.takeovers.joined(ctx, names...); err != nil {
			return fmt.Errorf("wait for %s to join again: %w", a.executors[i].name, err)
		}
	}
	return nil
}

// target is the place that a fault is about; nil if it is none.
func (a *assault) target(f Fault) *place {
	switch attacks[f.Kind].on {
	case executors:
		return a.executors[f.Target]
	case spare:
		return a.executors[len(a.executors)-1]
	case rests:
		return a.rests[f.Target]
	case server:
		return a.nats
	}
	return nil
}

// pause stops a process with its children and lets them go on later. They go on even if ctx ends.
func (a *assault) pause(ctx context.Context, p *place, d time.Duration) error {
	process := p.current()
	if process == nil {
		return nil
	}
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		a.note("%v", err) // it has just ended by itself
		return nil
	}
	sleep(ctx, d)
	return process.Signal(syscall.SIGCONT)
}

// worker is the process id of an executor's worker; 0 if it has none at the moment.
func worker(p *place, which int) int {
	process := p.current()
	if process == nil {
		return 0
	}
	ids := process.Children()
	if len(ids) == 0 {
		return 0
	}
	return ids[which%len(ids)]
}
