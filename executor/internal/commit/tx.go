package commit

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"antiraid/shared/effect"
	"antiraid/shared/event"
	"antiraid/shared/run"
)

// Awaiter performs effects whose result a run waits for.
type Awaiter interface {
	// Await performs the effect once and returns what became of it; a repeated id gets the remembered result.
	Await(ctx context.Context, e effect.Effect) (effect.Result, error)
}

// Tx is one run's view of its tenant: it reads what is committed, what runs of its group before it would write, and its own writes. It
// keeps what it would change to itself. It is for one goroutine.
type Tx struct {
	Identity

	group   *Group
	start   uint64 // commits seen when it began
	awaiter Awaiter
	reads   map[string]struct{}
	listed  bool
	keys    map[string]struct{}        // committed ones, when they have been listed and are few; what awaits lists them anew
	writes  map[string]json.RawMessage // nil value: deleted
	effects []effect.Effect            // asked for, in order
	failed  bool
}

// Identity says whose transaction it is.
type Identity struct {
	Event    event.Event
	Lane     Lane
	Template string
	Bundle   uint64
	Run      string
}

// Get reads a value; nil when there is none.
func (tx *Tx) Get(ctx context.Context, key string) (json.RawMessage, error) {
	if v, written := tx.writes[key]; written {
		return v, nil
	}
	if tx.reads == nil {
		tx.reads = map[string]struct{}{}
	}
	tx.reads[key] = struct{}{}
	if v, written := tx.group.written[tx.Template+"\x00"+key]; written {
		return v, nil
	}
	return tx.group.tenant.read(ctx, tx.Template, key)
}

// Set changes a value when the run commits.
func (tx *Tx) Set(_ context.Context, key string, value json.RawMessage) error {
	tx.write(key, value)
	return nil
}

// Delete removes a value when the run commits.
func (tx *Tx) Delete(_ context.Context, key string) error {
	tx.write(key, nil)
	return nil
}

func (tx *Tx) write(key string, value json.RawMessage) {
	if tx.writes == nil {
		tx.writes = map[string]json.RawMessage{}
	}
	tx.writes[key] = value
}

// List gives at most limit keys with the prefix, in byte order, and how many keys there are with any; its own writes are seen. heard is called
// for each key that comes from the store.
func (tx *Tx) List(ctx context.Context, prefix string, limit int, heard func()) (list []string, of int, err error) {
	tx.listed = true
	keys, err := tx.committed(ctx, heard)
	if err != nil {
		return nil, 0, err
	}
	for name, value := range tx.group.written {
		if key, ours := strings.CutPrefix(name, tx.Template+"\x00"); ours {
			note(keys, key, value)
		}
	}
	for key, value := range tx.writes {
		note(keys, key, value)
	}
	of = len(keys)
	maps.DeleteFunc(keys, func(key string, _ struct{}) bool { return !strings.HasPrefix(key, prefix) })
	sorted := slices.Sorted(maps.Keys(keys))
	return sorted[:min(len(sorted), limit)], of, nil
}

// keptKeys is how many bytes of keys a run keeps that lists them again and again.
const keptKeys = 512 << 10

// committed are the committed keys of the template. The map is a copy.
func (tx *Tx) committed(ctx context.Context, heard func()) (map[string]struct{}, error) {
	if tx.keys != nil {
		return maps.Clone(tx.keys), nil
	}
	keys, err := tx.group.tenant.list(ctx, tx.Template, heard)
	if err != nil {
		return nil, err
	}
	size := 0
	for key := range keys {
		size += len(key) + cellOverhead
	}
	if size <= keptKeys {
		tx.keys = maps.Clone(keys)
	}
	return keys, nil
}

func note(keys map[string]struct{}, key string, value json.RawMessage) {
	if value == nil {
		delete(keys, key)
	} else {
		keys[key] = struct{}{}
	}
}

// Do asks for an effect. With wait it is performed at once and its result remembered under its id; without, it is sent after the commit.
// Runs of the group before it are committed first: what is performed now must not come before what they have asked for.
func (tx *Tx) Do(ctx context.Context, op string, args json.RawMessage, wait bool) (effect.Result, error) {
	e := effect.Effect{
		ID: effect.ID(tx.Event.ID, tx.Template, len(tx.effects)), Op: op, Args: args,
		Tenant: tx.Event.Tenant, Template: tx.Template, Event: tx.Event.ID, Bundle: tx.Bundle, Created: tx.Event.Time, Awaited: wait,
	}
	tx.effects = append(tx.effects, e)
	if !wait {
		return effect.Result{ID: e.ID}, nil
	}
	if deadline, ok := ctx.Deadline(); ok { // a little earlier, so that "not in time" is an answer that still comes in time
		e.Expires = deadline.Add(-time.Until(deadline) / 10)
	}
	tx.keys = nil
	if err := tx.group.Commit(ctx, tx); err != nil {
		return effect.Result{}, err
	}
	if err := tx.pin(ctx, op); err != nil {
		return effect.Result{}, err
	}
	return tx.awaiter.Await(ctx, e)
}

// Writes are the changes, in key order.
func (tx *Tx) Writes() []run.Write {
	out := make([]run.Write, 0, len(tx.writes))
	for _, key := range slices.Sorted(maps.Keys(tx.writes)) {
		out = append(out, run.Write{Scope: tx.Template, Key: key, Value: tx.writes[key]})
	}
	return out
}

// Effects are all effects asked for, in order.
func (tx *Tx) Effects() []effect.Effect { return tx.effects }

// Fail drops what a failed run would have changed. What is left to commit is that the run is over: nobody runs it again, and a former owner's
// failure does not count.
func (tx *Tx) Fail() { tx.writes, tx.effects, tx.failed = nil, nil, true }

// Stale reports whether anything that the run has read was changed since. What it found out then is worth nothing.
func (tx *Tx) Stale() bool { return tx.group.tenant.stale(tx) }

// Acted reports whether there is anything to commit.
func (tx *Tx) Acted() bool { return tx.failed || len(tx.writes)+len(tx.effects) > 0 }
