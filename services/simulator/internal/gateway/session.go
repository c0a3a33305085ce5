package gateway

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"antiraid/services/simulator/internal/world"
)

// session is what a client identified for: numbered events, of which the last are kept for a resume.
type session struct {
	id            string
	shard, shards int
	sharded       bool // the client said so
	intents       Intents
	keep          int

	mu     sync.Mutex
	seq    uint64
	events []numbered
	at     *place // of the connection that has the session; nil: none
	left   time.Time
}

// place is where a connection is in a session.
type place struct {
	*session
	conn     *Conn
	written  atomic.Uint64 // sequence number of the last event written
	replayTo uint64        // events up to here are sent again
}

// numbered is an event with its sequence number.
type numbered struct {
	seq  uint64
	kind string
	d    []byte
}

func newSession(id identify, keep int) *session {
	var name [16]byte
	rand.Read(name[:])
	return &session{
		id: hex.EncodeToString(name[:]), shard: id.shard(), shards: id.shards(), sharded: id.Shard != nil,
		intents: id.intents(), keep: keep,
	}
}

// tell numbers an event and hands it to the connection.
func (s *session) tell(e world.Event) {
	d := e.Data
	if e.Blank != nil && s.intents&MessageContent == 0 {
		d = e.Blank
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	s.events = append(s.events, numbered{s.seq, e.Type, d})
	s.trim()
	if s.at != nil {
		s.at.conn.nudge()
	}
}

// trim forgets events beyond the buffer, but not those that a connection has yet to write.
func (s *session) trim() {
	written := s.seq
	if s.at != nil {
		written = s.at.written.Load()
	}
	if len(s.events) == 0 {
		return
	}
	// Sequence numbers have no gaps. What is dropped goes in bulk: one by one it would cost a copy each.
	if drop := int(written) - s.keep - int(s.events[0].seq) + 1; drop > s.keep {
		s.events = append(make([]numbered, 0, len(s.events)), s.events[drop:]...)
	}
}

// after is up to n events from behind a sequence number.
func (s *session) after(seq uint64, n int) []numbered {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.events) == 0 || seq >= s.seq {
		return nil
	}
	i := 0
	if first := s.events[0].seq; seq >= first {
		i = int(seq - first + 1)
	}
	return append([]numbered{}, s.events[i:min(len(s.events), i+n)]...)
}

// begin gives a new session to its first connection.
func (s *session) begin(c *Conn) *place {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = &place{session: s, conn: c}
	return s.at
}

// outcome is what comes of a RESUME.
type outcome int

const (
	resumed outcome = iota
	lost            // events behind the sequence number are not kept any more
	ahead           // there were never so many
)

// resume gives the session to another connection, which is to send the events after seq, then RESUMED. The previous place is returned,
// nil if there is none.
func (s *session) resume(c *Conn, seq uint64) (now, previous *place, o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case seq > s.seq:
		return nil, nil, ahead
	case s.seq-seq > uint64(s.keep):
		return nil, nil, lost
	}
	now = &place{session: s, conn: c, replayTo: s.seq}
	now.written.Store(seq)
	previous, s.at = s.at, now
	s.seq++
	s.events = append(s.events, numbered{s.seq, "RESUMED", []byte(`{"_trace":["[\"simulator\",{}]"]}`)})
	return now, previous, resumed
}

// detach leaves the session without its connection, if it is still this one.
func (p *place) detach(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == p {
		p.at, p.left = nil, now
		p.trim()
	}
}

// expired reports whether the session has been without a connection since before then.
func (s *session) expired(then time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at == nil && s.left.Before(then)
}

// frame is the event as it is sent.
func (n numbered) frame() []byte {
	out := make([]byte, 0, len(n.d)+len(n.kind)+48)
	out = append(out, `{"t":"`...)
	out = append(out, n.kind...)
	out = append(out, `","s":`...)
	out = strconv.AppendUint(out, n.seq, 10)
	out = append(out, `,"op":0,"d":`...)
	out = append(out, n.d...)
	return append(out, '}')
}
