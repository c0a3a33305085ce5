package gateway

import (
	"slices"
)

// Selection is some connections, to do something to each.
type Selection []*Conn

// All is every connection.
func (g *Gateway) All() Selection {
	return g.choose(func(*Conn) bool { return true })
}

// Shard is the connections of a shard's sessions.
func (g *Gateway) Shard(id int) Selection {
	return g.choose(func(c *Conn) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at != nil && c.at.shard == id
	})
}

func (g *Gateway) choose(want func(*Conn) bool) Selection {
	g.mu.Lock()
	defer g.mu.Unlock()
	found := Selection{}
	for _, c := range g.conns {
		if want(c) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *Conn) int { return int(a.id) - int(b.id) })
	return found
}

// Drop cuts TCP without a close frame.
func (s Selection) Drop() {
	for _, c := range s {
		c.ws.CloseNow()
	}
}

// Freeze leaves TCP open but neither sends nor answers anything any more, as if the other end had vanished.
func (s Selection) Freeze() {
	for _, c := range s {
		c.frozen.Store(true)
	}
}

// Mute stops answering heartbeats, or starts again.
func (s Selection) Mute(mute bool) {
	for _, c := range s {
		c.deaf.Store(mute)
	}
}

// Close closes with a code.
func (s Selection) Close(code int) {
	for _, c := range s {
		c.Close(code)
	}
}

// Close closes with a code, and ends the session where that code means it.
func (c *Conn) Close(code int) { c.fail(code) }

// Reconnect sends op 7.
func (s Selection) Reconnect() {
	for _, c := range s {
		c.reconnect()
	}
}

// Invalidate sends op 9. If it is not resumable, the session is over.
func (s Selection) Invalidate(resumable bool) {
	for _, c := range s {
		r := RefuseResumable
		if !resumable {
			r = Refuse
			c.lose()
		}
		c.invalid(r)
	}
}

// lose takes the session from a connection, which may then identify again.
func (c *Conn) lose() {
	c.mu.Lock()
	at := c.at
	c.at = nil
	c.mu.Unlock()
	if at != nil {
		c.g.end(at.session)
	}
}

// Beat asks for a heartbeat at once, by op 1.
func (s Selection) Beat() {
	for _, c := range s {
		c.op(opHeartbeat, "null")
	}
}

// Send sends a message as it is, which need not be JSON.
func (s Selection) Send(data []byte, binary bool) {
	for _, c := range s {
		c.push(control{data: data, binary: binary})
	}
}

// SendWire writes bytes onto the connection below WebSocket.
func (s Selection) SendWire(data []byte) {
	for _, c := range s {
		c.push(control{data: data, raw: true})
	}
}
