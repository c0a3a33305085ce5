package executor_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"antiraid/executor/internal/strikes"
	"antiraid/shared/natstest"
	"antiraid/shared/tenant"
)

func TestEventsGoOnWhenNATSWasAway(t *testing.T) {
	dir := t.TempDir()
	server := natstest.Run(t, dir, -1)
	url := server.ClientURL()
	port, err := strconv.Atoi(url[strings.LastIndex(url, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	s := systemOn(t, url)
	id := guild(t, 7)
	s.deploy(id, map[string]string{"counter": counter}, "MESSAGE_CREATE")
	s.executor("one")
	for i := range 20 {
		if i%5 == 4 {
			server.Shutdown()
			server.WaitForShutdown()
			pause(t, time.Duration(i)*200*time.Millisecond) // shorter and longer than a lease lives
			server = natstest.Run(t, dir, port)
		}
		s.publishUntilStored(id, "MESSAGE_CREATE", fmt.Sprint("m", i), `{"channel_id":"5","content":"x"}`)
		if r := s.record(); string(r.Reply) != fmt.Sprint(i+1) || r.Event != fmt.Sprint("m", i) {
			t.Fatalf("event %s counted %s, want %d (%+v)", r.Event, r.Reply, i+1, r.Failure)
		}
	}
}

// TestNATSIsAwayLongerThanAnyPatience has real workers with steady traffic lose NATS for longer than a lease lives, a request waits and a run
// may take: nobody may be blamed for that, and no event be lost, reordered or handled twice.
func TestNATSIsAwayLongerThanAnyPatience(t *testing.T) {
	dir := t.TempDir()
	server := natstest.Run(t, dir, -1)
	url := server.ClientURL()
	port, err := strconv.Atoi(url[strings.LastIndex(url, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	s := systemOn(t, url)
	_, out := s.process(2)
	c := s.crowd(30)
	for range 2 {
		pause(t, 3*time.Second)
		server.Shutdown()
		server.WaitForShutdown()
		pause(t, 12*time.Second)
		server = natstest.Run(t, dir, port)
	}
	pause(t, 3*time.Second)
	slowest := c.stop()
	t.Logf("%d events in order; the slowest took %v", c.events, slowest)
	if d := readDeaths(out.String()); d.n != 0 {
		t.Errorf("%d workers were ended, want none", d.n)
	}
	s.wantNoStrikes()
}

func (s *system) wantNoStrikes() {
	s.Helper()
	book, err := strikes.Open(s.Context(), s.bus)
	if err != nil {
		s.Fatal(err)
	}
	for p := range tenant.Partitions {
		if struck, err := book.Of(s.Context(), p); err != nil || len(struck) != 0 {
			s.Errorf("partition %d has strikes %v, %v; want none", p, struck, err)
		}
	}
}

// pause lets time go by that is part of what is tested.
func pause(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
