package pool

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// idle reports whether no thread of a process has anything to do: each sleeps, or is stopped. A worker that lives but gets no processor, or
// waits for memory to come from a disk, has a thread that is about to run. Of a process that cannot be looked at nothing is known.
func idle(pid int) bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(threads) == 0 {
		return false
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			return false
		}
		_, after, _ := bytes.Cut(stat, []byte(") ")) // the name of a program that has such a thing in it would only make it busy
		if len(after) == 0 || bytes.IndexByte([]byte("STtZX"), after[0]) < 0 {
			return false
		}
	}
	return true
}
