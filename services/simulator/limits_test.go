package simulator_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"antiraid/services/simulator"
)

func reasoned(reason string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("X-Audit-Log-Reason", reason) }
}

func TestBuckets(t *testing.T) {
	clock := newClock()
	s := newScene(t, simulator.Config{Now: clock.now})
	hash := ""
	for i := range 5 {
		a := s.bot.want(200, "POST", s.messages, text("x"))
		if a.header.Get("X-RateLimit-Limit") != "5" || a.header.Get("X-RateLimit-Remaining") != strconv.Itoa(4-i) {
			t.Fatalf("message %d: limit %s, remaining %s", i, a.header.Get("X-RateLimit-Limit"), a.header.Get("X-RateLimit-Remaining"))
		}
		hash = a.header.Get("X-RateLimit-Bucket")
		clock.pass(time.Second)
	}
	clock.pass(-time.Second)
	a := s.bot.want(429, "POST", s.messages, text("x"))
	body := as[struct {
		RetryAfter float64 `json:"retry_after"`
		Global     bool
	}](t, a.body)
	if body.RetryAfter != 1 || body.Global || a.header.Get("Retry-After") != "1" || a.header.Get("X-RateLimit-Scope") != "user" ||
		a.header.Get("X-RateLimit-Reset-After") != "1.000" || a.header.Get("X-RateLimit-Bucket") != hash {
		t.Errorf("the sixth message got %v %s", a.header, a.body)
	}
	other := must(s.World().AddChannel(simulator.SampleGuild, simulator.Channel{Name: "other"}))
	if a := s.bot.want(200, "POST", fmt.Sprintf("/channels/%d/messages", other.ID), text("x")); a.header.Get("X-RateLimit-Bucket") != hash {
		t.Error("the hash changes with the channel")
	}
	clock.pass(time.Second)
	s.bot.want(200, "POST", s.messages, text("x"))
}

func TestGlobalLimit(t *testing.T) {
	clock := newClock()
	s := newScene(t, simulator.Config{Now: clock.now, GlobalPerSecond: 3})
	in := must(s.World().Interact(simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true}))
	for range 3 {
		s.bot.want(200, "GET", "/users/@me", nil)
	}
	a := s.bot.want(429, "GET", s.guild, nil)
	if a.header.Get("X-RateLimit-Global") != "true" || a.header.Get("X-RateLimit-Scope") != "global" {
		t.Errorf("a global 429 has %v", a.header)
	}
	for name := range a.header {
		if strings.HasPrefix(name, "X-Ratelimit-") && name != "X-Ratelimit-Global" && name != "X-Ratelimit-Scope" {
			t.Errorf("a global 429 has the bucket header %s", name)
		}
	}
	s.bot.want(204, "POST", fmt.Sprintf("/interactions/%d/%s/callback", in.ID, in.Token), map[string]any{"type": 5})
	clock.pass(time.Second)
	s.bot.want(200, "GET", "/users/@me", nil)
}

func TestTooManyInvalidRequestsBlockTheAddress(t *testing.T) {
	clock := newClock()
	s := newScene(t, simulator.Config{Now: clock.now, InvalidLimit: 3})
	s.bot.token = "wrong"
	for range 3 {
		if a := s.bot.want(401, "GET", "/users/@me", nil); string(a.body) != `{"code":0,"message":"401: Unauthorized"}` {
			t.Errorf("a bad token got %s", a.body)
		}
	}
	s.bot.token = s.Token().Reveal()
	clock.pass(10 * time.Minute)
	s.REST().Spoil(simulator.Fault{Scope: "shared", RetryAfter: time.Second, Times: 5}) // these do not count
	for range 5 {
		s.bot.want(429, "GET", "/users/@me", nil)
	}
	s.bot.want(200, "GET", "/users/@me", nil)
	s.REST().Spoil(simulator.Fault{Scope: "user", RetryAfter: time.Second, Times: 3})
	for range 3 {
		s.bot.want(429, "GET", "/users/@me", nil)
	}
	a := s.bot.do("GET", "/users/@me", nil)
	if a.status != 429 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.header.Get("X-RateLimit-Scope") != "" {
		t.Errorf("a blocked address got %d %v", a.status, a.header)
	}
	clock.pass(10 * time.Minute)
	s.bot.want(200, "GET", "/users/@me", nil)
}

func TestDoor(t *testing.T) {
	s := free(t)
	for name, c := range map[string]struct {
		edit         func(*http.Request)
		status, code int
	}{
		"no token":       {func(r *http.Request) { r.Header.Del("Authorization") }, 401, 0},
		"no Bot":         {func(r *http.Request) { r.Header.Set("Authorization", s.Token().Reveal()) }, 401, 0},
		"no agent":       {func(r *http.Request) { r.Header.Set("User-Agent", "curl/8") }, 403, 40333},
		"no form":        {func(r *http.Request) { r.Header.Del("Content-Type") }, 400, 50035},
		"other version":  {func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "v10", "v6", 1) }, 400, 50041},
		"unknown route":  {func(r *http.Request) { r.URL.Path += "/a/b/c" }, 404, 0},
		"unknown method": {func(r *http.Request) { r.Method = http.MethodPut }, 405, 0},
	} {
		s.bot.edit = c.edit
		a, err := s.bot.try("POST", s.messages, text("x"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if a.status != c.status || a.code() != c.code {
			t.Errorf("%s: got %d %s, want %d with code %d", name, a.status, a.body, c.status, c.code)
		}
	}
	s.bot.edit = func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "v10", "v9", 1) }
	s.bot.want(200, "POST", s.messages, text("version 9 is served too"))
}
