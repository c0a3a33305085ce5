package executor_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"antiraid/shared/natstest"
	"antiraid/shared/run"
)

// TestEventsBehindAPowerCutAreNew takes from the stream what it had acknowledged last, as a power cut may, and keeps what was said of it: what is
// stored in the places of the lost events is handled all the same, from the moment an executor has looked.
func TestEventsBehindAPowerCutAreNew(t *testing.T) {
	dir := t.TempDir()
	srv := natstest.Run(t, dir, -1)
	s := systemOn(t, srv.ClientURL())
	_, text, err := net.SplitHostPort(srv.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": `local kv = require "@antiraid/kv" return { events = { X = function(ctx, event)
kv.set("n", (kv.get("n") or 0) + 1) end } }`}, "X")
	name := 0
	// looked waits until the executor has looked at the stream, as the record of an event tells. What was stored before it looked is passed.
	looked := func() {
		t.Helper()
		for probe := range 10 {
			msg := fmt.Sprint("probe", name, ".", probe)
			s.publishUntilStored(id, "X", msg, `{}`)
			late := time.After(2 * time.Second)
			for waiting := true; waiting; {
				select {
				case r := <-s.records:
					if r.Event == msg {
						return
					}
				case <-late:
					waiting = false
				}
			}
		}
		t.Fatal("ten events behind the power cut were passed")
	}
	handle := func(executor string, events int) {
		t.Helper()
		stop := s.executor(executor)
		looked()
		for range events {
			name++
			s.publishUntilStored(id, "X", fmt.Sprint("x", name), `{}`)
			if r, _ := s.within(20*time.Second, fmt.Sprint("x", name)); r.Outcome != run.OK {
				t.Errorf("event %d ended with %s %+v", name, r.Outcome, r.Failure)
			}
		}
		stop()
	}
	handle("one", 3)
	srv.Shutdown()
	srv.WaitForShutdown()
	events, kept := filepath.Join(dir, "jetstream", "$G", "streams", "EVENTS"), filepath.Join(t.TempDir(), "EVENTS")
	if err := os.CopyFS(kept, os.DirFS(events)); err != nil {
		t.Fatal(err)
	}
	srv = natstest.Run(t, dir, port)
	handle("two", 20)
	srv.Shutdown()
	srv.WaitForShutdown()
	if err := os.RemoveAll(events); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(events, os.DirFS(kept)); err != nil {
		t.Fatal(err)
	}
	natstest.Run(t, dir, port)
	handle("three", 30)
}
