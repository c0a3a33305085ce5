// Package guard says whether a channel is a tenant's, by asking Discord what the channel is.
//
// A guild's channels are those that carry its id, threads included; a user's only channel is the direct one between them and the bot.
// Answers are remembered for a time, in bounded memory: a channel never changes hands, so only its absence can be out of date. That is
// believed for [Absent] only, so that giving the bot access helps at once.
package guard

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"
	lru "github.com/hashicorp/golang-lru/v2"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/request"
	"antiraid/shared/outcome"
	"antiraid/shared/tenant"
)

// Absent is how long a channel that the bot cannot see is not asked for again: each 403 counts towards Discord's ban and its tenant's limit.
const Absent = 20 * time.Second

// Config bounds what is remembered.
type Config struct {
	Channels int           // how many channels
	TTL      time.Duration // for how long; what the bot cannot see for [Absent] at most
}

// discord is as much of package api as is used.
type discord interface {
	Do(ctx context.Context, r request.Request, before func(context.Context) error) (api.Answer, error)
}

// Guard answers for channels.
type Guard struct {
	ttl     time.Duration
	discord discord
	owners  *lru.Cache[string, owner]
}

// owner is whose a channel is; the zero tenant: nobody's that we know.
type owner struct {
	tenant tenant.ID
	asked  time.Time
}

// New makes a Guard.
func New(cfg Config, d discord) (*Guard, error) {
	owners, err := lru.New[string, owner](cfg.Channels)
	if err != nil {
		return nil, fmt.Errorf("make a cache of %d channels: %w", cfg.Channels, err)
	}
	return &Guard{cfg.TTL, d, owners}, nil
}

// Check returns nil when every channel is the tenant's, an [outcome.Reject] when one is not, and any other error when it cannot be known now.
// What does not exist, what the bot cannot see and what is somebody else's all read the same: nothing is told about strangers' channels.
func (g *Guard) Check(ctx context.Context, t tenant.ID, channels []string) error {
	for _, id := range channels {
		o, err := g.owner(ctx, t, id)
		if err != nil {
			return fmt.Errorf("see whose channel %s is: %w", id, err)
		}
		if o != t {
			return outcome.Reject(fmt.Errorf("channel %s is not a channel of this %s that the bot can see", id, t.Kind()))
		}
	}
	return nil
}

func (g *Guard) owner(ctx context.Context, t tenant.ID, id string) (tenant.ID, error) {
	if o, ok := g.owners.Get(id); ok && time.Since(o.asked) < g.believed(o) {
		return o.tenant, nil
	}
	answer, err := g.discord.Do(ctx, request.Channel(id, t), nil)
	if err != nil {
		return tenant.ID{}, err
	}
	var o tenant.ID
	switch answer.Status {
	case http.StatusOK:
		if o, err = ownerOf(answer.Body); err != nil {
			return tenant.ID{}, err
		}
	case http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest:
	default:
		return tenant.ID{}, fmt.Errorf("answered by Discord with %d", answer.Status)
	}
	g.owners.Add(id, owner{o, time.Now()})
	return o, nil
}

// believed is how long an answer is good.
func (g *Guard) believed(o owner) time.Duration {
	if o.tenant == (tenant.ID{}) {
		return min(g.ttl, Absent)
	}
	return g.ttl
}

func ownerOf(body []byte) (tenant.ID, error) {
	var c discordgo.Channel
	if err := json.Unmarshal(body, &c); err != nil {
		return tenant.ID{}, fmt.Errorf("read the channel: %w", err)
	}
	switch {
	case c.GuildID != "":
		return parse(tenant.Guild, c.GuildID)
	case c.Type == discordgo.ChannelTypeDM && len(c.Recipients) == 1 && c.Recipients[0] != nil:
		return parse(tenant.User, c.Recipients[0].ID)
	}
	return tenant.ID{}, nil
}

func parse(kind tenant.Kind, id string) (tenant.ID, error) {
	n, err := tenant.ParseSnowflake(id)
	if err != nil {
		return tenant.ID{}, err
	}
	return tenant.New(kind, n)
}
