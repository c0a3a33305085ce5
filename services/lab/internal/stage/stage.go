// Package stage is a NATS with tenants on it: bundles are written and events published as dispatcher and gateway do it.
package stage

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/kv"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Stage is a connection with the buckets that a deploy writes. Its methods can be called side by side.
type Stage struct {
	Bus            *bus.Bus
	bundles, blobs *kv.Bucket
}

// Open connects to the server at url, which may take 10 s to come up. The caller must Close the stage.
func Open(ctx context.Context, url string, log *slog.Logger) (*Stage, error) {
	b, err := bus.Connect(ctx, bus.Config{URL: url, Name: "lab", Wait: 10 * time.Second}, log)
	if err != nil {
		return nil, err
	}
	s := &Stage{Bus: b}
	if s.bundles, err = kv.Open(ctx, b, subject.Bundles); err == nil {
		s.blobs, err = kv.Open(ctx, b, subject.Blobs)
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the connection.
func (s *Stage) Close() { s.Bus.Close() }

// Template is a template of one file, with every capability.
type Template struct {
	Name, Source string
	Events       []string
}

// Deploy makes templates the tenant's, as its given version, and announces it with STARTUP as a deploy does.
func (s *Stage) Deploy(ctx context.Context, t tenant.ID, version uint64, templates ...Template) error {
	if err := s.Put(ctx, t, version, templates...); err != nil {
		return err
	}
	return s.Announce(ctx, t, version)
}

// Announce says in the tenant's own lane that a version of its bundle is in force: events behind it run with that version.
func (s *Stage) Announce(ctx context.Context, t tenant.ID, version uint64) error {
	payload, err := json.Marshal(event.StartupPayload{Version: version, Reason: "deploy"})
	if err != nil {
		return fmt.Errorf("encode %s: %w", event.Startup, err)
	}
	_, err = s.Bus.PublishEvent(ctx, t, event.Startup, fmt.Sprint("startup.", t, ".", version), payload)
	return err
}

// Put makes templates the tenant's without announcing it.
func (s *Stage) Put(ctx context.Context, t tenant.ID, version uint64, templates ...Template) error {
	b := bundle.Bundle{Schema: bundle.Schema, Tenant: t, Version: version, Status: bundle.Active, Updated: time.Now()}
	for _, from := range templates {
		key, err := s.Upload(ctx, from.Source)
		if err != nil {
			return err
		}
		b.Templates = append(b.Templates, bundle.Template{
			Name: from.Name, Revision: key, Events: slices.Sorted(slices.Values(from.Events)), Capabilities: []string{"discord:*", "kv:*"}, Deployed: b.Updated,
		})
	}
	slices.SortFunc(b.Templates, func(a, b bundle.Template) int { return strings.Compare(a.Name, b.Name) })
	return s.PutBundle(ctx, &b)
}

// Upload stores a revision of one file and returns its key.
func (s *Stage) Upload(ctx context.Context, source string) (key string, err error) {
	data, key, err := bundle.Revision{bundle.Entry: source}.Encode()
	if err != nil {
		return "", err
	}
	_, err = s.blobs.Put(ctx, key, data)
	return key, err
}

// PutBundle writes a bundle.
func (s *Stage) PutBundle(ctx context.Context, b *bundle.Bundle) error {
	if err := b.Check(); err != nil {
		return err
	}
	data, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("encode bundle of %s: %w", b.Tenant, err)
	}
	_, err = s.bundles.Put(ctx, subject.TenantKey(b.Tenant), data)
	return err
}
