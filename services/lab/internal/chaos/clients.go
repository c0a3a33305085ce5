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
	"antiraid/shared/event"
	"antiraid/shared/tenant"
)

// The template and its events. Messages and clicks have lanes of their own.
const (
	templateName = "count"
	messages     = "MESSAGE_CREATE"
	clicks       = event.Interaction
	asked        = "MESSAGE_UPDATE"
)

//go:embed template.lua
var templateSource string

// Ids of the tenants and their channels begin here.
const (
	firstGuild   = 930000000000000001
	firstChannel = 940000000000000001
)

// flooding is the pause between two events of a flood: more of them wait than a lane holds, and the effects can still be performed in time.
const flooding = 2 * time.Millisecond

// try is how long one publication may take before it is repeated; again is the pause before.
const (
	try   = 2 * time.Second
	again = 50 * time.Millisecond
)

// client is a tenant to whom events happen, in flows that do not wait for each other.
type client struct {
	id    tenant.ID
	guild simulator.ID
	stage *stage.Stage
	flows []*flow

	deploying sync.Mutex
	version   uint64

	mu      sync.Mutex
	deploys []history.Deploy
	flooded time.Time // until when events come in a flood
}

// flow is events of one type, each with the next number, from 1, and the channel that tells of them.
type flow struct {
	*client
	typ     string
	channel simulator.ID
	rate    float64 // part of the rate that is asked for
	acked   int     // events 1 to acked are stored; guarded by the client's mu
}

// String names the flow in a history: the tenant, and what follows a slash.
func (f *flow) String() string { return flowName(f.id, f.typ) }

func flowName(t tenant.ID, typ string) string {
	if typ == clicks {
		return t.String() + "/clicks"
	}
	return t.String()
}

func newClients(n int) (list []*client, err error) {
	for i := range n {
		id, err := tenant.New(tenant.Guild, firstGuild+uint64(i))
		if err != nil {
			return nil, err
		}
		c := &client{id: id, guild: simulator.ID(firstGuild + i)}
		c.flows = []*flow{
			{client: c, typ: messages, channel: simulator.ID(firstChannel + 2*i), rate: 0.75},
			{client: c, typ: clicks, channel: simulator.ID(firstChannel + 2*i + 1), rate: 0.25},
		}
		list = append(list, c)
	}
	return list, nil
}

// flowsOf are all flows.
func flowsOf(clients []*client) (list []*flow) {
	for _, c := range clients {
		list = append(list, c.flows...)
	}
	return list
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
	c.version++
	source := strings.ReplaceAll(templateSource, "VERSION", strconv.FormatUint(c.version, 10))
	t := stage.Template{Name: templateName, Source: source, Events: []string{messages, clicks, asked}}
	if err := insist(ctx, func(ctx context.Context) error { return c.stage.Deploy(ctx, c.id, c.version, t) }); err != nil {
		return fmt.Errorf("deploy version %d of %s: %w", c.version, c.id, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.flows {
		after := 0 // the first version is there before any event
		if c.version > 1 {
			after = f.acked + 1 // one may have been on its way
		}
		c.deploys = append(c.deploys, history.Deploy{Tenant: f.String(), Version: c.version, After: after})
	}
	return nil
}

// run publishes the flow's events one after another until stopping is closed, the one that was begun included.
func (f *flow) run(ctx context.Context, rate float64, stopping <-chan struct{}) error {
	for n := 1; ; n++ {
		if err := f.publish(ctx, f.typ, n, f.channel); err != nil {
			return err
		}
		f.mu.Lock()
		f.acked = n
		pause := time.Duration((0.5 + rand.Float64()) * float64(time.Second) / (rate * f.rate))
		if time.Now().Before(f.flooded) {
			pause = flooding
		}
		f.mu.Unlock()
		select {
		case <-stopping:
			return nil
		case <-time.After(pause):
		}
	}
}

// publish stores an event. One whose storing was not heard of is sent again as the same event.
func (c *client) publish(ctx context.Context, typ string, n int, channel simulator.ID) error {
	payload, err := json.Marshal(map[string]any{
		"n": n, "id": strconv.Itoa(1191000000000000000 + n), "content": fmt.Sprint(flowName(c.id, typ), " ", n),
		"channel_id": channel.String(), "guild_id": c.id.Snowflake(),
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

// flood lets events come as fast as [flooding] allows, for some time.
func (c *client) flood(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flooded = time.Now().Add(d)
}

// stored is how many events are.
func (f *flow) stored() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acked
}
