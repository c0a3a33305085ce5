package simulator_test

import (
	"fmt"
	"testing"
	"time"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

func TestResumeBringsWhatWasMissed(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c, r := session(t, s)
	w := s.World()
	must(w.Write(simulator.SampleChannel, simulator.SampleOwner, "seen"))
	c.until("MESSAGE_CREATE")
	s.Gateway().All().Drop()
	if code := c.closed(); code != -1 {
		t.Errorf("a dropped connection ended with close code %d, want none", code)
	}
	for i := range 5 {
		must(w.Write(simulator.SampleChannel, simulator.SampleOwner, fmt.Sprint("missed ", i)))
	}
	seq := c.seq
	c = resume(t, s, r, seq)
	for i := range 5 {
		f := c.next()
		m := as[simulator.Message](t, f.D)
		if want := fmt.Sprint("missed ", i); f.T != "MESSAGE_CREATE" || m.Content != want || *f.S != seq+uint64(i)+1 {
			t.Fatalf("replay brought %s %q with s %d, want %q with s %d", f.T, m.Content, *f.S, want, seq+uint64(i)+1)
		}
	}
	if f := c.next(); f.T != "RESUMED" || *f.S != seq+6 {
		t.Fatalf("after the replay came %s with s %d, want RESUMED with s %d", f.T, *f.S, seq+6)
	}
	must(w.Write(simulator.SampleChannel, simulator.SampleOwner, "live"))
	if m := as[simulator.Message](t, c.until("MESSAGE_CREATE").D); m.Content != "live" {
		t.Errorf("after RESUMED came %q, want the live message", m.Content)
	}
}

func TestResumesThatFail(t *testing.T) {
	clock := newClock()
	s := simulatortest.Start(t, simulator.Config{Now: clock.now, ResumeBuffer: 10})
	fresh := func() (*client, told) {
		clock.pass(5 * time.Second)
		return session(t, s)
	}
	refused := func(c *client, why string) {
		t.Helper()
		if f := c.next(); f.Op != 9 || string(f.D) != "false" {
			t.Fatalf("%s: got op %d %s %s, want op 9 false", why, f.Op, f.T, f.D)
		}
		clock.pass(5 * time.Second)
		c.say(2, ident(s)) // on the same connection
		if f := c.next(); f.T != "READY" {
			t.Errorf("%s: IDENTIFY after op 9 got op %d %s, want READY", why, f.Op, f.T)
		}
		c.ws.CloseNow()
	}
	write := func(n int) {
		for range n {
			must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
		}
	}

	refused(resume(t, s, told{SessionID: "unknown", ResumeURL: s.URL()}, 1), "unknown session")

	c, r := fresh()
	c.ws.CloseNow()
	write(11)
	refused(resume(t, s, r, 2), "more missed than kept")

	c, r = fresh()
	c.ws.CloseNow()
	if code := resume(t, s, r, 99).closed(); code != 4007 {
		t.Errorf("a sequence number of the future was closed with %d, want 4007", code)
	}
	refused(resume(t, s, r, 2), "session after 4007")

	c, r = fresh()
	c.ws.CloseNow()
	gone(t, s)
	clock.pass(3*time.Minute + time.Second)
	refused(resume(t, s, r, 2), "session of long ago")
}

func TestResumeOfWhatIsJustKept(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{ResumeBuffer: 10})
	c, r := session(t, s)
	seq := c.seq
	s.Gateway().All().Drop()
	for range 10 {
		must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
	}
	c = resume(t, s, r, seq)
	c.until("RESUMED")
	if c.seq != seq+11 {
		t.Errorf("RESUMED has s %d, want %d", c.seq, seq+11)
	}
}

// TestResumeAgainAndAgain loses the answer to a resume each time: the events come every time, RESUMED once, at the end.
func TestResumeAgainAndAgain(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c, r := session(t, s)
	seq := c.seq
	for i := range 5 {
		s.Gateway().All().Drop()
		must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
		c = resume(t, s, r, seq)
		for range i + 1 {
			if f := c.next(); f.T != "MESSAGE_CREATE" {
				t.Fatalf("resume %d brought %s, want the missed messages", i, f.T)
			}
		}
		if f := c.next(); f.T != "RESUMED" {
			t.Fatalf("resume %d ended with %s, want RESUMED", i, f.T)
		}
	}
}

// TestResumeTakesOver is a client whose old connection hangs: the new one gets the session, the old one is closed.
func TestResumeTakesOver(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	old, r := session(t, s)
	s.Gateway().All().Freeze()
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "missed"))
	c := resume(t, s, r, old.seq)
	if f := c.next(); f.T != "MESSAGE_CREATE" {
		t.Fatalf("got %s, want the missed message", f.T)
	}
	c.until("RESUMED")
	if code := old.closed(); code != 4000 {
		t.Errorf("the old connection was closed with %d, want 4000", code)
	}
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "live"))
	c.until("MESSAGE_CREATE")
}

// TestTwoSessionsOfAShard both get every event: that is how one reshards, and why duplicates are normal.
func TestTwoSessionsOfAShard(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	one, _ := session(t, s)
	two, _ := session(t, s, "shard", []int{0, 1})
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
	a := as[simulator.Message](t, one.until("MESSAGE_CREATE").D)
	b := as[simulator.Message](t, two.until("MESSAGE_CREATE").D)
	if a.ID != b.ID {
		t.Errorf("the sessions got messages %d and %d", a.ID, b.ID)
	}
}
