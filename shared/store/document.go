package store

import (
	"fmt"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// Version is one version of a tenant's bundle, and the change that made it.
type Version struct {
	Bundle bundle.Bundle // its times are kept in whole milliseconds
	Change Change
}

// Kinds of changes.
const (
	Deploy   = "deploy"   // a template was given content
	Remove   = "remove"   // a template was taken away
	Rollback = "rollback" // the templates of an older version came back
	Pause    = "pause"    // a template was stopped
	Limits   = "limits"   // the tenant's budgets were changed
)

// Change is why a version exists.
type Change struct {
	ID       string `bson:"id"`             // of this change only: tells one's own version from another's of the same number
	Kind     string `bson:"kind"`           // one of the kinds above
	Template string `bson:"template"`       // what was changed
	Revision string `bson:"revision"`       // to what
	By       string `bson:"by"`             // who asked; may be empty
	From     uint64 `bson:"from,omitempty"` // of a rollback: the version that it goes back to
}

// versionDoc is how versions and tenants are stored: the fields of a bundle.
type versionDoc struct {
	ID         string            `bson:"_id"`
	Schema     int               `bson:"schema"`
	Tenant     string            `bson:"tenant"`
	Version    int64             `bson:"version"`
	Status     string            `bson:"status"`
	Templates  []bundle.Template `bson:"templates"`
	Limits     run.Limits        `bson:"limits"`
	PauseAfter int               `bson:"pause_after"`
	Updated    time.Time         `bson:"updated"`
	Change     Change            `bson:"change"`
}

func encode(id string, v Version) versionDoc {
	b := v.Bundle
	return versionDoc{
		ID: id, Schema: b.Schema, Tenant: b.Tenant.String(), Version: int64(b.Version), Status: string(b.Status),
		Templates: b.Templates, Limits: b.Limits, PauseAfter: b.PauseAfter, Updated: b.Updated, Change: v.Change,
	}
}

func (d versionDoc) decode() (Version, error) {
	t, err := tenant.Parse(d.Tenant)
	if err != nil {
		return Version{}, err
	}
	if d.Schema > bundle.Schema {
		return Version{}, fmt.Errorf("document %s: schema %d is not known, this program knows %d; update it", d.ID, d.Schema, bundle.Schema)
	}
	return Version{
		Bundle: bundle.Bundle{
			Schema: d.Schema, Tenant: t, Version: uint64(d.Version), Status: bundle.Status(d.Status),
			Templates: d.Templates, Limits: d.Limits, PauseAfter: d.PauseAfter, Updated: d.Updated,
		},
		Change: d.Change,
	}, nil
}
