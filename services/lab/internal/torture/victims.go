package torture

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"antiraid/services/lab/internal/stage"
	"antiraid/shared/bus"
	"antiraid/shared/tenant"
)

// The snowflakes of the tenants: a record that shows one of another tenant has got out.
const (
	firstHostile = 9_100_000_000_000_000_000
	firstVictim  = 9_200_000_000_000_000_000
)

// The templates: a victim has the one that checks its world, a hostile tenant has its script and, behind it, the same check.
const (
	attacking = "attack"
	checking  = "check"
	eventType = "MESSAGE_CREATE"
)

//go:embed victim.lua
var victimSource string

// secret is what only a tenant's own checking template knows.
func secret(t tenant.ID) string {
	h := fnv.New64a()
	fmt.Fprint(h, "torture", t)
	return fmt.Sprintf("%s%016x", secretPrefix, h.Sum64())
}

// checker is the source of a tenant's checking template.
func checker(t tenant.ID) string { return strings.Replace(victimSource, "SECRET", secret(t), 1) }

// traffic is the victims' events.
type traffic struct {
	*arena
	seen    *observer
	victims []tenant.ID
}

// newTraffic deploys the victims and waits until each has run once.
func newTraffic(ctx context.Context, a *arena, seen *observer, victims int) (*traffic, error) {
	t := &traffic{arena: a, seen: seen}
	for i := range victims {
		id, err := tenant.New(tenant.Guild, firstVictim+uint64(i))
		if err != nil {
			return nil, err
		}
		template := stage.Template{Name: checking, Source: checker(id), Events: []string{eventType}}
		if err := a.Deploy(ctx, id, 1, template); err != nil {
			return nil, err
		}
		t.victims = append(t.victims, id)
		if err := t.send(id); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for _, id := range t.victims {
		if !seen.until(ctx, id, 1) {
			return nil, fmt.Errorf("wait for the first run of victim %s: nothing within 30 s; is the machine overloaded?", id)
		}
	}
	return t, nil
}

// run sends every victim its events at a steady rate until ctx ends.
func (t *traffic) run(ctx context.Context, rate float64) error {
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate / float64(len(t.victims))))
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := t.send(t.victims[i%len(t.victims)]); err != nil {
			return err
		}
	}
}

func (t *traffic) send(id tenant.ID) error {
	return publish(t.Bus, t.seen, id)
}

// settle waits until every event sent has its record.
func (t *traffic) settle(ctx context.Context) {
	for _, id := range t.victims {
		t.seen.until(ctx, id, len(t.seen.events(id)))
	}
}

// events are those of all victims.
func (t *traffic) events() (all []Event) {
	for _, id := range t.victims {
		all = append(all, t.seen.events(id)...)
	}
	return all
}

// publish sends a tenant its next event. It does not wait until the event is stored: that an event has no record is a finding.
func publish(b *bus.Bus, seen *observer, id tenant.ID) error {
	n := seen.sent(id)
	payload, err := json.Marshal(map[string]any{
		"n": n, "secret": secret(id), "id": fmt.Sprint(1191000000000000000 + n), "channel_id": "1100000000000000001", "guild_id": id.Snowflake(),
		"content": "!echo hello world, this is a message of a usual length", "author": map[string]any{"id": "1100000000000000002", "username": "someone"},
		"member": map[string]any{"roles": []string{"1000000000000000001", "1000000000000000002"}}, "mentions": []any{}, "attachments": []any{}, "embeds": []any{},
	})
	if err != nil {
		return fmt.Errorf("encode an event: %w", err)
	}
	_, err = b.PublishAsync(bus.EventMessage(id, eventType, fmt.Sprintf("%s.%d", id, n), payload))
	return err
}
