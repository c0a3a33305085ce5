package gateway

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Limits of what a client sends. Source: https://discord.com/developers/docs/events/gateway#rate-limiting.
const (
	maxPayload  = 4096 // bytes
	maxPayloads = 120  // in a minute
)

// Conn is one connection of a client.
type Conn struct {
	g     *Gateway
	id    uint64
	ws    *websocket.Conn
	tcp   net.Conn // below ws; nil when the server did not say
	how   Behaviour
	base  string // ws://host, as the client called us
	path  string
	codec codec

	deaf   atomic.Bool // heartbeats are not answered
	frozen atomic.Bool // nothing is written or answered
	wake   chan struct{}

	mu      sync.Mutex
	at      *place      // in a session; nil: in none
	waiting bool        // the answer to IDENTIFY or RESUME is delayed
	closing bool        // a close frame is sent or waiting, or the connection has ended
	gone    bool        // the connection has ended
	beat    *time.Timer // ends the connection unless a heartbeat comes
	grace   time.Duration
	control []control
	sent    []time.Time // of the client's payloads in the last minute
}

// control is a frame outside sessions, or the end.
type control struct {
	data   []byte
	binary bool
	raw    bool // data goes onto the wire below WebSocket
	close  int  // close code
}

// ServeHTTP is a connection from its handshake to its end.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		g.log.Info("websocket refused", "err", err)
		return
	}
	ws.SetReadLimit(-1)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	c := &Conn{g: g, ws: ws, path: r.URL.Path, base: "ws://" + r.Host, wake: make(chan struct{}, 1)}
	c.tcp, _ = r.Context().Value(tcpKey{}).(net.Conn)
	g.mu.Lock()
	g.opened++
	c.id, c.how = g.opened, g.behaviour()
	g.conns[c.id] = c
	g.mu.Unlock()
	defer c.leave()
	c.signal(Signal{Kind: Opened})
	go func() {
		defer cancel()
		c.write(ctx)
	}()
	c.greet(r.URL.Query())
	c.read(ctx)
}

// tcpKey is where [KeepTCP] puts the connection.
type tcpKey struct{}

// KeepTCP is the ConnContext of an [http.Server] that serves the gateway: faults need the connection below WebSocket.
func KeepTCP(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, tcpKey{}, c)
}

// leave is the connection's end, whoever ended it.
func (c *Conn) leave() {
	c.ws.CloseNow()
	c.g.mu.Lock()
	delete(c.g.conns, c.id)
	c.g.mu.Unlock()
	c.mu.Lock()
	at := c.at
	c.closing, c.gone = true, true
	if c.beat != nil {
		c.beat.Stop()
	}
	c.mu.Unlock()
	if at != nil {
		at.detach(c.g.cfg.Now())
	}
	c.signal(Signal{Kind: Gone})
}

func (c *Conn) read(ctx context.Context) {
	for {
		kind, r, err := c.ws.Reader(ctx)
		if err != nil {
			c.left(err)
			return
		}
		data, err := io.ReadAll(io.LimitReader(r, maxPayload+1))
		if err != nil {
			c.left(err)
			return
		}
		switch {
		case c.frozen.Load():
		case len(data) > maxPayload:
			c.fail(CloseDecode)
			io.Copy(io.Discard, r)
		case !c.within(c.g.cfg.Now()):
			c.fail(CloseRate)
		case kind != websocket.MessageText && kind != websocket.MessageBinary:
		default:
			c.handle(data)
		}
	}
}

// left looks at how the client went.
func (c *Conn) left(err error) {
	code := int(websocket.CloseStatus(err))
	if code < 0 {
		return
	}
	c.signal(Signal{Kind: ClientClosed, Code: code})
	c.mu.Lock()
	at, ours := c.at, c.closing
	c.mu.Unlock()
	if at != nil && !ours && leaves(code) {
		c.g.end(at.session)
	}
}

// within counts a payload of the client's and reports whether it was one too many in a minute.
func (c *Conn) within(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.sent) > 0 && now.Sub(c.sent[0]) >= time.Minute {
		c.sent = c.sent[1:]
	}
	c.sent = append(c.sent, now)
	return len(c.sent) <= maxPayloads
}

// nudge lets the writer look for something to write. It never waits.
func (c *Conn) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *Conn) push(f control) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closing {
		c.control = append(c.control, f)
		c.closing = f.close != 0
	}
	c.nudge()
}

// fail closes the connection with a code, after what waits already.
func (c *Conn) fail(code int) {
	c.mu.Lock()
	at := c.at
	c.mu.Unlock()
	if at != nil && endsSession(code) {
		c.g.end(at.session)
	}
	c.push(control{close: code})
}

func (c *Conn) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

func (c *Conn) serving() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at != nil && !c.closing
}
