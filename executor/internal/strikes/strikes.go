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
	N    int
	Used run.Usage
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
		n, _ := strconv.Atoi(string(e.Value))
		n++
		switch _, err = b.bucket.Update(ctx, key(s.Run), []byte(strconv.Itoa(n)), e.Revision); {
		case err == nil:
			return n, b.use(ctx, s)
		case !errors.Is(err, kv.ErrConflict):
			return 0, err
		}
	}
}

// used begins the keys of what runs had used. It is no partition: older versions of this program read all keys of one as those of strikes.
const used = "used."

func (b *Book) use(ctx context.Context, s blame.Suspect) error {
	value, err := json.Marshal(s.Used)
	if err != nil {
		return fmt.Errorf("write what %s had used: %w", key(s.Run), err)
	}
	_, err = b.bucket.Put(ctx, used+key(s.Run), value)
	return err
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
		var c Count
		if c.N, err = strconv.Atoi(string(e.Value)); err != nil {
			return nil, fmt.Errorf("read strikes of %s: %w", k, err)
		}
		if e, err = b.bucket.Get(ctx, used+k); err == nil {
			_ = json.Unmarshal(e.Value, &c.Used) // what cannot be read is not known
		} else if !errors.Is(err, kv.ErrNotFound) {
			return nil, err
		}
		runs[r] = c
	}
	return runs, nil
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
