package gatewaytest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Conn is one connection as the server sees it.
type Conn struct {
	Path, Query string

	t      testing.TB
	ws     *websocket.Conn
	sent   chan Sent
	closed chan int
}

// Sent is one frame that the client sent.
type Sent struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	At   time.Time       `json:"-"`
}

func (c *Conn) read(ctx context.Context) {
	for {
		_, raw, err := c.ws.Read(ctx)
		if err != nil {
			c.closed <- int(websocket.CloseStatus(err))
			close(c.sent)
			c.ws.CloseNow()
			return
		}
		s := Sent{At: time.Now()}
		if err := json.Unmarshal(raw, &s); err != nil {
			c.t.Errorf("the client sent %q: %v", raw, err)
		}
		c.sent <- s
	}
}

// Next is the next frame of the client.
func (c *Conn) Next() Sent {
	c.t.Helper()
	select {
	case s, ok := <-c.sent:
		if !ok {
			c.t.Fatal("the client has left")
		}
		return s
	case <-c.t.Context().Done():
		c.t.Fatal("the client sent nothing")
		return Sent{}
	}
}

// Unread is the number of frames that were received and not yet looked at.
func (c *Conn) Unread() int { return len(c.sent) }

// Await skips frames until one of that op comes.
func (c *Conn) Await(op int) Sent {
	c.t.Helper()
	for {
		if s := c.Next(); s.Op == op {
			return s
		}
	}
}

// Field is a field of the frame's data.
func (s Sent) Field(name string) any {
	var d map[string]any
	json.Unmarshal(s.Data, &d)
	return d[name]
}

// Closed waits until the client is gone and is its close code; -1: without one.
func (c *Conn) Closed() int {
	c.t.Helper()
	select {
	case code := <-c.closed:
		return code
	case <-c.t.Context().Done():
		c.t.Fatal("the client does not leave")
		return 0
	}
}

// Send writes a frame as it stands and waits until the client reads. It fails quietly when the client is gone.
func (c *Conn) Send(raw string) {
	c.ws.Write(c.t.Context(), websocket.MessageText, []byte(raw))
}

// Binary writes a binary frame.
func (c *Conn) Binary(raw []byte) {
	c.ws.Write(c.t.Context(), websocket.MessageBinary, raw)
}

// Hello says hello.
func (c *Conn) Hello(interval time.Duration) {
	c.Send(fmt.Sprintf(`{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":%d,"_trace":["[]"]}}`, interval.Milliseconds()))
}

// ACK answers a heartbeat.
func (c *Conn) ACK() { c.Send(`{"t":null,"s":null,"op":11,"d":null}`) }

// Dispatch sends an event.
func (c *Conn) Dispatch(seq int, typ, data string) {
	c.Send(fmt.Sprintf(`{"t":%q,"s":%d,"op":0,"d":%s}`, typ, seq, data))
}

// Ready begins a session as the bot with id 99, to be resumed under a path of the server's.
func (c *Conn) Ready(session, resumeURL string) {
	c.Dispatch(1, "READY", fmt.Sprintf(`{"v":10,"user":{"id":"99"},"guilds":[],"session_id":%q,"resume_gateway_url":%q}`, session, resumeURL))
}

// Close closes with a code.
func (c *Conn) Close(code int) { c.ws.Close(websocket.StatusCode(code), "") }

// Drop breaks the connection without a word.
func (c *Conn) Drop() { c.ws.CloseNow() }
