package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"antiraid/shared/bundle"
	"antiraid/shared/kv"
	"antiraid/shared/store"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// writeBundle is the one write by which executors see a version. It leaves a record of the same or a higher version as it is.
func (p *Publisher) writeBundle(ctx context.Context, b *bundle.Bundle) error {
	data, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("encode bundle of %s: %w", b.Tenant, err)
	}
	key := subject.TenantKey(b.Tenant)
	for {
		stored, err := p.Bundles.Get(ctx, key)
		if errors.Is(err, kv.ErrNotFound) {
			_, err = p.Bundles.Create(ctx, key, data)
		} else if err == nil {
			var version uint64
			if version, err = p.version(stored); err != nil || version >= b.Version {
				return err
			}
			_, err = p.Bundles.Update(ctx, key, data, stored.Revision)
		}
		if !errors.Is(err, kv.ErrConflict) {
			return err
		}
	}
}

// version is that of a stored record. A record that cannot be read counts as 0, so that it is replaced; one of a later program is an error.
func (p *Publisher) version(e kv.Entry) (uint64, error) {
	var head struct {
		Schema  int    `json:"schema"`
		Version uint64 `json:"version"`
	}
	if err := json.Unmarshal(e.Value, &head); err != nil {
		p.Log.Warn("stored bundle cannot be read and is replaced", "key", e.Key, "err", err)
		return 0, nil
	}
	if head.Schema > bundle.Schema {
		return 0, fmt.Errorf("read stored bundle %s: schema %d is not known, this program knows %d; update it", e.Key, head.Schema, bundle.Schema)
	}
	return head.Version, nil
}

// Published is the bundle that executors see; nil without one.
func (p *Publisher) Published(ctx context.Context, t tenant.ID) (*bundle.Bundle, error) {
	stored, err := p.Bundles.Get(ctx, subject.TenantKey(t))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if version, err := p.version(stored); err != nil || version == 0 {
		return nil, err
	}
	return bundle.Decode(stored.Value)
}

// SaveBlob stores content under its hash. The same content again changes nothing.
func (p *Publisher) SaveBlob(ctx context.Context, key string, content []byte) error {
	if _, err := p.Blobs.Create(ctx, key, content); err != nil && !errors.Is(err, kv.ErrConflict) {
		return err
	}
	return nil
}

// RestoreBlobs brings back what a version's templates need and is neither in the bucket nor in have, from MongoDB.
func (p *Publisher) RestoreBlobs(ctx context.Context, v store.Version, have map[string]bool) error {
	for _, tpl := range v.Bundle.Templates {
		if have[tpl.Revision] {
			continue
		}
		_, err := p.Blobs.Get(ctx, tpl.Revision)
		if errors.Is(err, kv.ErrNotFound) {
			err = p.restore(ctx, tpl.Revision)
		}
		if err != nil {
			return fmt.Errorf("restore template %s of %s: %w", tpl.Name, v.Bundle.Tenant, err)
		}
		if have != nil {
			have[tpl.Revision] = true
		}
	}
	return nil
}

func (p *Publisher) restore(ctx context.Context, key string) error {
	content, err := p.Store.Revision(ctx, key)
	if err != nil {
		return err
	}
	p.Log.Info("blob restored", "revision", key)
	return p.SaveBlob(ctx, key, content)
}

// TakeOver gives MongoDB a version that it has lost, as executors see it: its revisions, as far as the bucket has them, and a snapshot.
func (p *Publisher) TakeOver(ctx context.Context, v store.Version) error {
	for _, tpl := range v.Bundle.Templates {
		blob, err := p.Blobs.Get(ctx, tpl.Revision)
		if err == nil {
			err = p.Store.SaveRevision(ctx, tpl.Revision, blob.Value)
		}
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return fmt.Errorf("take over template %s of %s: %w", tpl.Name, v.Bundle.Tenant, err)
		}
	}
	return p.Store.SaveSnapshot(ctx, v)
}
