package executor

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/metric"
	"antiraid/executor/internal/pool"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/bus"
	"antiraid/shared/lease"
	"antiraid/shared/service"
)

// Supervise runs events in a pool of worker processes, each a member of the group of its own. Scripts run in the workers only: whatever one
// of them does to its process, the others go on, it is replaced, and what was under way is run again by those that took its partitions over.
//
// The workers are this program, started again with the setting `worker`; then Supervise is the worker.
func Supervise(ctx context.Context, cfg Config, log *slog.Logger) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	cfg = cfg.withDefaults()
	if cfg.Worker != "" {
		return beWorker(ctx, cfg, log)
	}
	b, err := bus.Connect(ctx, bus.Config{URL: cfg.NATSURL, Name: "executor " + cfg.Name + " supervisor", Replicas: cfg.Replicas}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	book, err := strikes.Open(ctx, b)
	if err != nil {
		return err
	}
	board, err := metric.NewBoard(prometheus.DefaultRegisterer)
	if err != nil {
		return err
	}
	if err := limitStacks(); err != nil {
		return err
	}
	s := &supervisor{cfg: cfg, bus: b, book: book, board: board, log: log}
	return pool.Run(ctx, pool.Config{
		Workers: cfg.Workers, Drain: cfg.Drain, Started: s.started, Ended: s.ended,
		Command: func(name string) *exec.Cmd { return workerCommand(cfg, name) },
	}, log)
}

// itself is the program of this process, also when its file is gone or has become another version.
const itself = "/proc/self/exe"

func workerCommand(cfg Config, name string) *exec.Cmd {
	cmd := exec.Command(itself, os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(),
		"ANTIRAID_WORKER="+name, "ANTIRAID_NAME="+cfg.Name+"."+name, "ANTIRAID_HEALTH_ADDR=",
		fmt.Sprintf("GOMEMLIMIT=%d", cfg.WorkerMemory*3/4))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

type supervisor struct {
	cfg   Config
	bus   *bus.Bus
	book  *strikes.Book
	board *metric.Board
	log   *slog.Logger
}

// started shows what a worker counts.
func (s *supervisor) started(p *blame.Page) (done func()) {
	set, err := metric.In(p.Figures())
	if err != nil { // the page is of another size than this program's
		s.log.Error("figures of a worker are not shown", "err", err)
		return func() {}
	}
	return s.board.Show(set)
}

// ended notes the suspects, then lets the others take the worker's partitions over at once.
func (s *supervisor) ended(ctx context.Context, d pool.Death) {
	s.board.Replaced(string(d.Cause))
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, r := range d.Suspects {
		if r.Seq == 0 {
			s.log.Info("template was being tried when its process ended", "tenant", r.Tenant, "template", r.Template)
			continue // whoever asked for that may ask again
		}
		n, err := s.book.Add(ctx, r)
		if err != nil {
			s.log.Error("strike was not stored", "tenant", r.Tenant, "template", r.Template, "err", err)
			continue
		}
		s.log.Info("run was under way when its process ended", "tenant", r.Tenant, "template", r.Template, "seq", r.Seq, "strikes", n)
	}
	if err := lease.Evict(ctx, s.bus, Group, s.cfg.Name+"."+d.Worker); err != nil {
		s.log.Warn("partitions of an ended worker are free only when its membership runs out", "worker", d.Worker, "err", err)
	}
}

// beWorker bounds this process, gives signs of life, and works.
func beWorker(ctx context.Context, cfg Config, log *slog.Logger) error {
	service.HeedFirstSignalOnly() // the one for all processes of a terminal or a unit comes besides the supervisor's, who sees to the end
	page, err := blame.Open(os.NewFile(pool.Page, "page"))
	if err != nil {
		return fmt.Errorf("be worker %s: %w; workers are started by their supervisor", cfg.Worker, err)
	}
	if err := limitMemory(cfg.WorkerMemory); err != nil {
		return err
	}
	figures, err := metric.In(page.Figures())
	if err != nil {
		return fmt.Errorf("be worker %s: %w", cfg.Worker, err)
	}
	g, ctx := errgroup.WithContext(ctx)
	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(func() error { return beat(beating, page) })
	g.Go(func() error {
		defer stop()
		return work(ctx, cfg, page, figures, log.With("worker", cfg.Worker))
	})
	return g.Wait()
}

func beat(ctx context.Context, page *blame.Page) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		page.Beat()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// threadStack is what each thread of a worker may have as a stack.
const threadStack = 1 << 20

// limitStacks bounds the threads' stacks of processes that are started from now on. A program that was built with cgo reserves the whole limit
// for each of its threads, commonly 8 MiB, and that counts as memory of the worker.
func limitStacks() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_STACK, &limit); err != nil {
		return fmt.Errorf("read the limit of stacks: %w", err)
	}
	if limit.Cur <= threadStack {
		return nil
	}
	limit.Cur = threadStack
	if err := syscall.Setrlimit(syscall.RLIMIT_STACK, &limit); err != nil {
		return fmt.Errorf("limit the stacks of workers to %d bytes: %w", threadStack, err)
	}
	return nil
}

// rlimitData is RLIMIT_DATA on Linux: writable private memory, which for a Go program is its heap and stacks.
const rlimitData = 2

// limitMemory lets the operating system end this process, and nobody else, when it needs more.
func limitMemory(bytes int64) error {
	limit := syscall.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	if err := syscall.Setrlimit(rlimitData, &limit); err != nil {
		return fmt.Errorf("limit the memory of a worker to %d bytes: %w", bytes, err)
	}
	return nil
}
