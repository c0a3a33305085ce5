package gateway

import (
	"encoding/json"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

// identify is `d` of op 2. Properties, presence and the like are taken as they come.
type identify struct {
	Token    string  `json:"token"`
	Intents  *uint64 `json:"intents"`
	Compress bool    `json:"compress"`
	Shard    *[2]int `json:"shard"`
}

func (id identify) shard() int {
	if id.Shard == nil {
		return 0
	}
	return id.Shard[0]
}

func (id identify) shards() int {
	if id.Shard == nil {
		return 1
	}
	return id.Shard[1]
}

func (id identify) intents() Intents { return Intents(*id.Intents) }

// enter is IDENTIFY and RESUME.
func (c *Conn) enter(op int, d json.RawMessage) {
	ready, refusal, code, f := c.how.ReconnectReady, c.how.Resume, c.how.CloseResume, c.resume
	if op == opIdentify {
		refusal, code, f = c.how.Identify, c.how.CloseIdentify, c.identify
	}
	switch {
	case ready:
		c.reconnect()
	case code != 0:
		c.fail(code)
	case refusal != Accept:
		c.invalid(refusal)
	default:
		f(d)
		return
	}
	c.note(op, d)
}

// note records what came when it is not looked at further.
func (c *Conn) note(op int, d json.RawMessage) {
	if op == opResume {
		var r resume
		json.Unmarshal(d, &r)
		c.signal(Signal{Kind: Asked, Session: r.Session, Seq: r.Seq})
		return
	}
	var id identify
	json.Unmarshal(d, &id)
	c.signal(Signal{Kind: Identified, Shard: id.shard(), Shards: id.shards()})
}

func (c *Conn) identify(d json.RawMessage) {
	var id identify
	if json.Unmarshal(d, &id) != nil {
		c.fail(CloseDecode)
		return
	}
	c.signal(Signal{Kind: Identified, Shard: id.shard(), Shards: id.shards()})
	if code := c.g.refuse(id); code != 0 {
		c.fail(code)
		return
	}
	switch soon, broke := c.g.admit(id.shard()); {
	case broke:
		c.g.revoke()
	case soon:
		c.invalid(Refuse)
	default:
		c.wait(func() { c.begin(id) })
	}
}

// refuse is the close code for an IDENTIFY that can never be right; 0: it is.
func (g *Gateway) refuse(id identify) int {
	switch {
	case !g.account.Valid(id.Token):
		return CloseAuthentication
	case id.Intents == nil || id.intents()&^known != 0:
		return CloseIntents
	case id.intents()&Privileged&^g.cfg.Privileged != 0:
		return CloseDisallowedIntents
	case id.shards() < 1 || id.shard() < 0 || id.shard() >= id.shards():
		return CloseShard
	case len(g.world.Guilds()) > g.cfg.GuildsPerShard*id.shards():
		return CloseShardingRequired
	}
	return 0
}

// wait answers now, or as late as the behaviour says.
func (c *Conn) wait(f func()) {
	c.mu.Lock()
	c.waiting = true
	c.mu.Unlock()
	c.after(c.how.DelayReady, f)
}

// begin makes a session whose first events are READY and the guilds, and nothing is missed or told twice after them.
func (c *Conn) begin(id identify) {
	s := newSession(id, c.g.cfg.ResumeBuffer)
	c.g.world.Look(func(v world.View) {
		mine := []discord.ID{}
		for _, guild := range v.Guilds() {
			if shardOf(guild, s.shards) == s.shard {
				mine = append(mine, guild)
			}
		}
		s.tell(world.Event{Type: "READY", Data: c.g.ready(c, s, mine)})
		for _, guild := range mine {
			if e := v.Announce(guild, s.intents&GuildPresences != 0); s.intents&Guilds != 0 {
				s.tell(e)
			}
		}
		c.g.mu.Lock()
		defer c.g.mu.Unlock()
		c.g.sessions[s.id] = s
	})
	c.codec.payload = id.Compress
	c.adopt(s.begin(c))
}

// adopt makes a session this connection's, unless the connection ended meanwhile.
func (c *Conn) adopt(at *place) {
	c.mu.Lock()
	c.at, c.waiting = at, false
	gone := c.gone
	c.mu.Unlock()
	if gone {
		at.detach(c.g.cfg.Now())
	}
	c.nudge()
}

// resume is `d` of op 6.
type resume struct {
	Token   string `json:"token"`
	Session string `json:"session_id"`
	Seq     uint64 `json:"seq"`
}

func (c *Conn) resume(d json.RawMessage) {
	var r resume
	if json.Unmarshal(d, &r) != nil {
		c.fail(CloseDecode)
		return
	}
	c.signal(Signal{Kind: Asked, Session: r.Session, Seq: r.Seq})
	if !c.g.account.Valid(r.Token) {
		c.fail(CloseAuthentication)
		return
	}
	c.wait(func() { c.takeOver(r) })
}

func (c *Conn) takeOver(r resume) {
	c.g.mu.Lock()
	c.g.sweep()
	s := c.g.sessions[r.Session]
	c.g.mu.Unlock()
	if s == nil {
		c.refuseResume()
		return
	}
	switch at, previous, o := s.resume(c, r.Seq); o {
	case ahead:
		c.g.end(s)
		c.fail(CloseSequence)
	case lost:
		c.g.end(s)
		c.refuseResume()
	case resumed:
		c.adopt(at)
		if previous != nil {
			previous.conn.Close(CloseUnknown)
		}
	}
}

// refuseResume lets the client identify on this connection.
func (c *Conn) refuseResume() {
	c.mu.Lock()
	c.waiting = false
	c.mu.Unlock()
	c.invalid(Refuse)
}
