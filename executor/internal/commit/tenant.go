package commit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"antiraid/shared/kv"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Errors callers branch on.
var (
	// ErrDone: the run was committed before, by this process or another; nothing is left to do.
	ErrDone = errors.New("the run is committed already")
	// ErrConflict: another lane of the tenant changed what the run has read; run again.
	ErrConflict = errors.New("another run changed what this one has read")
	// ErrFenced: another process commits for this tenant; this one has lost its partition.
	ErrFenced = errors.New("another process commits for this tenant")
	// ErrTooLarge: writes and effects together do not fit into one commit.
	ErrTooLarge = errors.New("writes and effects of one run are larger than one commit may be")
)

// MaxSize is the largest commit in bytes: a message of the queue holds at most 1 MiB.
const MaxSize = 960 << 10

// maxChanged bounds what is remembered of changed keys.
const maxChanged = 4096

// Tenant is one tenant's head and a cache of its state. Its lanes may use it side by side.
type Tenant struct {
	id    tenant.ID
	store *Store

	commit sync.Mutex // one commit at a time; held over the network, and guards what follows
	loaded bool
	head   head
	rev    uint64 // of the head; the number of its commit
	// pending are the runs of the head's commit while it is not known to be applied.
	pending []redo

	mu      sync.Mutex // guards what is below; never held over the network
	commits uint64
	floor   uint64            // a run begun before it may have read anything that changed
	changed map[string]uint64 // scope and key → commits when it last changed
	scopes  map[string]uint64 // scope → commits when anything in it last changed
	cells   map[string]cell
	keys    map[string]map[string]struct{} // scope → keys, for scopes that were listed
	size    int                            // of cells, bytes
	room    int                            // what size may grow to

	users int // guarded by store.mu
}

// cell is one cached value; an absent key is a cell without value.
type cell struct {
	value json.RawMessage
	rev   uint64
}

// Done reports whether the run of a template for an event is committed, by whomever.
func (t *Tenant) Done(lane Lane, seq uint64, template string) bool {
	t.commit.Lock()
	defer t.commit.Unlock()
	return t.head.done(lane, seq, template)
}

// Bundle is the version of the last commit: no later run may use an older one.
func (t *Tenant) Bundle() uint64 {
	t.commit.Lock()
	defer t.commit.Unlock()
	return t.head.Bundle
}

// show lets runs that began earlier know what was changed.
func (t *Tenant) show(writes []run.Write) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.commits++
	if len(t.changed) > maxChanged {
		clear(t.changed)
		t.floor = t.commits
	}
	for _, w := range writes {
		t.changed[w.Scope+"\x00"+w.Key] = t.commits
		t.scopes[w.Scope] = t.commits
		if keys, listed := t.keys[w.Scope]; listed {
			if w.Value == nil {
				delete(keys, w.Key)
			} else {
				keys[w.Key] = struct{}{}
			}
		}
	}
}

// now is the number of commits seen.
func (t *Tenant) now() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.commits
}

// stale reports whether anything tx has read was changed since it began.
func (t *Tenant) stale(tx *Tx) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.commits == tx.start {
		return false
	}
	if tx.start < t.floor {
		return true
	}
	if tx.listed && t.scopes[tx.Template] > tx.start {
		return true
	}
	for key := range tx.reads {
		if t.changed[tx.Template+"\x00"+key] > tx.start {
			return true
		}
	}
	return false
}

// load reads the head as it is stored; its commit counts as not applied.
func (t *Tenant) load(ctx context.Context) error {
	e, err := t.store.heads.Last(ctx, subject.TenantKey(t.id))
	if err != nil {
		return err
	}
	t.head, t.pending = head{}, nil
	if t.rev = e.Revision; e.Revision > 0 && !e.Deleted {
		t.head, t.pending, err = decodeHead(e.Value)
	}
	return err
}

// redo carries the head's commit out, values and effects side by side, until all is stored; then the tenant's other lane is shown it.
func (t *Tenant) redo(ctx context.Context) error {
	if len(t.pending) == 0 {
		return nil
	}
	writes := lastWrites(t.pending)
	sent, err := t.store.outbox(ctx, t.pending)
	if err == nil {
		err = errors.Join(t.applyWrites(ctx, writes), sent())
	}
	if err != nil {
		return fmt.Errorf("apply commit %d of %s: %w", t.rev, t.id, err)
	}
	t.pending = nil
	t.show(writes)
	return t.store.at("applied")
}

// lastWrites are the writes of runs together: of each key the last.
func lastWrites(runs []redo) []run.Write {
	if len(runs) == 1 {
		return runs[0].Writes
	}
	var writes []run.Write
	place := map[string]int{}
	for i := range runs {
		for _, w := range runs[i].Writes {
			name := w.Scope + "\x00" + w.Key
			if n, again := place[name]; again {
				writes[n] = w
				continue
			}
			place[name] = len(writes)
			writes = append(writes, w)
		}
	}
	return writes
}

func (t *Tenant) applyWrites(ctx context.Context, writes []run.Write) error {
	pending := make(map[int]kv.Write, len(writes))
	for i, w := range writes {
		rev, applied, err := t.replaces(ctx, w.Scope, w.Key)
		if err != nil {
			return err
		}
		if applied || rev == 0 && w.Value == nil { // or it never was
			continue
		}
		if err := t.store.at("write"); err != nil {
			return err
		}
		p, err := t.store.state.Send(subject.StateKey(t.id, w.Scope, w.Key), w.Value, rev, t.rev)
		if err != nil {
			return err
		}
		pending[i] = p
	}
	for i, p := range pending {
		w := writes[i]
		rev, err := p.Wait(ctx)
		if errors.Is(err, kv.ErrConflict) {
			rev, err = t.settle(ctx, w)
		}
		if err != nil {
			return err
		}
		t.cache(w.Scope, w.Key, cell{w.Value, rev})
	}
	return nil
}

// settle writes a value whose revision was not what was thought, unless this commit or a later one has written it.
func (t *Tenant) settle(ctx context.Context, w run.Write) (uint64, error) {
	key := subject.StateKey(t.id, w.Scope, w.Key)
	for {
		e, err := t.store.state.Last(ctx, key)
		switch {
		case err != nil:
			return 0, err
		case e.Mark >= t.rev:
			return e.Revision, nil
		}
		p, err := t.store.state.Send(key, w.Value, e.Revision, t.rev)
		if err != nil {
			return 0, err
		}
		rev, err := p.Wait(ctx)
		if !errors.Is(err, kv.ErrConflict) {
			return rev, err
		}
	}
}
