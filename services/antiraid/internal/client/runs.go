package client

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Selection says which run records to read.
type Selection struct {
	Tenant   tenant.ID // zero: of all tenants
	Template string    // empty: of all templates
	Since    time.Time // stored from then on; zero: all that are kept
	Follow   bool      // those of the future too, until ctx ends
}

// Runs gives run records to fn, in the order in which they were stored. What cannot be read, because a later program wrote it, is an error.
func (c *Client) Runs(ctx context.Context, s Selection, fn func(*run.Record)) error {
	read := c.bus.ReadAll
	if s.Follow {
		read = c.bus.Read
	}
	reading := bus.Reading{Stream: subject.Runs, Subjects: []string{subject.TenantRuns(s.Tenant)}, Since: s.Since}
	return read(ctx, reading, func(m *bus.Message) error {
		var r run.Record
		if err := json.Unmarshal(m.Data, &r); err != nil {
			return fmt.Errorf("read run record %d: %w", m.Seq, err)
		}
		if s.Template == "" || s.Template == r.Template {
			fn(&r)
		}
		return nil
	})
}
