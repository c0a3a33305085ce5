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
)

// manyKeys: a scope has too many keys to be listed. It is the script's fault.
type manyKeys struct{}

func (manyKeys) Error() string {
	return fmt.Sprintf("keeps more than %d keys, which can be read but not listed; delete what is not needed", maxKeys)
}

// Budget is the budget that was gone over.
func (manyKeys) Budget() (name string, limit int64) { return "keys", maxKeys }

// MaxSize is the largest record of a run in bytes, its writes, effects, log and reply included: a message of the queue holds at most 1 MiB.
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
	mark   kv.Mark // of the head's commit
	// pending are the runs of the head's commit while it is not known to be applied.
	pending []redo
	pinned  *pin

	mu       sync.Mutex // guards what is below; never held over the network
	commits  uint64
	floor    uint64                     // a run begun before it may have read anything that changed
	changed  map[string]uint64          // scope and key → commits when it last changed
	scopes   map[string]uint64          // scope → commits when anything in it last changed
	applying map[string]json.RawMessage // scope and key → what pending writes; nil value: deletes
	cells    map[string]cell
	keys     map[string]map[string]struct{} // scope → keys, for scopes that were listed
	size     int                            // of cells and keys, bytes
	room     int                            // what size may grow to

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

// committed lets every run see at once what a commit has changed, before it is applied: a run that reads while values are being written reads
// all of them new, and one that has read any of them before is stale.
func (t *Tenant) committed(runs []redo) {
	t.pending = runs
	writes := lastWrites(runs)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.commits++
	if len(t.changed) > maxChanged {
		clear(t.changed)
		t.floor = t.commits
	}
	t.applying = make(map[string]json.RawMessage, len(writes))
	for _, w := range writes {
		name := w.Scope + "\x00" + w.Key
		t.applying[name] = w.Value
		t.changed[name] = t.commits
		t.scopes[w.Scope] = t.commits
		if keys, listed := t.keys[w.Scope]; listed {
			before := len(keys)
			note(keys, w.Key, w.Value)
			t.size += (len(keys) - before) * (len(w.Key) + cellOverhead)
		}
	}
}

// applied says that what the last commit has changed is stored.
func (t *Tenant) applied() {
	t.pending = nil
	t.mu.Lock()
	t.applying = nil
	t.mu.Unlock()
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

// load reads the head as it is stored, and the runs of its commit.
func (t *Tenant) load(ctx context.Context) (runs []redo, err error) {
	e, err := t.store.heads.Last(ctx, subject.TenantKey(t.id))
	if err != nil {
		return nil, err
	}
	t.head, t.mark = head{}, markOf(e.Revision, e.Value)
	if e.Revision > 0 && !e.Deleted {
		t.head, runs, err = decodeHead(e.Value)
	}
	return runs, err
}

// rewind forgets that events are done which were lost: what is stored at their places is new.
func (t *Tenant) rewind(cut *Cut) {
	if cut == nil || t.mark.Commit > cut.Heads {
		return
	}
	for lane := range t.head.Lanes {
		if t.head.Lanes[lane].Seq > cut.Events {
			t.head.Lanes[lane] = progress{Seq: cut.Events + 1}
		}
	}
}

// redo carries the head's commit out, values and effects side by side, until all is stored.
func (t *Tenant) redo(ctx context.Context) error {
	if len(t.pending) == 0 {
		return nil
	}
	sent, err := t.store.outbox(ctx, t.pending)
	if err == nil {
		err = errors.Join(t.applyWrites(ctx, lastWrites(t.pending)), sent())
	}
	if err != nil {
		return fmt.Errorf("apply commit %d of %s: %w", t.mark.Commit, t.id, err)
	}
	t.applied()
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
		p, err := t.store.state.Send(subject.StateKey(t.id, w.Scope, w.Key), w.Value, rev, t.mark)
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
		if err != nil {
			return 0, err
		}
		if written, err := t.written(ctx, e); written || err != nil {
			return e.Revision, err
		}
		p, err := t.store.state.Send(key, w.Value, e.Revision, t.mark)
		if err != nil {
			return 0, err
		}
		rev, err := p.Wait(ctx)
		if !errors.Is(err, kv.ErrConflict) {
			return rev, err
		}
	}
}

// written reports whether this commit or a later one has written a value. A mark of a later commit while the head is still ours is left from
// commits that a power cut took away: it counts for nothing.
func (t *Tenant) written(ctx context.Context, e kv.Entry) (bool, error) {
	switch {
	case e.Mark == t.mark:
		return true, nil
	case e.Mark.Commit < t.mark.Commit:
		return false, nil
	}
	newest, err := t.store.heads.Last(ctx, subject.TenantKey(t.id))
	return newest.Revision != t.mark.Commit, err
}
