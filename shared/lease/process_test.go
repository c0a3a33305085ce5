//go:build unix

package lease

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
)

// TestMain runs a member instead of the tests in the processes that a test starts.
func TestMain(m *testing.M) {
	if name := os.Getenv("LEASE_TEST_MEMBER"); name != "" {
		if err := runChild(name, os.Getenv("LEASE_TEST_NATS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// report is one line that a child prints before or after it does something.
type report struct {
	Do       string // begin, try, done, lost, end
	Slice    int
	Epoch    uint64
	Position uint64
}

// runChild is a member until standard input ends.
func runChild(name, url string) error {
	ctx, leave := context.WithCancel(context.Background())
	go func() {
		defer leave()
		_, _ = io.Copy(io.Discard, os.Stdin) // however it ends, it has ended
	}()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil)).With("process", name)
	b, err := bus.Connect(ctx, bus.Config{URL: url, Name: name}, log)
	if err != nil {
		return err
	}
	defer b.Close()
	m, err := New(config(name), b, log)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	lines := json.NewEncoder(os.Stdout)
	return m.Run(ctx, func(ctx context.Context, l *Holding) error {
		next := number(l.Position())
		say := func(do string) error {
			mu.Lock()
			defer mu.Unlock()
			return lines.Encode(report{do, l.Slice(), l.Epoch(), next})
		}
		return errors.Join(say("begin"), childWork(ctx, l, &next, say), say("end"))
	})
}

func childWork(ctx context.Context, l *Holding, next *uint64, say func(string) error) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		over := ctx.Err() != nil
		*next++
		said := say("try")
		switch err := l.Commit(context.WithoutCancel(ctx), position(*next)); {
		case err == nil:
			said = errors.Join(said, say("done"))
		case errors.Is(err, ErrLost):
			return errors.Join(said, say("lost"))
		}
		if said != nil || over {
			return said
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// child is a member in a process of its own.
type child struct {
	name string
	cmd  *exec.Cmd
	in   io.Closer
	read sync.WaitGroup
}

func startChild(t *testing.T, h *history, name, url string) *child {
	t.Helper()
	c := &child{name: name, cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), "LEASE_TEST_MEMBER="+name, "LEASE_TEST_NATS="+url)
	c.cmd.Stderr = t.Output()
	in, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.in = in
	c.read.Go(func() { h.follow(t, name, out) })
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill() // it may have ended
		c.read.Wait()
		_ = c.cmd.Wait() // killed
	})
	return c
}

// follow writes what a child reports into the history.
func (h *history) follow(t *testing.T, name string, out io.Reader) {
	open := map[[2]uint64]*record{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var l report
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Errorf("%s says %q: %v", name, lines.Bytes(), err)
			return
		}
		key := [2]uint64{uint64(l.Slice), l.Epoch}
		switch r := open[key]; l.Do {
		case "begin":
			r = &record{member: name, slice: l.Slice, epoch: l.Epoch, from: time.Now(), first: l.Position}
			open[key] = r
			h.add(r)
		case "try":
			h.note(func() { r.maybe = l.Position })
		case "done":
			h.note(func() { r.last, r.at = l.Position, time.Now() })
		case "lost":
			h.note(func() { h.refused++ })
		case "end":
			h.finish(r)
		}
	}
}

func (c *child) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// gone notes that a member does nothing from now on: it was stopped or killed.
func (h *history) gone(member string) {
	now := time.Now()
	h.note(func() {
		for _, r := range h.records {
			if r.member == member && r.to.IsZero() {
				r.to = now
			}
		}
	})
}

// TestProcesses stops, continues and kills real processes.
func TestProcesses(t *testing.T) {
	t.Parallel()
	h, url := newHistory(), natstest.Start(t)
	a, b := startChild(t, h, "a", url), startChild(t, h, "b", url)
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})

	began := time.Now()
	a.signal(t, syscall.SIGSTOP)
	h.gone("a")
	h.waitHeld(t, 3*time.Second, map[string]int{"a": 0, "b": 64})
	t.Logf("SIGSTOP: 32 slices taken over after %s", time.Since(began))
	h.wait(t, settle, "the new owner has committed on each slice", func() bool { return h.committedSince(began) == 64 })

	began = time.Now()
	a.signal(t, syscall.SIGCONT)
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	t.Logf("SIGCONT: a member with 32 slices again after %s", time.Since(began))
	h.wait(t, settle, "every commit of the former owner was refused", func() bool { return h.refused >= 32 })

	began = time.Now()
	b.signal(t, syscall.SIGKILL)
	h.gone("b")
	h.waitHeld(t, 3*time.Second, map[string]int{"a": 64})
	t.Logf("SIGKILL: 32 slices taken over after %s", time.Since(began))

	a.in.Close()
	a.read.Wait()
	if err := a.cmd.Wait(); err != nil {
		t.Errorf("clean leave of a process: %v", err)
	}
	h.check(t)
}
