package commit

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"antiraid/shared/subject"
)

// cellOverhead is what a cached value costs beside its bytes.
const cellOverhead = 96

// read gives a committed value, nil when there is none.
func (t *Tenant) read(ctx context.Context, scope, key string) (json.RawMessage, error) {
	name := scope + "\x00" + key
	t.mu.Lock()
	value, known := t.applying[name]
	if !known {
		var c cell
		c, known = t.cells[name]
		value = c.value
	}
	begun := t.commits
	t.mu.Unlock()
	if known {
		return value, nil
	}
	e, err := t.store.state.Last(ctx, subject.StateKey(t.id, scope, key))
	if err != nil {
		return nil, err
	}
	c := cell{rev: e.Revision}
	if !e.Deleted && e.Revision > 0 {
		c.value = e.Value
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.changed[name] <= begun && t.floor <= begun { // else it may be what was there before
		t.keep(scope, key, c)
	}
	return c.value, nil
}

// replaces is the revision that a write of the current commit replaces. applied: this commit or a later one has written the key.
func (t *Tenant) replaces(ctx context.Context, scope, key string) (revision uint64, applied bool, err error) {
	t.mu.Lock()
	c, cached := t.cells[scope+"\x00"+key]
	t.mu.Unlock()
	if cached { // it was read before the commit
		return c.rev, false, nil
	}
	e, err := t.store.state.Last(ctx, subject.StateKey(t.id, scope, key))
	if err != nil || e.Revision == 0 {
		return 0, false, err
	}
	applied, err = t.written(ctx, e)
	return e.Revision, applied, err
}

// cache keeps a value that was written.
func (t *Tenant) cache(scope, key string, c cell) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep(scope, key, c)
}

// keep keeps a value unless a newer one is kept, and starts over when the tenant holds more than its share. The caller holds mu.
func (t *Tenant) keep(scope, key string, c cell) {
	name := scope + "\x00" + key
	old, cached := t.cells[name]
	if cached && old.rev > c.rev {
		return
	}
	if cached {
		t.size -= len(name) + len(old.value) + cellOverhead
	}
	if t.size > t.room {
		t.empty()
	}
	t.cells[name] = c
	t.size += len(name) + len(c.value) + cellOverhead
}

// maxKeys is how many keys a scope may have that is listed. They are read as a whole, and kept in memory for the run.
const maxKeys = 50_000

// list gives the committed keys of a scope, and calls heard for each that comes from the store. The map is a copy.
func (t *Tenant) list(ctx context.Context, scope string, heard func()) (map[string]struct{}, error) {
	t.mu.Lock()
	keys, listed := t.keys[scope]
	begun, floor := t.scopes[scope], t.floor
	t.mu.Unlock()
	if !listed {
		if err := t.store.lists.Acquire(ctx, 1); err != nil {
			return nil, context.Cause(ctx)
		}
		defer t.store.lists.Release(1)
		var err error
		if keys, err = t.store.keys(ctx, t.id, scope, heard); err != nil {
			return nil, err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !listed {
		t.overlay(scope, keys)
		if t.scopes[scope] == begun && t.floor == floor {
			t.keepKeys(scope, keys)
		}
	}
	return maps.Clone(keys), nil
}

// keepKeys keeps the keys of a scope when there is room for them. The caller holds mu.
func (t *Tenant) keepKeys(scope string, keys map[string]struct{}) {
	size := 0
	for key := range keys {
		size += len(key) + cellOverhead
	}
	if size > t.room/2 {
		return
	}
	if t.size += size; t.size > t.room {
		t.empty()
		t.size = size
	}
	t.keys[scope] = keys
}

// forget drops everything cached: somebody else has written.
func (t *Tenant) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.empty()
	t.applying = nil
	clear(t.changed)
	t.commits++
	t.floor = t.commits
}

// empty drops cached values and keys. The caller holds mu.
func (t *Tenant) empty() {
	clear(t.cells)
	clear(t.keys)
	t.size = 0
}

// overlay corrects keys read from the bucket by what is cached, which is never older, and by what is being applied. The caller holds mu.
func (t *Tenant) overlay(scope string, keys map[string]struct{}) {
	for name, c := range t.cells {
		if key, ours := strings.CutPrefix(name, scope+"\x00"); ours {
			note(keys, key, c.value)
		}
	}
	for name, value := range t.applying {
		if key, ours := strings.CutPrefix(name, scope+"\x00"); ours {
			note(keys, key, value)
		}
	}
}
