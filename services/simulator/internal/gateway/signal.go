package gateway

import (
	"time"

	"antiraid/services/simulator/internal/journal"
)

// Kinds of signals.
const (
	Opened       = "opened"        // a client connected
	Identified   = "identified"    // an IDENTIFY came, whatever became of it
	Asked        = "resume"        // a RESUME came, whatever became of it
	Ready        = "ready"         // READY was sent
	Resumed      = "resumed"       // the missed events and RESUMED were sent
	Refused      = "refused"       // op 9 was sent
	Reconnect    = "reconnect"     // op 7 was sent
	Closed       = "closed"        // the gateway closed, with Code
	ClientClosed = "client-closed" // the client closed, with Code
	Gone         = "gone"          // the connection is no more
)

// Signal is something that happened on a connection.
type Signal struct {
	Number  int       `json:"number"`
	Time    time.Time `json:"time"`
	Kind    string    `json:"kind"`
	Conn    uint64    `json:"conn"`
	Path    string    `json:"path"` // that the client asked for; /resume is what READY told it
	Session string    `json:"session,omitempty"`
	Shard   int       `json:"shard"`
	Shards  int       `json:"shards,omitempty"`
	Seq     uint64    `json:"seq,omitempty"` // of a RESUME
	Code    int       `json:"code,omitempty"`
}

// Signals is what happened on all connections.
func (g *Gateway) Signals() *journal.Journal[Signal] { return g.signals }

func (c *Conn) signal(s Signal) {
	s.Time, s.Conn, s.Path = c.g.cfg.Now(), c.id, c.path
	c.mu.Lock()
	if c.at != nil {
		s.Session, s.Shard, s.Shards = c.at.id, c.at.shard, c.at.shards
	}
	c.mu.Unlock()
	c.g.signals.Add(func(n int) Signal {
		s.Number = n
		return s
	})
}
