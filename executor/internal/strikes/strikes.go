// Package strikes counts how often a run was under way when its process ended, in the bucket `strikes`.
//
// One strike proves nothing: every run of the process gets it. A run with a strike is therefore run alone the next time, and only a run that
// was there three times is given up.
//
// A template whose run was given up is remembered too, with how many runs in a row had failed then: a count in a process ends with it, and a
// template that ends one with each event would never be paused.
package strikes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"antiraid/executor/internal/blame"
	"antiraid/shared/kv"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// Count is how often a run was there, and what it had used the last time.
type Count struct {
	N    int       `json:"n"`
	Used run.Usage `json:"used"`
}

// Out is how many strikes a run may have before it is not tried again.
const Out = 3

// Book is the bucket.
type Book struct{ bucket *kv.Bucket }

// Open opens the bucket.
func Open(ctx context.Context, c kv.Connection) (*Book, error) {
	b, err := kv.Open(ctx, c, subject.Strikes)
	return &Book{b}, err
}

// Add gives a run one more strike and returns how many it has.
func (b *Book) Add(ctx context.Context, s blame.Suspect) (int, error) {
	for {
		e, err := b.bucket.Get(ctx, key(s.Run))
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return 0, err
		}
		c, _ := count(e.Value) // what cannot be read does not count
		c.N, c.Used = c.N+1, s.Used
		value, err := json.Marshal(c)
		if err != nil {
			return 0, fmt.Errorf("write strikes of %s: %w", key(s.Run), err)
		}
		if _, err = b.bucket.Update(ctx, key(s.Run), value, e.Revision); !errors.Is(err, kv.ErrConflict) {
			return c.N, err
		}
	}
}

// Of are the runs of a partition that have strikes; hardly ever any.
func (b *Book) Of(ctx context.Context, partition int) (map[blame.Run]Count, error) {
	var keys []string
	if err := b.bucket.Keys(ctx, subject.PartitionKeys(partition), func(k string) { keys = append(keys, k) }); err != nil {
		return nil, err
	}
	runs := make(map[blame.Run]Count, len(keys))
	for _, k := range keys {
		r, err := parse(k)
		if err != nil {
			return nil, err
		}
		e, err := b.bucket.Get(ctx, k)
		if errors.Is(err, kv.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if runs[r], err = count(e.Value); err != nil {
			return nil, fmt.Errorf("read strikes of %s: %w", k, err)
		}
	}
	return runs, nil
}

// count reads a value of the bucket. Older versions of this program wrote the number alone.
func count(value []byte) (c Count, err error) {
	if n, old := strconv.Atoi(string(value)); old == nil {
		return Count{N: n}, nil
	}
	return c, json.Unmarshal(value, &c)
}

func key(r blame.Run) string {
	return fmt.Sprintf("%s.%d.%s", subject.TenantKey(r.Tenant), r.Seq, r.Template)
}

func parse(k string) (blame.Run, error) {
	parts := strings.Split(k, ".")
	if len(parts) != 4 {
		return blame.Run{}, fmt.Errorf("parse key %q of strikes: want <partition>.<tenant>.<event>.<template>", k)
	}
	t, err := subject.ParseTenantKey(parts[0] + "." + parts[1])
	if err != nil {
		return blame.Run{}, err
	}
	seq, err := strconv.ParseUint(parts[2], 10, 64)
	return blame.Run{Tenant: t, Seq: seq, Template: parts[3]}, err
}
