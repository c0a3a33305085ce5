package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"antiraid/services/simulator"
)

// frame is a gateway message.
type frame struct {
	Op int             `json:"op"`
	T  string          `json:"t"`
	S  *uint64         `json:"s"`
	D  json.RawMessage `json:"d"`
}

// client is a raw gateway client without any cleverness.
type client struct {
	t      *testing.T
	ws     *websocket.Conn
	decode func(websocket.MessageType, []byte) []byte
	seq    uint64
}

// waiting is how long a test waits for something that must come.
const waiting = 10 * time.Second

// dial connects with a query, such as v=10&encoding=json, to the simulator or to another URL of it.
func dial(t *testing.T, url, query string) *client {
	t.Helper()
	url = strings.Replace(url, "http://", "ws://", 1) + "/?" + query
	ws, _, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	ws.SetReadLimit(-1)
	t.Cleanup(func() { ws.CloseNow() })
	return &client{t: t, ws: ws, decode: func(_ websocket.MessageType, data []byte) []byte { return data }}
}

// hello is a connection that has been greeted.
func hello(t *testing.T, s *simulator.Simulator) *client {
	t.Helper()
	c := dial(t, s.URL(), "v=10&encoding=json")
	if f := c.next(); f.Op != 10 {
		t.Fatalf("first frame has op %d, want HELLO", f.Op)
	}
	return c
}

// next is the next frame.
func (c *client) next() frame {
	c.t.Helper()
	f, err := c.read()
	if err != nil {
		c.t.Fatalf("read a frame: %v", err)
	}
	return f
}

func (c *client) read() (frame, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), waiting)
	defer cancel()
	var f frame
	kind, data, err := c.ws.Read(ctx)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(c.decode(kind, data), &f); err != nil {
		return f, fmt.Errorf("decode %q: %w", data, err)
	}
	if f.S != nil {
		c.seq = *f.S
	}
	return f, nil
}

// until is the next dispatch of a type; others before it are passed over.
func (c *client) until(kind string) frame {
	c.t.Helper()
	for {
		if f := c.next(); f.T == kind {
			return f
		}
	}
}

// op is the next frame with an opcode; others before it are passed over.
func (c *client) op(op int) frame {
	c.t.Helper()
	for {
		if f := c.next(); f.Op == op {
			return f
		}
	}
}

// closed is the code that the gateway closes with.
func (c *client) closed() int {
	c.t.Helper()
	for {
		if _, err := c.read(); err != nil {
			return int(websocket.CloseStatus(err))
		}
	}
}

func (c *client) say(op int, d any) {
	c.t.Helper()
	data, err := json.Marshal(map[string]any{"op": op, "d": d})
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(data)
}

func (c *client) write(data []byte) {
	c.t.Helper()
	if err := c.ws.Write(c.t.Context(), websocket.MessageText, data); err != nil {
		c.t.Fatalf("write a frame: %v", err)
	}
}

// everything is all intents.
const everything = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25

// ident is `d` of an IDENTIFY with all intents, changed by pairs of key and value.
func ident(s *simulator.Simulator, pairs ...any) map[string]any {
	d := map[string]any{
		"token": s.Token().Reveal(), "intents": everything,
		"properties": map[string]string{"os": "linux", "browser": "test", "device": "test"},
	}
	for pair := range slices.Chunk(pairs, 2) {
		d[pair[0].(string)] = pair[1]
	}
	return d
}

// told is READY.
type told struct {
	SessionID string              `json:"session_id"`
	ResumeURL string              `json:"resume_gateway_url"`
	User      simulator.User      `json:"user"`
	Guilds    []map[string]any    `json:"guilds"`
	Shard     []int               `json:"shard"`
	App       struct{ ID string } `json:"application"`
}

// session is a client with a fresh session whose sample guild has been announced.
func session(t *testing.T, s *simulator.Simulator, pairs ...any) (*client, told) {
	t.Helper()
	c := hello(t, s)
	c.say(2, ident(s, pairs...))
	f := c.next()
	if f.T != "READY" || f.S == nil || *f.S != 1 {
		t.Fatalf("answer to IDENTIFY is op %d %s with s %v, want READY with s 1", f.Op, f.T, f.S)
	}
	r := as[told](t, f.D)
	for range r.Guilds {
		c.next()
	}
	return c, r
}

// resume continues a session on a new connection.
func resume(t *testing.T, s *simulator.Simulator, r told, seq uint64) *client {
	t.Helper()
	c := dial(t, r.ResumeURL, "v=10&encoding=json")
	if f := c.next(); f.Op != 10 {
		t.Fatalf("first frame has op %d, want HELLO", f.Op)
	}
	c.say(6, map[string]any{"token": s.Token().Reveal(), "session_id": r.SessionID, "seq": seq})
	return c
}

// as decodes JSON.
func as[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("decode %s: %v", data, err)
	}
	return v
}

// must is a value whose making did not fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// receive is the next value.
func receive[E any](t *testing.T, c <-chan E) E {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waiting)
	defer cancel()
	select {
	case e := <-c:
		return e
	case <-ctx.Done():
		var none E
		t.Fatalf("no %T came", none)
		return none
	}
}
