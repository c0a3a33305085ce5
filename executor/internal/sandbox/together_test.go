package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sync/semaphore"

	"antiraid/shared/bundle"
)

// A worker as executor makes it: so much memory, so many runs at once, and a part of the memory for those that are not small.
const (
	togetherVariable = "SANDBOX_TOGETHER_CHILD"
	workerMemory     = 1 << 30
	workerRuns       = 64
	largeMemory      = workerMemory / 6
)

// together is what a process came to that ran every memory attack, as many at once as a worker does.
type together struct {
	Runs   int
	Others []string // outcomes that are neither a spent budget nor an error of the script
	DataKB int      // what RLIMIT_DATA counts
}

// TestMemoryAttacksTogether runs all memory attacks at once in a process with a worker's limits, which ends when it needs more.
func TestMemoryAttacksTogether(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), togetherVariable+"=1", fmt.Sprintf("GOMEMLIMIT=%d", workerMemory*3/4))
	var said strings.Builder
	child.Stderr = &said
	out, err := child.Output()
	if err != nil {
		t.Fatalf("the process ended: %v\n%.2000s", err, said.String())
	}
	var r together
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("read %q: %v", out, err)
	}
	if r.Runs < workerRuns || len(r.Others) > 0 {
		t.Errorf("%+v", r)
	}
	t.Logf("%d runs, %d MiB of %d", r.Runs, r.DataKB>>10, workerMemory>>20)
}

func togetherChild() {
	limit := syscall.Rlimit{Cur: workerMemory, Max: workerMemory}
	if err := syscall.Setrlimit(2, &limit); err != nil { // RLIMIT_DATA
		panic(err)
	}
	files, err := filepath.Glob("../../../services/lab/testdata/hostile/memory-*.lua")
	if err != nil {
		panic(err)
	}
	r := together{}
	var mu sync.Mutex
	var g sync.WaitGroup
	memory := semaphore.NewWeighted(largeMemory)
	for i := range workerRuns {
		g.Go(func() {
			err := attack(files[i%len(files)], memory)
			mu.Lock()
			defer mu.Unlock()
			if r.Runs++; err != nil {
				r.Others = append(r.Others, err.Error())
			}
		})
	}
	g.Wait()
	if r.DataKB, err = dataKB(); err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		panic(err)
	}
}

// attack runs one script as executor does: small, and again when it is large and there is memory for it.
func attack(file string, memory *semaphore.Weighted) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	p, failure := Compile("hostile", bundle.Revision{bundle.Entry: string(text)})
	if failure != nil {
		return nil
	}
	in := input(nil, typicalPayload, &world{answer: refusal})
	in.Small = true
	v, err := New(p)
	if err != nil {
		return err
	}
	res := v.Run(context.Background(), in)
	if errors.Is(res.Err, ErrLarge) {
		if err := memory.Acquire(context.Background(), in.Limits.Memory); err != nil {
			return err
		}
		defer memory.Release(in.Limits.Memory)
		in.Small = false
		if v, err = New(p); err != nil {
			return err
		}
		res = v.Run(context.Background(), in)
	}
	return res.Err
}

func dataKB() (kb int, err error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if n, err := fmt.Sscanf(line, "VmData: %d kB", &kb); n == 1 {
			return kb, err
		}
	}
	return 0, errors.New("the process does not say what it has")
}
