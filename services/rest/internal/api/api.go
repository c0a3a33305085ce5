// Package api sends requests to Discord's HTTP API, each once, under the rate limits.
//
// It is net/http with discordgo's endpoints and types, not discordgo's Session: that one's limiter cannot be left out, keys buckets by
// route, sleeps without regard to a context, and has no room for a nonce. Nothing is retried here and no redirect is followed; an answer
// is read up to a size. A request that has left is not cut off with the caller's context, only a while later: its fate would be unknown.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/request"
	"antiraid/shared/config"
)

// MaxAnswer is how much of an answer is read, in bytes.
const MaxAnswer = 256 << 10

// Config says where Discord is and who asks.
type Config struct {
	URL       string        // the API's address with its version, such as https://discord.com/api/v10
	Token     config.Secret // the bot's
	UserAgent string        // Discord wants `DiscordBot (url, version)`
	Timeout   time.Duration // of one request, from the call of before to the end of the answer
	Drain     time.Duration // how long a request may go on after the caller's context has ended
}

// Client sends requests.
type Client struct {
	cfg    Config
	http   *http.Client
	limits *limit.Limiter
	count  func(status int)
}

// New makes a Client. It calls count (when not nil) with the status of each answer, 0 for none.
func New(cfg Config, limits *limit.Limiter, count func(status int)) *Client {
	if count == nil {
		count = func(int) {}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	transport.MaxResponseHeaderBytes = 64 << 10
	return &Client{cfg: cfg, limits: limits, count: count, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Answer is what Discord said: any status, and a body that is JSON or nothing.
type Answer struct {
	Status int
	Body   json.RawMessage
}

// NoAnswer is the error of a request that got none.
type NoAnswer struct {
	Sent bool // it may have reached Discord and been performed
	Err  error
}

func (e *NoAnswer) Error() string { return e.Err.Error() }
func (e *NoAnswer) Unwrap() error { return e.Err }

// Do waits for the rate limits, calls before (when not nil), then sends the request. ctx bounds the wait only.
// An error is a *[NoAnswer] once the request was sent or tried; before that it is the limits', the context's or before's own.
func (c *Client) Do(ctx context.Context, r request.Request, before func(context.Context) error) (Answer, error) {
	permit, err := c.limits.Acquire(ctx, limit.Route{Name: r.Route, Major: r.Major, Callback: r.Callback, Payer: r.Payer.String()})
	if err != nil {
		return Answer{}, err
	}
	deadline := time.Now().Add(c.cfg.Timeout) // from here: a process that is paused after before must not send much later
	if before != nil {
		if err := before(ctx); err != nil {
			permit.Cancel()
			return Answer{}, err
		}
	}
	answer, err := c.send(ctx, r, deadline)
	if err != nil {
		permit.Done(nil)
		c.count(0)
		return Answer{}, fmt.Errorf("%s: %w", r.Route, err)
	}
	permit.Done(answer)
	c.count(answer.Status)
	return Answer{answer.Status, onlyJSON(answer.Body)}, nil
}

func (c *Client) send(ctx context.Context, r request.Request, deadline time.Time) (*limit.Answer, error) {
	caller := ctx
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	defer context.AfterFunc(caller, func() { time.AfterFunc(c.cfg.Drain, cancel) })()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, r.Method, c.cfg.URL+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return nil, &NoAnswer{Err: err}
	}
	c.head(req, r)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, &NoAnswer{Sent: sent.Load(), Err: withoutURL(err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxAnswer+1))
	if err != nil {
		return nil, &NoAnswer{Sent: true, Err: fmt.Errorf("read the answer: %w", err)}
	}
	if len(body) > MaxAnswer {
		body = nil
	}
	return &limit.Answer{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

func (c *Client) head(req *http.Request, r request.Request) {
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	if !r.Callback {
		req.Header.Set("Authorization", "Bot "+c.cfg.Token.Reveal())
	}
	if r.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.Reason != "" {
		req.Header.Set("X-Audit-Log-Reason", url.PathEscape(r.Reason))
	}
}

// withoutURL drops the address from an error: an interaction's token is in it.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// onlyJSON keeps a body that can be stored inside a JSON document: a proxy's page is kept as a string, cut short.
func onlyJSON(body []byte) json.RawMessage {
	switch {
	case len(body) == 0:
		return nil
	case json.Valid(body):
		return body
	}
	text, err := json.Marshal(string(body[:min(len(body), 1024)]))
	if err != nil {
		return nil
	}
	return text
}
