package chaos

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"antiraid/services/lab/internal/history"
	"antiraid/services/lab/internal/stage"
	"antiraid/services/simulator"
	"antiraid/shared/tenant"
)

// The template and its events.
const (
	templateName = "count"
	counted      = "MESSAGE_CREATE"
	asked        = "MESSAGE_UPDATE"
)

//go:embed template.lua
var templateSource string

// Ids of the tenants and their channels begin here.
const (
	firstGuild   = 930000000000000001
	firstChannel = 940000000000000001
)

// try is how long one publication may take before it is repeated; again is the pause before.
const (
	try   = 2 * time.Second
	again = 50 * time.Millisecond
)

// client is a tenant to whom events happen.
type client struct {
	id      tenant.ID
	guild   simulator.ID
	channel simulator.ID
	stage   *stage.Stage

	deploying sync.Mutex

	mu      sync.Mutex
	acked   int // events 1 to acked are stored
	deploys []history.Deploy
	flooded time.Time // until when events come without pause
}

func newClients(n int) (list []*client, err error) {
	for i := range n {
		id, err := tenant.New(tenant.Guild, firstGuild+uint64(i))
		if err != nil {
			return nil, err
		}
		list = append(list, &client{id: id, guild: simulator.ID(firstGuild + i), channel: simulator.ID(firstChannel + i)})
	}
	return list, nil
}

// insist repeats fn until it succeeds or ctx ends.
func insist(ctx context.Context, fn func(context.Context) error) error {
	for {
		within, cancel := context.WithTimeout(ctx, try)
		err := fn(within)
		cancel()
		if err == nil {
			return nil
		}
		if !sleep(ctx, again) {
			return fmt.Errorf("%w; the last attempt: %v", ctx.Err(), err)
		}
	}
}

// deploy gives the client the next version of its template. Every version has a source of its own, which says its number.
func (c *client) deploy(ctx context.Context) error {
	c.deploying.Lock()
	defer c.deploying.Unlock()
	version := uint64(len(c.deploys) + 1)
	source := strings.ReplaceAll(templateSource, "VERSION", strconv.FormatUint(version, 10))
	t := stage.Template{Name: templateName, Source: source, Events: []string{counted, asked}}
	if err := insist(ctx, func(ctx context.Context) error { return c.stage.Deploy(ctx, c.id, version, t) }); err != nil {
		return fmt.Errorf("deploy version %d of %s: %w", version, c.id, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	after := 0 // the first version is there before any event
	if version > 1 {
		after = c.acked + 1 // one may have been on its way
	}
	c.deploys = append(c.deploys, history.Deploy{Tenant: c.id.String(), Version: version, After: after})
	return nil
}

// run publishes the client's events one after another until stopping is closed, the one that was begun included.
func (c *client) run(ctx context.Context, rate float64, stopping <-chan struct{}) error {
	for n := 1; ; n++ {
		if err := c.publish(ctx, counted, n); err != nil {
			return err
		}
		c.mu.Lock()
		c.acked = n
		pause := time.Duration((0.5 + rand.Float64()) * float64(time.Second) / rate)
		if time.Now().Before(c.flooded) {
			pause = 0
		}
		c.mu.Unlock()
		select {
		case <-stopping:
			return nil
		case <-time.After(pause):
		}
	}
}

// publish stores an event. One whose storing was not heard of is sent again as the same event.
func (c *client) publish(ctx context.Context, typ string, n int) error {
	payload, err := json.Marshal(map[string]any{
		"n": n, "id": strconv.Itoa(1191000000000000000 + n), "content": fmt.Sprint(c.id, " ", n),
		"channel_id": c.channel.String(), "guild_id": c.id.Snowflake(),
		"author": map[string]any{"id": "1100000000000000002", "username": "someone"},
	})
	if err != nil {
		return fmt.Errorf("encode event %d of %s: %w", n, c.id, err)
	}
	err = insist(ctx, func(ctx context.Context) error {
		_, err := c.stage.Bus.PublishEvent(ctx, c.id, typ, fmt.Sprintf("%s.%s.%d", c.id, typ, n), payload)
		return err
	})
	if err != nil {
		return fmt.Errorf("publish event %d of %s: %w", n, c.id, err)
	}
	return nil
}

// flood lets events come without pause for some time.
func (c *client) flood(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flooded = time.Now().Add(d)
}

// stored is how many events are.
func (c *client) stored() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.acked
}
