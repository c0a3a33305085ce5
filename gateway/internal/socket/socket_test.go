package socket_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/gateway/internal/gatewaytest"
	"antiraid/gateway/internal/socket"
	"antiraid/gateway/internal/wire"
	"antiraid/shared/config"
)

const interval = 40 * time.Second

// client is one socket under test and what it did.
type client struct {
	t      *testing.T
	server *gatewaytest.Server
	out    chan socket.Dispatch
	began  []wire.Began
	live   int
	stored atomic.Int64
	permit chan error
	ends   chan socket.End
	stop   context.CancelFunc
}

// connect starts one connection; inside a bubble only.
func connect(t *testing.T, session socket.Session) (*client, *gatewaytest.Conn) {
	c := dial(t, session)
	return c, c.server.Accept()
}

func dial(t *testing.T, session socket.Session) *client {
	c := &client{
		t: t, server: gatewaytest.StartInBubble(t), out: make(chan socket.Dispatch, 16), permit: make(chan error, 1), ends: make(chan socket.End, 1),
	}
	s := socket.New(socket.Config{
		Token: config.NewSecret("tok"), Intents: 1, Shard: 2, Shards: 3, HTTP: c.server.Client(), Random: func() float64 { return 0.5 },
	}, socket.Hooks{
		Permit: func(ctx context.Context) error {
			select {
			case err := <-c.permit:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		},
		Began:   func(b wire.Began) { c.began = append(c.began, b) },
		Resumed: func() { c.live++ },
		Stored:  func() int64 { return c.stored.Load() },
		Out:     c.out,
	}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	var ctx context.Context
	ctx, c.stop = context.WithCancel(t.Context())
	go func() { c.ends <- s.Run(ctx, c.server.URL(), session) }()
	return c
}

// ready brings a connection to life as a new session.
func (c *client) ready(conn *gatewaytest.Conn) {
	c.permit <- nil
	conn.Hello(interval)
	conn.Await(2)
	conn.Ready("abc", "ws://discord.test/resume")
	synctest.Wait()
}

func (c *client) end(next wire.Next, cause string) socket.End {
	c.t.Helper()
	end := <-c.ends
	if end.Next != next || end.Cause != cause {
		c.t.Errorf("ended with %+v, want %s, %s", end, next, cause)
	}
	return end
}

func in(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

func TestNewSession(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{})
		c.ready(conn)
		if len(c.began) != 1 || c.began[0] != (wire.Began{Session: "abc", ResumeURL: "ws://discord.test/resume", Bot: 99, Seq: 1}) {
			t.Errorf("began %+v", c.began)
		}
		conn.Dispatch(2, "GUILD_CREATE", `{"id":"7"}`)
		d := <-c.out
		if d.Session != "abc" || d.Bot != 99 || d.Seq != 2 || d.Type != "GUILD_CREATE" || string(d.Data) != `{"id":"7"}` || d.Fault != "" {
			t.Errorf("handed on %+v", d)
		}
		c.stop()
		if code := conn.Closed(); code != wire.LeaveCode {
			t.Errorf("left with %d", code)
		}
		if end := c.end(wire.ThenStop, "stopped"); end.Seq != 2 || !end.Live || end.Err != nil {
			t.Errorf("ended with %+v", end)
		}
	})
}

func TestTheTokenIsNotSentInTheClear(t *testing.T) {
	in(t, func(t *testing.T) {
		server := gatewaytest.StartInBubble(t)
		began := make(chan wire.Began, 1)
		s := socket.New(socket.Config{Token: config.NewSecret("tok"), Secure: true, Shards: 1, HTTP: server.Client()}, socket.Hooks{
			Permit: func(context.Context) error { return nil },
			Began:  func(b wire.Began) { began <- b },
			Stored: func() int64 { return 0 },
			Out:    make(chan socket.Dispatch, 16),
		}, slog.New(slog.NewTextHandler(t.Output(), nil)))
		if end := s.Run(t.Context(), server.URL(), socket.Session{ID: "abc", Seq: 7}); end.Cause != "dial" || end.Err == nil || end.Seq != 7 || server.Waiting() > 0 {
			t.Errorf("%s ended with %+v after %d connections", server.URL(), end, server.Waiting())
		}
		for resume, kept := range map[string]string{"ws://discord.test/r": "", "wss://discord.test/r": "wss://discord.test/r"} {
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan socket.End, 1)
			go func() { ended <- s.Run(ctx, "wss://discord.test", socket.Session{}) }()
			conn := server.Accept()
			conn.Hello(interval)
			conn.Await(2)
			conn.Ready("abc", resume)
			if b := <-began; b.Session != "abc" || b.ResumeURL != kept {
				t.Errorf("after %s, it began %+v", resume, b)
			}
			stop()
			conn.Closed()
			if end := <-ended; end.Err != nil {
				t.Error(end.Err)
			}
		}
	})
}

func TestHeartbeats(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{})
		start := time.Now()
		conn.Hello(interval)
		beat := conn.Await(1)
		if after := beat.At.Sub(start); after != interval/2 || string(beat.Data) != "null" {
			t.Errorf("first heartbeat %s after %s, want null after the random half of the interval", beat.Data, after)
		}
		conn.ACK()
		c.stored.Store(17)
		if beat = conn.Await(1); beat.At.Sub(start) != interval/2+interval || string(beat.Data) != "17" {
			t.Errorf("second heartbeat %s after %s", beat.Data, beat.At.Sub(start))
		}
		conn.ACK()
		conn.Send(`{"op":1,"d":null}`) // a heartbeat is asked for
		synctest.Wait()
		if beat = conn.Await(1); beat.At.Sub(start) != interval/2+interval {
			t.Errorf("the heartbeat that was asked for came after %s", beat.At.Sub(start))
		}
		c.permit <- nil // READY may come late: heartbeats went on meanwhile
		if identify := conn.Await(2); identify.At.Sub(start) < interval {
			t.Error("identified before it was permitted")
		}
		c.stop()
		<-c.ends
	})
}

func TestUnansweredHeartbeatEndsTheConnectionAndNotTheSession(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		start := time.Now()
		conn.Hello(interval)
		conn.Await(1)
		conn.Dispatch(6, "X", `{}`) // events alone are no sign of life
		<-c.out
		end := c.end(wire.ThenResume, "zombie")
		if after := time.Since(start); after != interval/2+interval {
			t.Errorf("noticed after %s, want one interval after the first heartbeat", after)
		}
		if code := conn.Closed(); code == 1000 || code == 1001 || end.Seq != 6 {
			t.Errorf("closed with %d at %d", code, end.Seq)
		}
	})
}

func TestBackpressureIsNoDeadConnection(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		conn.Hello(interval)
		go func() { // blocks as soon as nothing more is read
			for i := range 40 {
				conn.Dispatch(6+i, "X", `{}`)
				if i == 20 {
					conn.ACK()
					conn.ACK()
				}
			}
			conn.ACK()
		}()
		conn.Await(6)
		for range 10 { // five minutes of which nothing is taken
			conn.Await(1)
		}
		for i := range 40 {
			if d := <-c.out; d.Seq != int64(6+i) {
				t.Fatalf("handed on %d in place of %d", d.Seq, 6+i)
			}
		}
		conn.Await(1)
		conn.ACK()
		conn.Await(1)
		c.stop()
		if end := c.end(wire.ThenStop, "stopped"); end.Seq != 45 {
			t.Errorf("ended at %d", end.Seq)
		}
	})
}

func TestWhatIsNotHandedOnIsNotCounted(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		conn.Hello(interval)
		for i := range 17 {
			conn.Dispatch(6+i, "X", `{}`)
		}
		synctest.Wait()
		conn.Drop()
		if end := c.end(wire.ThenResume, "dropped"); end.Seq != 5+16 {
			t.Errorf("16 were taken after 5, and it ended at %d", end.Seq)
		}
	})
}

func TestWhatALostSessionBroughtIsHandedOn(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		conn.Hello(interval)
		for i := range 17 {
			conn.Dispatch(6+i, "X", `{}`)
		}
		synctest.Wait()
		conn.Close(4007)
		synctest.Wait()
		for i := range 17 {
			if d := <-c.out; d.Seq != int64(6+i) {
				t.Errorf("handed on %d in place of %d", d.Seq, 6+i)
			}
		}
		c.end(wire.ThenIdentify, "close_4007")
	})
}

func TestResume(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		conn.Hello(interval)
		if s := conn.Next(); s.Op != 6 || s.Field("session_id") != "abc" || s.Field("seq") != 5.0 || s.Field("token") != "tok" {
			t.Errorf("sent %d %s", s.Op, s.Data)
		}
		conn.Dispatch(6, "MESSAGE_CREATE", `{}`)
		if d := <-c.out; d.Session != "abc" || d.Seq != 6 || c.live != 0 {
			t.Errorf("handed on %+v", d)
		}
		conn.Dispatch(7, "RESUMED", `{}`)
		if d := <-c.out; d.Seq != 7 || c.live != 1 {
			t.Errorf("handed on %+v after %d RESUMED", d, c.live)
		}
		conn.Drop()
		if end := c.end(wire.ThenResume, "dropped"); end.Seq != 7 || !end.Live {
			t.Errorf("ended with %+v", end)
		}
	})
}

func TestHowConnectionsEnd(t *testing.T) {
	kept := socket.Session{ID: "abc", Bot: 99, Seq: 5}
	type do func(c *client, conn *gatewaytest.Conn)
	say := func(raw string) do { return func(_ *client, conn *gatewaytest.Conn) { conn.Send(raw) } }
	hello := func(then do) do {
		return func(c *client, conn *gatewaytest.Conn) {
			c.permit <- nil
			conn.Hello(interval)
			conn.Next()
			then(c, conn)
		}
	}
	ready := func(then do) do {
		return func(c *client, conn *gatewaytest.Conn) {
			c.ready(conn)
			then(c, conn)
		}
	}
	reconnect, invalid, resumable := say(`{"op":7,"d":null}`), say(`{"op":9,"d":false}`), say(`{"op":9,"d":true}`)
	for name, tc := range map[string]struct {
		session socket.Session
		do      do
		next    wire.Next
		cause   string
		pause   bool
	}{
		"op 7 in place of HELLO":            {kept, reconnect, wire.ThenResume, "reconnect", false},
		"op 7 before READY":                 {socket.Session{}, hello(reconnect), wire.ThenResume, "reconnect", false},
		"op 7 while resuming":               {kept, hello(reconnect), wire.ThenResume, "reconnect", false},
		"op 7 after READY":                  {socket.Session{}, ready(reconnect), wire.ThenResume, "reconnect", false},
		"op 9 false in place of HELLO":      {kept, invalid, wire.ThenIdentify, "invalid_session", true},
		"op 9 false to IDENTIFY":            {socket.Session{}, hello(invalid), wire.ThenIdentify, "invalid_session", true},
		"op 9 true to IDENTIFY":             {socket.Session{}, hello(resumable), wire.ThenIdentify, "invalid_session", true},
		"op 9 false to RESUME":              {kept, hello(invalid), wire.ThenIdentify, "invalid_session", true},
		"op 9 true to RESUME":               {kept, hello(resumable), wire.ThenResume, "invalid_session", true},
		"op 9 false after READY":            {socket.Session{}, ready(invalid), wire.ThenIdentify, "invalid_session", true},
		"op 9 true after READY":             {socket.Session{}, ready(resumable), wire.ThenResume, "invalid_session", true},
		"op 9 with nonsense":                {kept, hello(say(`{"op":9,"d":"true"}`)), wire.ThenIdentify, "invalid_session", true},
		"no HELLO":                          {kept, func(*client, *gatewaytest.Conn) {}, wire.ThenResume, "hello", false},
		"HELLO without interval":            {kept, say(`{"op":10,"d":{}}`), wire.ThenResume, "protocol", false},
		"HELLO with a mad interval":         {kept, say(`{"op":10,"d":{"heartbeat_interval":1e300}}`), wire.ThenResume, "protocol", false},
		"event before READY":                {socket.Session{}, hello(say(`{"op":0,"t":"X","s":1,"d":{}}`)), wire.ThenIdentify, "protocol", false},
		"READY without session":             {socket.Session{}, hello(say(`{"op":0,"t":"READY","s":1,"d":{"user":{"id":"9"}}}`)), wire.ThenIdentify, "protocol", false},
		"binary frame":                      {kept, hello(func(_ *client, conn *gatewaytest.Conn) { conn.Binary([]byte{1}) }), wire.ThenResume, "dropped", false},
		"permit refused":                    {socket.Session{}, func(c *client, conn *gatewaytest.Conn) { c.permit <- errors.New("none"); conn.Hello(interval) }, wire.ThenIdentify, "permit", false},
		"dropped before HELLO":              {kept, func(_ *client, conn *gatewaytest.Conn) { conn.Drop() }, wire.ThenResume, "dropped", false},
		"dropped while waiting to identify": {socket.Session{}, func(_ *client, conn *gatewaytest.Conn) { conn.Hello(interval); conn.Drop() }, wire.ThenResume, "dropped", false},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				c, conn := connect(t, tc.session)
				tc.do(c, conn)
				end := c.end(tc.next, tc.cause)
				if end.Pause != tc.pause || end.Err == nil {
					t.Errorf("ended with %+v, want pause %t and an error", end, tc.pause)
				}
				if code := conn.Closed(); code == 1000 || code == 1001 {
					t.Errorf("left with %d, which ends the session", code)
				}
			})
		})
	}
}

func TestCloseCodes(t *testing.T) {
	codes := map[int]wire.Next{
		1000: wire.ThenResume, 1001: wire.ThenResume, 4000: wire.ThenResume, 4001: wire.ThenResume, 4002: wire.ThenResume, 4009: wire.ThenResume, 4999: wire.ThenResume,
		4003: wire.ThenIdentify, 4005: wire.ThenIdentify, 4007: wire.ThenIdentify, 4008: wire.ThenIdentify,
		4004: wire.ThenStop, 4010: wire.ThenStop, 4011: wire.ThenStop, 4012: wire.ThenStop, 4013: wire.ThenStop, 4014: wire.ThenStop,
	}
	for code, next := range codes {
		in(t, func(t *testing.T) {
			c, conn := connect(t, socket.Session{})
			c.ready(conn)
			conn.Close(code)
			if end := <-c.ends; end.Next != next || end.Err == nil {
				t.Errorf("code %d: ended with %+v, want %s", code, end, next)
			}
		})
	}
}

func TestUndecodableFramesAreHandedOnAndTheConnectionGoesOn(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		conn.Hello(interval)
		for _, raw := range []string{`{"op":0,`, `[]`, `{"op":0,"op":7}`, `{"op":0,"s":-1,"t":"X"}`, `{"op":0,"s":null,"t":"X","d":{}}`} {
			conn.Send(raw)
			if d := <-c.out; d.Fault == "" || string(d.Data) != raw || d.Seq != 0 {
				t.Errorf("%s was handed on as %+v", raw, d)
			}
		}
		conn.Send(`{"op":42,"d":{}}`) // ops that we do not know are none of our business
		conn.Dispatch(6, "X", `{}`)
		if d := <-c.out; d.Seq != 6 || d.Fault != "" {
			t.Errorf("then %+v", d)
		}
		c.stop()
		if end := <-c.ends; end.Seq != 6 {
			t.Errorf("ended at %d", end.Seq)
		}
	})
}

func TestMoreHeartbeatsAreAskedForThanMayBeSent(t *testing.T) {
	in(t, func(t *testing.T) {
		c, conn := connect(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		conn.Hello(10 * time.Minute)
		conn.Await(6)
		for range 200 {
			conn.Send(`{"op":1,"d":null}`)
		}
		synctest.Wait()
		sent := 1
		for conn.Unread() > 0 {
			conn.Await(1)
			sent++
		}
		if sent != 120 {
			t.Errorf("%d payloads were sent at once, want the 120 that are allowed in 60 s", sent)
		}
		<-time.After(time.Minute)
		conn.Send(`{"op":1,"d":null}`)
		conn.Await(1)
		c.stop()
		<-c.ends
	})
}

func TestStopWhileDialling(t *testing.T) {
	in(t, func(t *testing.T) {
		c := dial(t, socket.Session{ID: "abc", Bot: 99, Seq: 5})
		c.stop()
		if end := <-c.ends; end.Next != wire.ThenStop || end.Seq != 5 {
			t.Errorf("ended with %+v", end)
		}
	})
}

func TestNobodyThere(t *testing.T) {
	s := socket.New(socket.Config{}, socket.Hooks{}, slog.New(slog.DiscardHandler))
	for _, url := range []string{"ws://127.0.0.1:1", "http://127.0.0.1", "", "wss://"} {
		end := s.Run(t.Context(), url, socket.Session{ID: "abc", Seq: 5})
		if end.Next != wire.ThenResume || end.Cause != "dial" || end.Err == nil || end.Seq != 5 || end.Live {
			t.Errorf("dialling %q ended with %+v", url, end)
		}
	}
}
