package gateway

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// Opcodes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opMembers        = 8
	opInvalidSession = 9
	opHello          = 10
	opACK            = 11
	opSoundboard     = 31
	opChannelInfo    = 43
)

// greet checks how the client called and sends HELLO.
func (c *Conn) greet(query url.Values) {
	var err error
	if c.codec, err = newCodec(query.Get("compress")); err != nil {
		c.fail(CloseDecode)
		return
	}
	if v := query.Get("v"); v != "10" && v != "9" {
		c.fail(CloseVersion)
		return
	}
	if e := query.Get("encoding"); e != "" && e != "json" { // etf is not simulated
		c.fail(CloseDecode)
		return
	}
	if c.how.NoACK {
		c.deaf.Store(true)
	}
	if c.how.ReconnectFirst {
		c.reconnect()
		return
	}
	c.after(c.how.DelayHello, c.hello)
}

// after calls f now or later, unless the connection has ended by then.
func (c *Conn) after(d time.Duration, f func()) {
	if d <= 0 {
		f()
		return
	}
	time.AfterFunc(d, func() {
		if !c.ended() {
			f()
		}
	})
}

func (c *Conn) hello() {
	interval := c.g.cfg.HeartbeatInterval
	if c.how.Heartbeat > 0 {
		interval = c.how.Heartbeat
	}
	c.mu.Lock()
	// How late a heartbeat may be is not documented; half an interval more is within what clients' jitter allows.
	c.beat = time.AfterFunc(interval*3/2, func() { c.fail(CloseTimeout) })
	c.grace = interval * 3 / 2
	c.mu.Unlock()
	c.op(opHello, fmt.Sprintf(`{"heartbeat_interval":%d,"_trace":["[\"simulator\",{}]"]}`, interval.Milliseconds()))
}

// op sends a frame that is no dispatch.
func (c *Conn) op(op int, d string) {
	c.push(control{data: fmt.Appendf(nil, `{"t":null,"s":null,"op":%d,"d":%s}`, op, d)})
}

// handle does what a client's payload asks.
func (c *Conn) handle(data []byte) {
	if c.ended() {
		return
	}
	var p struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	if json.Unmarshal(data, &p) != nil || p.Op == nil {
		c.fail(CloseDecode)
		return
	}
	c.mu.Lock()
	known := c.at != nil || c.waiting
	c.mu.Unlock()
	switch *p.Op {
	case opHeartbeat:
		c.heartbeat()
	case opIdentify, opResume:
		if known {
			c.fail(CloseAlready)
			return
		}
		c.enter(*p.Op, p.D)
	case opPresence, opVoiceState, opMembers, opSoundboard, opChannelInfo:
		if !known {
			c.fail(CloseNotAuthenticated)
			return
		}
		c.request(*p.Op, p.D)
	default:
		c.fail(CloseOpcode)
	}
}

func (c *Conn) heartbeat() {
	c.mu.Lock()
	if c.beat != nil {
		c.beat.Reset(c.grace)
	}
	c.mu.Unlock()
	if !c.deaf.Load() {
		c.op(opACK, "null")
	}
}

// reconnect sends op 7; a client that stays is closed after a while.
func (c *Conn) reconnect() {
	c.op(opReconnect, "null")
	c.signal(Signal{Kind: Reconnect})
	time.AfterFunc(c.g.cfg.ReconnectGrace, func() { c.fail(CloseUnknown) })
}

// invalid sends op 9.
func (c *Conn) invalid(r Refusal) {
	c.signal(Signal{Kind: Refused})
	c.op(opInvalidSession, fmt.Sprint(r == RefuseResumable))
}
