package gateway

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/coder/websocket"
)

// patience is how long one write may take before the client counts as gone.
const patience = 30 * time.Second

// write sends what is waiting until the connection ends.
func (c *Conn) write(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		for c.flush(ctx) {
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// flush sends some of what is waiting and reports whether there was any.
func (c *Conn) flush(ctx context.Context) bool {
	c.mu.Lock()
	frames, at := c.control, c.at
	c.control = nil
	c.mu.Unlock()
	for _, f := range frames {
		if err := c.writeControl(ctx, f); err != nil {
			c.ws.CloseNow()
			return false
		}
	}
	if at == nil || c.frozen.Load() || c.ended() {
		return len(frames) > 0
	}
	events := at.after(at.written.Load(), 64)
	for _, e := range events {
		if err := c.writeEvent(ctx, at, e); err != nil {
			c.ws.CloseNow()
			return false
		}
	}
	return len(frames)+len(events) > 0
}

func (c *Conn) writeControl(ctx context.Context, f control) error {
	switch {
	case f.close != 0:
		reason := reasons[f.close]
		c.signal(Signal{Kind: Closed, Code: f.close})
		if err := c.ws.Close(websocket.StatusCode(f.close), reason); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return net.ErrClosed
	case f.raw:
		if c.tcp == nil {
			return net.ErrClosed
		}
		_, err := c.tcp.Write(f.data)
		return err
	}
	return c.send(ctx, f.data, f.binary)
}

func (c *Conn) writeEvent(ctx context.Context, at *place, e numbered) error {
	defer at.written.Store(e.seq)
	if e.kind == "RESUMED" && e.seq <= at.replayTo {
		return nil // of an earlier resume
	}
	data, binary := c.codec.event(e)
	if err := c.send(ctx, data, binary); err != nil {
		return err
	}
	switch e.kind {
	case "READY":
		c.signal(Signal{Kind: Ready})
	case "RESUMED":
		c.signal(Signal{Kind: Resumed})
	}
	return nil
}

// send writes one message, through the transport compression if there is one.
func (c *Conn) send(ctx context.Context, data []byte, binary bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	data, binary, err := c.codec.transport(data, binary)
	if err != nil {
		return err
	}
	kind := websocket.MessageText
	if binary {
		kind = websocket.MessageBinary
	}
	return c.ws.Write(ctx, kind, data)
}
