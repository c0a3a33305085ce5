package commit

import (
	"context"
	"encoding/json"
	"strings"

	"antiraid/shared/subject"
)

// cellOverhead is what a cached value costs beside its bytes.
const cellOverhead = 96

// read gives a committed value, nil when there is none.
func (t *Tenant) read(ctx context.Context, scope, key string) (json.RawMessage, error) {
	c, err := t.cell(ctx, scope, key)
	return c.value, err
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
	return e.Revision, e.Mark >= t.rev, err
}

func (t *Tenant) cell(ctx context.Context, scope, key string) (cell, error) {
	t.mu.Lock()
	c, cached := t.cells[scope+"\x00"+key]
	t.mu.Unlock()
	if cached {
		return c, nil
	}
	e, err := t.store.state.Last(ctx, subject.StateKey(t.id, scope, key))
	if err != nil {
		return cell{}, err
	}
	c = cell{rev: e.Revision}
	if !e.Deleted && e.Revision > 0 {
		c.value = e.Value
	}
	t.cache(scope, key, c)
	return c, nil
}

// cache keeps a value unless a newer one is kept, and starts over when the tenant holds more than its share.
func (t *Tenant) cache(scope, key string, c cell) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name := scope + "\x00" + key
	old, cached := t.cells[name]
	if cached && old.rev > c.rev {
		return
	}
	if cached {
		t.size -= len(name) + len(old.value) + cellOverhead
	}
	if t.size > t.room {
		clear(t.cells)
		t.size = 0
	}
	t.cells[name] = c
	t.size += len(name) + len(c.value) + cellOverhead
}

// list gives the committed keys of a scope. The map is a copy.
func (t *Tenant) list(ctx context.Context, scope string) (map[string]struct{}, error) {
	t.mu.Lock()
	keys, listed := t.keys[scope]
	begun := t.scopes[scope]
	t.mu.Unlock()
	if !listed {
		var err error
		if keys, err = t.store.keys(ctx, t.id, scope); err != nil {
			return nil, err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !listed {
		t.overlay(scope, keys)
		if t.scopes[scope] == begun {
			t.keys[scope] = keys
		}
	}
	out := make(map[string]struct{}, len(keys))
	for key := range keys {
		out[key] = struct{}{}
	}
	return out, nil
}

// forget drops everything cached: somebody else has written.
func (t *Tenant) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.cells)
	clear(t.keys)
	t.size = 0
	clear(t.changed)
	t.commits++
	t.floor = t.commits
}

// overlay corrects keys read from the bucket by what is cached, which is never older. The caller holds mu.
func (t *Tenant) overlay(scope string, keys map[string]struct{}) {
	for name, c := range t.cells {
		key, ours := strings.CutPrefix(name, scope+"\x00")
		switch {
		case !ours:
		case c.value == nil:
			delete(keys, key)
		default:
			keys[key] = struct{}{}
		}
	}
}
