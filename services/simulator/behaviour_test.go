package simulator_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// faulty is a simulator whose next connection behaves badly.
func faulty(t *testing.T, b simulator.Behaviour) *simulator.Simulator {
	t.Helper()
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond, ReconnectGrace: 50 * time.Millisecond})
	s.Gateway().Next(b)
	return s
}

func TestReconnectInPlaceOfHello(t *testing.T) {
	s := faulty(t, simulator.Behaviour{ReconnectFirst: true})
	c := dial(t, s.URL(), "v=10")
	if f := c.next(); f.Op != 7 {
		t.Errorf("first frame has op %d, want 7", f.Op)
	}
	if code := c.closed(); code != 4000 {
		t.Errorf("a client that stayed was closed with %d, want 4000", code)
	}
	session(t, s) // the one after it is treated well
}

func TestReconnectBeforeReady(t *testing.T) {
	s := faulty(t, simulator.Behaviour{ReconnectReady: true})
	c := hello(t, s)
	c.say(2, ident(s))
	if f := c.next(); f.Op != 7 {
		t.Errorf("IDENTIFY got op %d %s, want 7", f.Op, f.T)
	}
}

func TestReconnectInSession(t *testing.T) {
	s := faulty(t, simulator.Behaviour{})
	c, r := session(t, s)
	seq := c.seq
	s.Gateway().All().Reconnect()
	if f := c.next(); f.Op != 7 || string(f.D) != "null" {
		t.Errorf("got op %d %s, want 7 null", f.Op, f.D)
	}
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "after op 7"))
	c.closed()
	c = resume(t, s, r, seq)
	c.until("MESSAGE_CREATE")
	c.until("RESUMED")
}

func TestInvalidSession(t *testing.T) {
	t.Run("to identify", func(t *testing.T) {
		for refusal, want := range map[simulator.Refusal]string{simulator.Refuse: "false", simulator.RefuseResumable: "true"} {
			s := faulty(t, simulator.Behaviour{Identify: refusal})
			c := hello(t, s)
			c.say(2, ident(s))
			if f := c.next(); f.Op != 9 || string(f.D) != want {
				t.Errorf("got op %d %s, want 9 %s", f.Op, f.D, want)
			}
		}
	})
	t.Run("to resume", func(t *testing.T) {
		s := faulty(t, simulator.Behaviour{})
		c, r := session(t, s)
		c.ws.CloseNow()
		s.Gateway().Next(simulator.Behaviour{Resume: simulator.RefuseResumable}, simulator.Behaviour{Resume: simulator.Refuse})
		for _, want := range []string{"true", "false"} {
			if f := resume(t, s, r, c.seq).next(); f.Op != 9 || string(f.D) != want {
				t.Errorf("got op %d %s, want 9 %s", f.Op, f.D, want)
			}
		}
	})
	t.Run("in session", func(t *testing.T) {
		s := faulty(t, simulator.Behaviour{})
		c, r := session(t, s)
		s.Gateway().All().Invalidate(true)
		if f := c.next(); f.Op != 9 || string(f.D) != "true" {
			t.Errorf("got op %d %s, want 9 true", f.Op, f.D)
		}
		c = resume(t, s, r, c.seq)
		c.until("RESUMED")
		s.Gateway().All().Invalidate(false)
		if f := c.next(); f.Op != 9 || string(f.D) != "false" {
			t.Errorf("got op %d %s, want 9 false", f.Op, f.D)
		}
		if f := resume(t, s, r, c.seq).next(); f.Op != 9 {
			t.Errorf("resuming an invalid session got op %d %s, want 9", f.Op, f.T)
		}
		c.say(2, ident(s)) // on the connection that lost its session
		if f := c.next(); f.T != "READY" || *f.S != 1 {
			t.Errorf("IDENTIFY got op %d %s, want READY with s 1", f.Op, f.T)
		}
	})
}

func TestClosedInPlaceOfAnAnswer(t *testing.T) {
	s := faulty(t, simulator.Behaviour{CloseIdentify: 4000})
	c := hello(t, s)
	c.say(2, ident(s))
	if code := c.closed(); code != 4000 {
		t.Errorf("IDENTIFY was closed with %d, want 4000", code)
	}
	s.Gateway().Next(simulator.Behaviour{CloseResume: 4009})
	if code := resume(t, s, told{ResumeURL: s.URL()}, 1).closed(); code != 4009 {
		t.Errorf("RESUME was closed with %d, want 4009", code)
	}
}

func TestDelays(t *testing.T) {
	const delay = 150 * time.Millisecond
	s := faulty(t, simulator.Behaviour{DelayHello: delay, DelayReady: delay})
	start := time.Now()
	c := hello(t, s)
	if took := time.Since(start); took < delay {
		t.Errorf("HELLO came after %v, want %v", took, delay)
	}
	c.say(2, ident(s))
	for range 3 {
		c.say(1, nil)
		if f := c.next(); f.Op != 11 {
			t.Fatalf("while READY is late a heartbeat got op %d %s, want an ACK", f.Op, f.T)
		}
	}
	c.say(2, ident(s))
	if code := c.closed(); code != 4005 {
		t.Errorf("a second IDENTIFY while READY is late was closed with %d, want 4005", code)
	}
	s.Gateway().Next(simulator.Behaviour{DelayReady: delay})
	start = time.Now()
	session(t, s)
	if took := time.Since(start); took < delay {
		t.Errorf("READY came after %v, want %v", took, delay)
	}
}

// TestNoACK: heartbeats are taken but not answered, and events still come.
func TestNoACK(t *testing.T) {
	s := faulty(t, simulator.Behaviour{NoACK: true})
	c, _ := session(t, s)
	c.say(1, c.seq)
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
	if f := c.next(); f.T != "MESSAGE_CREATE" {
		t.Errorf("got op %d %s, want the message and no ACK", f.Op, f.T)
	}
	s.Gateway().All().Mute(false)
	c.say(1, c.seq)
	if f := c.next(); f.Op != 11 {
		t.Errorf("got op %d, want an ACK again", f.Op)
	}
}

func TestFrozenConnection(t *testing.T) {
	s := faulty(t, simulator.Behaviour{})
	c, _ := session(t, s)
	s.Gateway().All().Freeze()
	c.say(1, c.seq)
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
	got := make(chan frame, 1)
	go func() {
		if f, err := c.read(); err == nil {
			got <- f
		}
	}()
	select {
	case f := <-got:
		t.Errorf("a frozen connection brought op %d %s", f.Op, f.T)
	case <-time.After(100 * time.Millisecond):
	}
}

func TestHeartbeatOnRequest(t *testing.T) {
	s := faulty(t, simulator.Behaviour{})
	c, _ := session(t, s)
	s.Gateway().All().Beat()
	if f := c.next(); f.Op != 1 {
		t.Errorf("got op %d, want 1", f.Op)
	}
}

func TestGarbage(t *testing.T) {
	s := faulty(t, simulator.Behaviour{})
	c, _ := session(t, s)
	for _, garbage := range [][]byte{[]byte(`{"op":0,"d":{`), {0xff, 0x00}, []byte(`[]`), {}} {
		s.Gateway().All().Send(garbage, true)
		kind, data, err := c.ws.Read(t.Context())
		if err != nil || kind != websocket.MessageBinary || !bytes.Equal(data, garbage) {
			t.Errorf("got %v %q %v, want %q", kind, data, err, garbage)
		}
	}
	s.Gateway().All().SendWire([]byte{0xff, 0x00}) // reserved bits and opcode
	if _, _, err := c.ws.Read(t.Context()); err == nil {
		t.Error("broken WebSocket was read")
	}
}

// TestSignals is what a test learns about a client: that it resumed, where, and from which number.
func TestSignals(t *testing.T) {
	s := faulty(t, simulator.Behaviour{})
	c, r := session(t, s)
	c.ws.CloseNow()
	gone(t, s)
	c = resume(t, s, r, c.seq)
	c.until("RESUMED")
	c.ws.Close(4000, "")
	gone(t, s)
	var kinds []string
	for _, x := range s.Gateway().Signals().All() {
		kinds = append(kinds, x.Kind)
		if x.Kind == simulator.ResumeAsked && (x.Path != "/resume/" || x.Session != r.SessionID || x.Seq != 2) {
			t.Errorf("the resume is %+v", x)
		}
		if x.Kind == simulator.ClientClosed && x.Code != 4000 {
			t.Errorf("the client's close is %+v", x)
		}
	}
	want := []string{
		simulator.Opened, simulator.Identified, simulator.ReadySent, simulator.Gone,
		simulator.Opened, simulator.ResumeAsked, simulator.ResumedSent, simulator.ClientClosed, simulator.Gone,
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("signals are %v, want %v", kinds, want)
	}
}
