// Package discordtest is an HTTP server for rest's tests that answers like Discord, as far as rest asks, and fails on command.
//
// It keeps messages by nonce, so that a repeated one is seen once, and notes every request in the order of arrival.
package discordtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Call is a request that arrived.
type Call struct {
	Line   string // method and escaped path
	Header http.Header
	Body   string
}

// Fault answers a request in place of the server. perform does what the request asks for without answering.
type Fault func(w http.ResponseWriter, r *http.Request, perform func())

// Server is one Discord.
type Server struct {
	URL string

	mu       sync.Mutex
	channels map[string]string // id → JSON
	faults   map[string][]Fault
	calls    []Call
	nonces   map[string]string // nonce → message JSON
	messages []string          // content, in order of creation
	reacted  chan struct{}     // closed and replaced with every call
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	s := &Server{channels: map[string]string{}, faults: map[string][]Fault{}, nonces: map[string]string{}, reacted: make(chan struct{})}
	h := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Channel makes a guild's channel.
func (s *Server) Channel(id, guild string) {
	s.channel(id, fmt.Sprintf(`{"id":%q,"type":0,"guild_id":%q}`, id, guild))
}

// Direct makes a direct channel with users.
func (s *Server) Direct(id string, users ...string) {
	kind, list := 1, []string{}
	if len(users) != 1 {
		kind = 3
	}
	for _, u := range users {
		list = append(list, fmt.Sprintf(`{"id":%q,"username":"u"}`, u))
	}
	s.channel(id, fmt.Sprintf(`{"id":%q,"type":%d,"recipients":[%s]}`, id, kind, strings.Join(list, ",")))
}

func (s *Server) channel(id, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id] = data
}

// Fail answers the next requests of a line (method and escaped path) by these faults, one each.
func (s *Server) Fail(line string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[line] = append(s.faults[line], faults...)
}

// Calls are the requests so far; with a prefix only those whose line begins with it.
func (s *Server) Calls(prefix string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.calls), func(c Call) bool { return !strings.HasPrefix(c.Line, prefix) })
}

// Messages are the contents of the messages that exist, in the order of their creation.
func (s *Server) Messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Await returns when n requests of a line's prefix have arrived.
func (s *Server) Await(t testing.TB, prefix string, n int) {
	t.Helper()
	for {
		s.mu.Lock()
		reacted := s.reacted
		s.mu.Unlock()
		if len(s.Calls(prefix)) >= n {
			return
		}
		select {
		case <-reacted:
		case <-t.Context().Done():
			t.Fatalf("%d requests %s arrived, want %d", len(s.Calls(prefix)), prefix, n)
		}
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	line := r.Method + " " + r.URL.EscapedPath()
	s.mu.Lock()
	s.calls = append(s.calls, Call{line, r.Header.Clone(), string(body)})
	close(s.reacted)
	s.reacted = make(chan struct{})
	var fault Fault
	if f := s.faults[line]; len(f) > 0 {
		fault, s.faults[line] = f[0], f[1:]
	}
	s.mu.Unlock()
	if fault != nil {
		fault(w, r, func() { s.answer(httptest.NewRecorder(), line, body) })
		return
	}
	s.answer(w, line, body)
}

func (s *Server) answer(w http.ResponseWriter, line string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	method, path, _ := strings.Cut(line, " ")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case method == "GET" && parts[0] == "channels" && len(parts) == 2:
		if c, ok := s.channels[parts[1]]; ok {
			Reply(w, http.StatusOK, c)
			return
		}
		Reply(w, http.StatusNotFound, `{"code":10003,"message":"Unknown Channel"}`)
	case method == "POST" && strings.HasSuffix(path, "/messages"):
		Reply(w, http.StatusOK, s.create(parts[1], body))
	case method == "GET":
		Reply(w, http.StatusOK, `{"user":{"id":"5"},"roles":[]}`)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Server) create(channel string, body []byte) string {
	var m struct {
		Content      string `json:"content"`
		Nonce        string `json:"nonce"`
		EnforceNonce bool   `json:"enforce_nonce"`
	}
	json.Unmarshal(body, &m)
	if old, ok := s.nonces[m.Nonce]; ok && m.EnforceNonce {
		return old
	}
	s.messages = append(s.messages, m.Content)
	data := fmt.Sprintf(`{"id":"%d","channel_id":%q,"content":%q}`, 1000+len(s.messages), channel, m.Content)
	s.nonces[m.Nonce] = data
	return data
}

// Reply answers with JSON; headers are pairs.
func Reply(w http.ResponseWriter, status int, body string, headers ...string) {
	w.Header().Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		w.Header().Set(headers[i], headers[i+1])
	}
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// Answer is a fault that replies without doing anything.
func Answer(status int, body string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func()) { Reply(w, status, body, headers...) }
}

// PerformThen is a fault that does what was asked for, then replies otherwise.
func PerformThen(status int, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, perform func()) {
		perform()
		Reply(w, status, body)
	}
}

// PerformThenHangUp is a fault that does what was asked for and ends the connection without an answer.
func PerformThenHangUp(w http.ResponseWriter, _ *http.Request, perform func()) {
	perform()
	HangUp(w, nil, nil)
}

// HangUp is a fault that ends the connection without an answer.
func HangUp(w http.ResponseWriter, _ *http.Request, _ func()) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}
