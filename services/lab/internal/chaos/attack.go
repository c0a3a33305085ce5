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
	clients []*client
	began   time.Time

	mu    sync.Mutex
	count map[Kind]int // faults that were done
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
	switch f.Kind {
	case ExecutorKill, RESTKill, NATSKill:
		p.kill()
		sleep(ctx, f.For)
		return p.up()
	case ExecutorLeave, RESTRestart, NATSRestart:
		if err := p.stop(leave); err != nil {
			a.note("%s did not leave in the clean way: %v", p.name, err)
		}
		sleep(ctx, f.For)
		return p.up()
	case ExecutorAdd:
		if err := p.up(); err != nil {
			return err
		}
		sleep(ctx, f.For)
		if err := p.stop(leave); err != nil {
			a.note("%s did not leave in the clean way: %v", p.name, err)
		}
	case ExecutorStop, RESTStop, NATSStop:
		return a.pause(ctx, p, f.For)
	case SupervisorKill:
		if taken := p.take(); taken != nil {
			_ = syscall.Kill(taken.PID(), syscall.SIGKILL) // its workers have to notice by themselves
			<-taken.Done()
			sleep(ctx, f.For)
			_ = taken.Signal(syscall.SIGKILL) // nobody is left, if they did
		}
		return p.up()
	case WorkerKill:
		if pid := worker(p, f.Which); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended meanwhile
		}
	case WorkerStop:
		if pid := worker(p, f.Which); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGSTOP)
			sleep(ctx, f.For)
			_ = syscall.Kill(pid, syscall.SIGCONT)
		}
	case DiscordSpoil:
		a.discord.spoil(f.Which)
	case Deploy:
		return a.clients[f.Target].deploy(ctx)
	case Flood:
		a.clients[f.Target].flood(f.For)
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
