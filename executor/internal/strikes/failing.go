package strikes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"antiraid/shared/kv"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Failing is a template, as it was deployed once, of which some runs in a row failed and the last was given up.
type Failing struct {
	Tenant   tenant.ID `json:"-"`
	Template string    `json:"-"`
	Deployed time.Time `json:"deployed"`
	Runs     int       `json:"runs"`
	Last     string    `json:"last"` // what the last run failed with
}

// failing begins the keys of templates. It is no partition: older versions of this program read all keys of one as those of runs.
const failing = "failing."

// Keep remembers a failing template for whoever runs it next, in place of what was known of it.
func (b *Book) Keep(ctx context.Context, f Failing) error {
	value, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write that %s of %s fails: %w", f.Template, f.Tenant, err)
	}
	_, err = b.bucket.Put(ctx, failingKey(f.Tenant, f.Template), value)
	return err
}

// Forget says that a template does not fail any more.
func (b *Book) Forget(ctx context.Context, t tenant.ID, template string) error {
	return b.bucket.Delete(ctx, failingKey(t, template), 0)
}

// Failing are the failing templates of a partition; hardly ever any. What cannot be read, of a newer version perhaps, does not count.
func (b *Book) Failing(ctx context.Context, partition int) ([]Failing, error) {
	var keys []string
	if err := b.bucket.Keys(ctx, failing+subject.PartitionKeys(partition), func(k string) { keys = append(keys, k) }); err != nil {
		return nil, err
	}
	var all []Failing
	for _, k := range keys {
		e, err := b.bucket.Get(ctx, k)
		if errors.Is(err, kv.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var f Failing
		if f.read(k, e.Value) == nil {
			all = append(all, f)
		}
	}
	return all, nil
}

func failingKey(t tenant.ID, template string) string {
	return failing + subject.TenantKey(t) + "." + template
}

func (f *Failing) read(key string, value []byte) (err error) {
	parts := strings.Split(strings.TrimPrefix(key, failing), ".")
	if len(parts) != 3 {
		return fmt.Errorf("parse key %q of strikes: want failing.<partition>.<tenant>.<template>", key)
	}
	if f.Tenant, err = subject.ParseTenantKey(parts[0] + "." + parts[1]); err != nil {
		return err
	}
	f.Template = parts[2]
	return json.Unmarshal(value, f)
}
