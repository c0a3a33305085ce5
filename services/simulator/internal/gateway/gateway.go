// Package gateway is Discord's gateway: WebSocket sessions that are told of events, can be resumed, and can misbehave on demand.
//
// It keeps to the rules of https://discord.com/developers/docs/events/gateway, version 10: what a client may send and how often, who
// may identify when, which events a session gets, how long and how far back it can be resumed. Where the documents are silent, the
// comment says what was chosen.
package gateway

import (
	"log/slog"
	"sync"
	"time"

	"antiraid/services/simulator/internal/account"
	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/journal"
	"antiraid/services/simulator/internal/world"
)

// Config sets the gateway's limits. All fields are required.
type Config struct {
	HeartbeatInterval time.Duration
	IdentifyEvery     time.Duration // between two IDENTIFYs of one bucket (shard id % MaxConcurrency)
	MaxConcurrency    int           // number of buckets
	IdentifyBudget    int           // IDENTIFYs a day; one more resets the token
	Shards            int           // recommended to clients
	GuildsPerShard    int           // more need more shards: 4011
	SessionLife       time.Duration // how long a session without a connection can be resumed
	ResumeBuffer      int           // events kept for that
	ReconnectGrace    time.Duration // from op 7 to the connection being closed
	Privileged        Intents       // those of [Privileged] that are switched on
	Now               func() time.Time
}

// Gateway is all sessions and connections. It is an [net/http.Handler] for connections. Lock order: world, gateway, session,
// connection.
type Gateway struct {
	cfg     Config
	world   *world.World
	account *account.Account
	log     *slog.Logger
	signals *journal.Journal[Signal]

	mu       sync.Mutex
	sessions map[string]*session
	conns    map[uint64]*Conn
	opened   uint64 // connections ever
	gate     gate
	normal   Behaviour
	next     []Behaviour
	asked    map[discord.ID]time.Time // op 8 for all members, by guild
}

// New makes a gateway that is told of the world's events by [Gateway.Tell].
func New(cfg Config, w *world.World, a *account.Account, log *slog.Logger) *Gateway {
	return &Gateway{
		cfg: cfg, world: w, account: a, log: log, signals: journal.New[Signal](10000),
		sessions: map[string]*session{}, conns: map[uint64]*Conn{},
		gate:  gate{last: map[int]time.Time{}},
		asked: map[discord.ID]time.Time{},
	}
}

// Tell hands an event to every session that wants it, with a connection or without. It never waits for anyone.
func (g *Gateway) Tell(e world.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	for _, s := range g.sessions {
		if s.shard == shardOf(e.Guild, s.shards) && (e.Self || s.intents.want(e.Type, e.Guild != 0)) {
			s.tell(e)
		}
	}
}

// shardOf is the shard that hears of a guild; what is of no guild goes to shard 0.
func shardOf(guild discord.ID, shards int) int { return int(uint64(guild>>22) % uint64(shards)) }

// sweep drops sessions that cannot be resumed any more.
func (g *Gateway) sweep() {
	for id, s := range g.sessions {
		if s.expired(g.cfg.Now().Add(-g.cfg.SessionLife)) {
			delete(g.sessions, id)
		}
	}
}

// end makes a session unknown.
func (g *Gateway) end(s *session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.sessions, s.id)
}

// Sessions is the number of sessions that have a connection and were told READY.
func (g *Gateway) Sessions() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for _, c := range g.conns {
		if c.serving() {
			n++
		}
	}
	return n
}
