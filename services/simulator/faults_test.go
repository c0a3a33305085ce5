package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"antiraid/services/simulator"
)

const createMessage = "/channels/{channel}/messages"

// upload posts a message with a file.
func (b *bot) upload(path, form, name, content string) simulator.Message {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("payload_json", form)
	part := must(w.CreateFormFile("files[0]", name))
	io.WriteString(part, content)
	w.Close()
	b.edit = func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
		r.Header.Set("Content-Type", w.FormDataContentType())
	}
	defer func() { b.edit = nil }()
	return as[simulator.Message](b.t, b.want(200, "POST", path, form).body)
}

// TestServerErrorAfterTheDeed is why nonces exist: the answer is lost, the message is there.
func TestServerErrorAfterTheDeed(t *testing.T) {
	s := free(t)
	s.REST().Spoil(simulator.Fault{Method: "POST", Route: createMessage, Status: 502, Apply: true})
	form := map[string]any{"content": "once", "nonce": "n", "enforce_nonce": true}
	if a, err := s.bot.try("POST", s.messages, form); err != nil || a.status != 502 {
		t.Fatalf("got %d, %v", a.status, err)
	}
	s.bot.want(200, "POST", s.messages, form)
	if all := as[[]simulator.Message](t, s.bot.want(200, "GET", s.messages, nil).body); len(all) != 1 {
		t.Errorf("%d messages were made, want 1", len(all))
	}
	r := s.Journal().All()[0]
	if r.Status != 502 || !r.Applied || !r.Fault {
		t.Errorf("the journal has %+v, want a fault that was applied", r)
	}
}

func TestFaults(t *testing.T) {
	s := free(t)
	for name, c := range map[string]struct {
		fault  simulator.Fault
		status int
		header map[string]string
	}{
		"error":      {simulator.Fault{}, 500, nil},
		"user":       {simulator.Fault{Scope: "user", RetryAfter: 1500 * time.Millisecond}, 429, map[string]string{"X-RateLimit-Scope": "user", "Retry-After": "2", "X-RateLimit-Limit": "5"}},
		"shared":     {simulator.Fault{Scope: "shared", RetryAfter: time.Minute}, 429, map[string]string{"X-RateLimit-Scope": "shared", "Retry-After": "60", "X-RateLimit-Limit": "5"}},
		"global":     {simulator.Fault{Scope: "global", RetryAfter: time.Second}, 429, map[string]string{"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true", "X-RateLimit-Limit": ""}},
		"cloudflare": {simulator.Fault{Scope: "cloudflare"}, 429, map[string]string{"X-RateLimit-Scope": "", "Content-Type": "text/html; charset=UTF-8"}},
		"garbage":    {simulator.Fault{Status: 200, Body: "<html>"}, 200, nil},
	} {
		c.fault.Route = createMessage
		s.REST().Spoil(c.fault)
		a, err := s.bot.try("POST", s.messages, text(name))
		if err != nil || a.status != c.status {
			t.Errorf("%s: got %d, %v, want %d", name, a.status, err, c.status)
		}
		for header, want := range c.header {
			if got := a.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
	}
	s.REST().Spoil(simulator.Fault{Status: 502, Apply: true})
	s.bot.token = "wrong"
	if a, err := s.bot.try("POST", s.messages, text("by a stranger")); err != nil || a.status != 502 {
		t.Errorf("a stranger got %d, %v", a.status, err)
	}
	s.bot.token = s.Token().Reveal()
	s.REST().Spoil(simulator.Fault{Cut: true, Apply: true})
	if a, err := s.bot.try("POST", s.messages, text("cut")); err == nil {
		t.Errorf("a cut connection answered %d", a.status)
	}
	if all := as[[]simulator.Message](t, s.bot.want(200, "GET", s.messages, nil).body); len(all) != 1 || all[0].Content != "cut" {
		t.Errorf("messages are %v, want only the one that was applied", all)
	}
	s.REST().Spoil(simulator.Fault{Times: -1})
	s.bot.try("GET", "/gateway", nil)
	s.REST().Mend()
	s.bot.want(200, "GET", "/gateway", nil)
}

func TestJournalIsFollowedOverHTTP(t *testing.T) {
	s := free(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req := must(http.NewRequestWithContext(ctx, "GET", s.URL()+"/simulator/journal?follow=1", nil))
	res := must(http.DefaultClient.Do(req))
	defer res.Body.Close()
	lines := json.NewDecoder(res.Body)
	for i, content := range []string{"one", "two"} {
		s.bot.want(200, "POST", s.messages, text(content))
		var r simulator.Request
		if err := lines.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if r.Number != i || r.Guild != simulator.SampleGuild || !strings.Contains(string(r.Body), content) || r.Status != 200 {
			t.Errorf("line %d is %+v", i, r)
		}
	}
}
