// Package discord asks Discord's REST API the one question a gateway has: where to connect, with how many shards, and how often.
//
// Source: https://discord.com/developers/docs/events/gateway#get-gateway-bot. The only call is GET /gateway/bot; rate limits of other
// routes are the concern of services/rest.
package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"antiraid/gateway/internal/setting"
	"antiraid/gateway/internal/wire"
	"antiraid/shared/config"
)

// Info is what Discord says about the bot's gateway.
type Info struct {
	URL         string        // to connect to
	Shards      int           // recommended number
	Remaining   int           // sessions that may still be begun
	Total       int           // of so many
	ResetAfter  time.Duration // until Remaining is Total again
	Concurrency int           // sessions that may be begun in 5 s; at least 1
}

// ErrRefused says that Discord will never answer with these settings.
var ErrRefused = errors.New("refused")

// fresh is how long an answer is good: many shards begin at once, and each asks first.
const fresh = 5 * time.Second

// Client asks for one bot.
type Client struct {
	api   string
	token config.Secret
	http  *http.Client

	mu   sync.Mutex
	last Info
	at   time.Time
}

// New makes a client for the API at a base URL such as https://discord.com/api/v10.
func New(api string, token config.Secret, client *http.Client) (*Client, error) {
	u, err := url.Parse(api)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, &setting.Error{Key: "api", Before: "read ", After: fmt.Sprintf(" %.200q: want a URL such as https://discord.com/api/v10", api)}
	}
	if client == nil {
		client = http.DefaultClient
	}
	return &Client{api: strings.TrimSuffix(api, "/"), token: token, http: client}, nil
}

// Info asks, or repeats an answer that is less than 5 s old.
func (c *Client) Info(ctx context.Context) (Info, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.at.IsZero() && time.Since(c.at) < fresh {
		return c.last, nil
	}
	info, err := c.ask(ctx)
	if err != nil {
		return Info{}, fmt.Errorf("ask %s/gateway/bot: %w", c.api, err)
	}
	c.last, c.at = info, time.Now()
	return info, nil
}

func (c *Client) ask(ctx context.Context) (Info, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api+"/gateway/bot", nil)
	if err != nil {
		return Info{}, err
	}
	req.Header.Set("Authorization", "Bot "+strings.TrimPrefix(c.token.Reveal(), "Bot "))
	req.Header.Set("User-Agent", "DiscordBot (https://antiraid.xyz, 1)")
	res, err := c.http.Do(req)
	if err != nil {
		return Info{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return Info{}, err
	}
	switch {
	case res.StatusCode == http.StatusUnauthorized:
		return Info{}, fmt.Errorf("%w: %w", ErrRefused, setting.BadToken())
	case res.StatusCode != http.StatusOK:
		return Info{}, fmt.Errorf("answered %s", res.Status)
	}
	return c.read(body)
}

// read checks the answer: an address that would carry the token in the clear is not used for an API that would not.
func (c *Client) read(body []byte) (Info, error) {
	var b discordgo.GatewayBotResponse
	if err := json.Unmarshal(body, &b); err != nil {
		return Info{}, fmt.Errorf("read the answer: %w", err)
	}
	address, err := wire.Address(b.URL)
	if err != nil {
		return Info{}, err
	}
	if !strings.HasPrefix(c.api, "http:") && !wire.Encrypted(address) {
		return Info{}, fmt.Errorf("the answer names %.200q, which is not encrypted", b.URL)
	}
	l := b.SessionStartLimit
	return Info{
		URL: b.URL, Shards: max(b.Shards, 1), Remaining: l.Remaining, Total: l.Total,
		ResetAfter: time.Duration(l.ResetAfter) * time.Millisecond, Concurrency: max(l.MaxConcurrency, 1),
	}, nil
}
