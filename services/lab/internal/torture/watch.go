package torture

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"antiraid/services/lab/internal/part"
)

// watch looks at the executor's processes from outside: their memory every 10 ms, and which there are.
type watch struct {
	executor *part.Process

	mu       sync.Mutex
	resident map[int]int64 // by worker, at the last look
	highest  map[*span]map[int]int64
	restarts []time.Time // when a worker was found to be gone
	ended    bool        // the supervisor
}

// span is a time over which memory is watched.
type span struct{ before map[int]int64 }

func newWatch(p *part.Process) *watch {
	return &watch{executor: p, resident: map[int]int64{}, highest: map[*span]map[int]int64{}}
}

// run looks until ctx ends.
func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-w.executor.Done():
			if ctx.Err() == nil {
				w.mu.Lock()
				w.ended = true
				w.mu.Unlock()
			}
			return
		case <-tick.C:
		}
		if n%5 == 0 {
			w.members()
		}
		w.memory()
	}
}

func (w *watch) members() {
	now := w.executor.Children()
	w.mu.Lock()
	defer w.mu.Unlock()
	for pid := range w.resident {
		if !slices.Contains(now, pid) {
			delete(w.resident, pid)
			w.restarts = append(w.restarts, time.Now())
		}
	}
	for _, pid := range now {
		if _, known := w.resident[pid]; !known {
			w.resident[pid] = resident(pid)
		}
	}
}

func (w *watch) memory() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for pid := range w.resident {
		n := resident(pid)
		w.resident[pid] = n
		for _, peaks := range w.highest {
			peaks[pid] = max(peaks[pid], n)
		}
	}
}

// begin watches memory from now on.
func (w *watch) begin() *span {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &span{before: map[int]int64{}}
	peaks := map[int]int64{}
	for pid, n := range w.resident {
		s.before[pid], peaks[pid] = n, n
	}
	w.highest[s] = peaks
	return s
}

// end is by how many bytes a worker grew since begin, at most. One that was started meanwhile counts whole.
func (w *watch) end(s *span) (grew int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for pid, peak := range w.highest[s] {
		grew = max(grew, peak-s.before[pid])
	}
	delete(w.highest, s)
	return grew
}

// found is when workers were gone, and whether the supervisor was.
func (w *watch) found() (restarts []time.Time, ended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.restarts), w.ended
}

// resident is a process's memory in bytes; 0 when it has ended.
func resident(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
