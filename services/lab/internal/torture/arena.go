package torture

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"time"

	"antiraid/services/lab/internal/part"
	"antiraid/services/lab/internal/stage"
)

// arena is a NATS and an executor with its pool, each a process of its own.
type arena struct {
	*stage.Stage
	executor *part.Process
	nats     *part.Process
	dir      string
	workers  int
}

// name is the executor's.
const name = "torture"

// open starts the parts and waits until the pool is there. The caller must close the arena.
func open(ctx context.Context, workers int, log io.Writer) (a *arena, err error) {
	a = &arena{workers: workers}
	if a.dir, err = os.MkdirTemp("", "lab-torture-*"); err != nil {
		return nil, fmt.Errorf("make a folder for the queue: %w", err)
	}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	var url string
	if a.nats, url, err = part.StartNATS(ctx, a.dir, 0, log); err != nil {
		return nil, err
	}
	if a.Stage, err = stage.Open(ctx, url, slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	a.executor, err = part.Start(part.Config{Part: part.Executor, Log: log, Settings: map[string]string{
		"nats_url": url, "name": name, "workers": strconv.Itoa(workers),
	}})
	if err != nil {
		return nil, err
	}
	return a, a.pool(ctx)
}

// pool waits until all workers are there.
func (a *arena) pool(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for tick := time.Tick(20 * time.Millisecond); len(a.executor.Children()) < a.workers; {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %d workers, %d are there: %w", a.workers, len(a.executor.Children()), ctx.Err())
		case <-a.executor.Done():
			return fmt.Errorf("wait for %d workers: the executor has ended", a.workers)
		case <-tick:
		}
	}
	return nil
}

func (a *arena) close() {
	if a.executor != nil {
		_ = a.executor.Stop(10 * time.Second) // a fault of its end is no finding
	}
	if a.Stage != nil {
		a.Stage.Close()
	}
	if a.nats != nil {
		_ = a.nats.Stop(5 * time.Second)
	}
	os.RemoveAll(a.dir)
}
