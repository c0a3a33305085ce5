package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// Hostile scripts run in a process of their own, so that one that gets out fails the test instead of ending it.
const childVariable = "SANDBOX_HOSTILE_CHILD"

// What a run may go over its budgets, and when the child gives up.
const (
	wallOvershoot = 250 * time.Millisecond
	liveOvershoot = 16 << 20  // what a collection found in use: texts that nobody has yet, and the weigher's own notes
	heapOvershoot = 32 << 20  // and garbage that has not been collected yet, at GOGC=20
	longestCall   = 1_000_000 // plain instructions that could have run between two looks at the clock, the collector's share in it
	childHeap     = 512 << 20
	childWall     = time.Minute
)

// report is what the child says of one script.
type report struct {
	File        string
	Outcome     string
	Budget      string
	Message     string
	Wall        time.Duration // the longest run
	CPU         time.Duration // of the process during the run that took most of it
	Call        time.Duration // the longest between two looks at the clock, in processor time; of the two runs, the better
	Instruction time.Duration // what a plain one takes here and now
	Live        uint64        // the most bytes beyond those before that a collection found in use
	Heap        uint64        // the same with garbage
	Counts      [2]run.Usage  // of the two runs
	Timeout     bool          // one of them had no time for all that it may count
	Err         string
}

func TestMain(m *testing.M) {
	if files := os.Getenv(childVariable); files != "" {
		hostileChild(strings.Split(files, "\n"))
		return
	}
	if os.Getenv(togetherVariable) != "" {
		togetherChild()
		return
	}
	os.Exit(m.Run())
}

// TestHostile runs every script of the corpus, two events each, at the default limits.
func TestHostile(t *testing.T) {
	files, err := filepath.Glob("../../../services/lab/testdata/hostile/*.lua")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d scripts (%v), want at least 60", len(files), err)
	}
	for _, r := range runHostile(t, files) {
		t.Run(strings.TrimSuffix(filepath.Base(r.File), ".lua"), func(t *testing.T) {
			t.Logf("%s %s in %v, %d of %d MiB in use, calls of %v: %s",
				r.Outcome, r.Budget, r.Wall.Round(time.Millisecond), r.Live>>20, r.Heap>>20, r.Call.Round(time.Microsecond), r.Message)
			if r.Err != "" {
				t.Errorf("our fault: %s", r.Err)
			}
			// On a busy machine a run may get the processor late, on an idle one the collector works beside it: code that is stuck shows in both.
			if limit := 2*time.Second + wallOvershoot; min(r.Wall, r.CPU) > limit {
				t.Errorf("it ran for %v with %v of processor time, the limit is %v", r.Wall, r.CPU, limit)
			}
			if limit := uint64(32<<20 + liveOvershoot); r.Live > limit {
				t.Errorf("it held %d MiB, the limit is %d", r.Live>>20, limit>>20)
			}
			if limit := uint64(32<<20 + heapOvershoot); r.Heap > limit {
				t.Errorf("the heap grew by %d MiB, the limit is %d", r.Heap>>20, limit>>20)
			}
			if limit := longestCall * r.Instruction; r.Call > limit {
				t.Errorf("one call took %v of processor time, the limit is %v", r.Call, limit)
			}
			if !r.Timeout && r.Counts[0] != r.Counts[1] {
				t.Errorf("it used %+v, then %+v", r.Counts[0], r.Counts[1])
			}
			if strings.Contains(r.Message, "another tenant") || strings.Contains(r.Message, "saw ") {
				t.Error("it saw what it must not see")
			}
		})
	}
}

// runHostile shares the scripts out among as many processes as there are processors.
func runHostile(t *testing.T, files []string) []report {
	t.Helper()
	n := runtime.NumCPU()
	reports := make([][]report, n)
	var g errgroup.Group
	for i := range n {
		var share []string
		for j := i; j < len(files); j += n {
			share = append(share, files[j])
		}
		g.Go(func() (err error) {
			reports[i], err = runChild(t.Context(), share)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	return slices.Concat(reports...)
}

func runChild(ctx context.Context, files []string) (reports []report, err error) {
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), childVariable+"="+strings.Join(files, "\n"), "GOGC=20", "GOMAXPROCS=2")
	child.Stderr = os.Stderr
	out, err := child.Output()
	for line := range strings.Lines(string(out)) {
		var r report
		if json.Unmarshal([]byte(line), &r) == nil && r.File != "" {
			reports = append(reports, r)
		}
	}
	if err != nil || len(reports) != len(files) {
		return nil, fmt.Errorf("the process ended after %d of %d scripts: %w\n%s", len(reports), len(files), err, out)
	}
	return reports, nil
}

// watch keeps the highest heap and ends the process when a script has got out.
type watch struct {
	peak  atomic.Uint64
	live  atomic.Uint64
	since atomic.Int64
	file  atomic.Value
}

func (w *watch) run() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	for range time.Tick(500 * time.Microsecond) {
		metrics.Read(sample)
		heap := sample[0].Value.Uint64()
		if heap > w.peak.Load() {
			w.peak.Store(heap)
		}
		if live := sample[1].Value.Uint64(); live > w.live.Load() {
			w.live.Store(live)
		}
		if heap > childHeap || time.Since(time.Unix(0, w.since.Load())) > childWall {
			fmt.Fprintf(os.Stderr, "%v got out: %d MiB, %v\n", w.file.Load(), heap>>20, time.Since(time.Unix(0, w.since.Load())))
			os.Exit(3)
		}
	}
}

func hostileChild(files []string) {
	debug.SetMaxStack(64 << 20)
	w := &watch{}
	w.since.Store(time.Now().UnixNano())
	go w.run()
	runtime.LockOSThread() // its processor time is the script's
	instruction := plainInstruction()
	for _, file := range files {
		w.file.Store(filepath.Base(file))
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		w.peak.Store(0)
		w.live.Store(0)
		r := hostileScript(file, w)
		r.Heap = max(w.peak.Load(), before.HeapAlloc) - before.HeapAlloc
		r.Live = max(w.live.Load(), before.HeapAlloc) - before.HeapAlloc
		r.Instruction = instruction
		line, _ := json.Marshal(r)
		fmt.Println(string(line))
	}
}

func hostileScript(file string, w *watch) report {
	r := report{File: file, Outcome: "ok"}
	text, err := os.ReadFile(file)
	if err != nil {
		r.Err = err.Error()
		return r
	}
	begin := time.Now()
	w.since.Store(begin.UnixNano())
	p, failure := Compile("hostile", bundle.Revision{bundle.Entry: string(text)})
	if failure != nil {
		r.Outcome, r.Message, r.Wall = "refused", failure.Message, time.Since(begin)
		return r
	}
	r.Call = time.Hour
	for i := range r.Counts {
		v, err := New(p)
		if err != nil {
			r.Err = err.Error()
			return r
		}
		begin, used := time.Now(), processorTime()
		w.since.Store(begin.UnixNano())
		in := input(nil, typicalPayload, &world{answer: refusal})
		looks := &looks{Context: context.Background(), last: threadTime()}
		res := v.Run(looks, in)
		looks.Err()
		r.Call = min(r.Call, looks.longest)
		r.Counts[i] = res.Usage
		r.Counts[i].Wall = 0
		r.Wall, r.CPU = max(r.Wall, time.Since(begin)), max(r.CPU, processorTime()-used)
		if res.Err != nil {
			r.Err = res.Err.Error()
		}
		r.Outcome = string(res.Failure.Outcome())
		r.Timeout = r.Timeout || res.Failure.Outcome() == run.Timeout
		if res.Failure != nil {
			r.Budget, r.Message = res.Failure.Budget, fmt.Sprintf("%s:%d:%d: %s", res.Failure.File, res.Failure.Line, res.Failure.Column, res.Failure.Message)
		} else if res.Reply != nil {
			r.Message = string(res.Reply)
		}
	}
	return r
}

// plainInstruction is the processor time of one instruction that does nothing: it depends on the machine, what else that does, and the race
// detector.
func plainInstruction() time.Duration {
	const n = 2_000_000
	p, _ := Compile("loop", bundle.Revision{bundle.Entry: "for i = 1, " + fmt.Sprint(n) + " do end return { events = {} }"})
	begin := threadTime()
	p.Declare(context.Background(), Input{Limits: run.DefaultLimits()})
	return (threadTime() - begin) / n
}

// looks is a context that notes how far apart the looks at the clock are: the meter asks it each time.
type looks struct {
	context.Context
	last, longest time.Duration
}

func (c *looks) Err() error {
	now := threadTime()
	c.longest = max(c.longest, now-c.last)
	c.last = now
	return c.Context.Err()
}

// threadTime is the processor time of this thread. It does not go on while the thread waits for a processor.
func threadTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(1, &used); err != nil { // RUSAGE_THREAD
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
