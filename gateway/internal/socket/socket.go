// Package socket is one connection to Discord's gateway, from dialling to its end.
//
// It guarantees: heartbeats go on whatever else waits; a connection whose heartbeats are not answered is ended; its own goodbyes never
// end the session; no more than Discord allows is sent; dispatches are handed on in order, each at most once, and the sequence number
// it reports is that of the last one handed on. It decides nothing about the next connection: it says in [End] what the protocol asks for.
package socket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"antiraid/gateway/internal/wire"
	"antiraid/shared/config"
)

// Config is what all connections of a shard have in common.
type Config struct {
	Token   config.Secret
	Secure  bool // the token is sent to wss:// addresses only
	Intents int
	Shard   int
	Shards  int
	HTTP    *http.Client   // dials; nil: http.DefaultClient
	Limits  Limits         // zero fields get defaults
	Random  func() float64 // 0 to 1; nil: math/rand
}

// Limits are how long a connection waits, and how much it reads at once.
type Limits struct {
	Dial    time.Duration // for the websocket handshake; default 20 s
	Hello   time.Duration // for the first frame; default 20 s
	Write   time.Duration // for one frame to be written; default 10 s
	Message int64         // bytes of one message; default 32 MiB
}

func (l Limits) withDefaults() Limits {
	if l.Dial == 0 {
		l.Dial = 20 * time.Second
	}
	if l.Hello == 0 {
		l.Hello = 20 * time.Second
	}
	if l.Write == 0 {
		l.Write = 10 * time.Second
	}
	if l.Message == 0 {
		l.Message = 32 << 20
	}
	return l
}

// Hooks are what a connection asks of its owner and tells it. They are called one at a time.
type Hooks struct {
	Permit  func(ctx context.Context) error // waits until this shard may identify; called in a goroutine of its own
	Began   func(wire.Began)                // a new session has begun
	Resumed func()                          // the session goes on, all missed dispatches have been handed on
	Stored  func() int64                    // the sequence number that heartbeats carry; 0: none
	Out     chan<- Dispatch                 // takes the dispatches; while it takes none, nothing more is read
}

// Dispatch is one dispatch on its way.
type Dispatch struct {
	Session string
	Bot     uint64 // the bot's own user id
	Seq     int64  // 0 when Fault says that not even that could be read
	Type    string
	Data    []byte  // raw bytes; part of Buffer
	Buffer  *Buffer // to be released when nobody looks at Data any more
	Fault   string  // why this cannot be an event; Data is then all there is
}

// Session is the session that a connection is to go on with; the zero Session asks for a new one.
type Session struct {
	ID  string
	Bot uint64
	Seq int64 // of the last dispatch that was handed on
}

// End says how a connection ended.
type End struct {
	Next  wire.Next
	Cause string // short and from a small set: for metrics and logs
	Err   error  // what happened; nil for a clean stop
	Seq   int64  // of the last dispatch of the session that was handed on
	Live  bool   // the session began or went on
	Pause bool   // Discord asks for a wait of 1 to 5 s

	Lasted time.Duration // from the handshake on
}

// Socket makes connections, one at a time.
type Socket struct {
	cfg   Config
	hooks Hooks
	log   *slog.Logger
}

// New makes a socket.
func New(cfg Config, hooks Hooks, log *slog.Logger) *Socket {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Random == nil {
		cfg.Random = rand.Float64
	}
	return &Socket{cfg, hooks, log}
}

// Run is the life of one connection to a gateway URL. When ctx ends it leaves such that the session can be resumed.
func (s *Socket) Run(ctx context.Context, gateway string, session Session) End {
	address, err := wire.Address(gateway)
	if err == nil && !s.safe(address) {
		err = fmt.Errorf("dial %.200s: it is not encrypted, and the token would be readable", gateway)
	}
	if err != nil {
		return End{Next: wire.ThenResume, Cause: "dial", Err: err, Seq: session.Seq}
	}
	conn, err := s.dial(ctx, address)
	switch {
	case ctx.Err() != nil:
		if conn != nil {
			conn.CloseNow()
		}
		return End{Next: wire.ThenStop, Cause: "stopped", Seq: session.Seq}
	case err != nil:
		return End{Next: wire.ThenResume, Cause: "dial", Err: err, Seq: session.Seq}
	}
	return s.live(ctx, conn, session)
}

// safe reports whether the token may be sent to an address.
func (s *Socket) safe(address string) bool { return !s.cfg.Secure || wire.Encrypted(address) }

func (s *Socket) dial(ctx context.Context, address string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Limits.Dial)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: s.cfg.HTTP})
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	conn.SetReadLimit(s.cfg.Limits.Message)
	return conn, nil
}

// errLeft is what is said of the connections that we leave ourselves.
var errLeft = errors.New("left")
