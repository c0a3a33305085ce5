// Package gatewaytest is a Discord that does what a test tells it, frame by frame: a websocket server and GET /gateway/bot.
//
// [Start] listens on a real socket. [StartInBubble] speaks over pipes in memory, so that a test inside testing/synctest has a clock of its own.
package gatewaytest

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// Server is one such Discord.
type Server struct {
	t      testing.TB
	client *http.Client
	api    string
	conns  chan *Conn

	mu   sync.Mutex
	info Info
	asks int
}

// Info is the answer of GET /gateway/bot.
type Info struct {
	Status      int // 0: 200
	URL         string
	Shards      int
	Remaining   int
	ResetAfter  int // milliseconds
	Concurrency int
}

// Start listens on a free port of 127.0.0.1 until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return start(t, l, l.Addr().String(), &http.Client{Transport: &http.Transport{}})
}

// StartInBubble needs no socket: whatever address is dialled with Client reaches it, a wss:// one without any encryption.
func StartInBubble(t testing.TB) *Server {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	return start(t, l, "discord.test", &http.Client{Transport: &http.Transport{DialContext: l.dial, DialTLSContext: l.dial}})
}

func start(t testing.TB, l net.Listener, host string, client *http.Client) *Server {
	s := &Server{t: t, client: client, api: "http://" + host + "/api/v10", conns: make(chan *Conn, 64)}
	s.info = Info{URL: "ws://" + host, Shards: 1, Remaining: 1000, Concurrency: 1}
	ctx, cancel := context.WithCancel(context.Background())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v10/gateway/bot", s.bot)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.socket(ctx, w, r) })
	h := &http.Server{Handler: mux}
	var all sync.WaitGroup
	all.Go(func() { h.Serve(l) })
	t.Cleanup(func() {
		cancel()
		h.Close()
		client.CloseIdleConnections()
		all.Wait()
	})
	return s
}

// API is the base URL of the REST API.
func (s *Server) API() string { return s.api }

// URL is the gateway's URL; paths may be appended.
func (s *Server) URL() string { return s.Info().URL }

// Client dials this server.
func (s *Server) Client() *http.Client { return s.client }

// Info is what GET /gateway/bot answers.
func (s *Server) Info() Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info
}

// Set changes what GET /gateway/bot answers.
func (s *Server) Set(change func(*Info)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.info)
}

// Asks is how often GET /gateway/bot was called.
func (s *Server) Asks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks
}

func (s *Server) bot(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asks++
	if s.info.Status != 0 {
		w.WriteHeader(s.info.Status)
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"url": s.info.URL, "shards": s.info.Shards, "session_start_limit": map[string]int{
		"total": 1000, "remaining": s.info.Remaining, "reset_after": s.info.ResetAfter, "max_concurrency": s.info.Concurrency,
	}})
}

func (s *Server) socket(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	ws.SetReadLimit(1 << 20)
	c := &Conn{t: s.t, ws: ws, Path: r.URL.Path, Query: r.URL.RawQuery, sent: make(chan Sent, 1024), closed: make(chan int, 1)}
	s.conns <- c
	c.read(ctx)
}

// Accept is the next connection.
func (s *Server) Accept() *Conn {
	s.t.Helper()
	select {
	case c := <-s.conns:
		return c
	case <-s.t.Context().Done():
		s.t.Fatal("nobody connected")
		return nil
	}
}

// Waiting is the number of connections that were made and not yet accepted.
func (s *Server) Waiting() int { return len(s.conns) }

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }
