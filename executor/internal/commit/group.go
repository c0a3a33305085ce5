package commit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"antiraid/shared/kv"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// groupSize bounds a group in bytes of keys, values, arguments and log. Escaped they are at most six times as long, which fits into a head.
const groupSize = 128 << 10

// Group is runs of one lane that commit together, in their order: each sees what those before it would write. A lane with a backlog pays
// for one commit where it would pay for many; all of them or none are applied, as if they had been one run.
type Group struct {
	tenant  *Tenant
	txs     []*Tx // that have acted
	records []*run.Record
	written map[string]json.RawMessage // by scope and key, what the runs would write; nil value: deleted
	size    int
}

// Group begins an empty group.
func (t *Tenant) Group() *Group { return &Group{tenant: t} }

// Begin starts a transaction on top of the group.
func (g *Group) Begin(id Identity, a Awaiter) *Tx {
	return &Tx{Identity: id, group: g, start: g.tenant.now(), awaiter: a}
}

// Add makes a run part of the group: its transaction, unless it is nil, and its record, whose writes and effects it fills in.
func (g *Group) Add(tx *Tx, rec *run.Record) {
	g.size += 256 + len(rec.Reply)
	for i := range rec.Log {
		g.size += len(rec.Log[i].Message)
	}
	g.records = append(g.records, rec)
	if tx == nil || !tx.Acted() {
		return
	}
	rec.Writes, rec.Effects = g.Pretend(tx), tx.Effects()
	g.size += tx.size()
	g.txs = append(g.txs, tx)
}

// Pretend shows a transaction's writes, which it returns, to later ones of the group, and adds nothing to what is committed.
func (g *Group) Pretend(tx *Tx) []run.Write {
	writes := tx.Writes()
	if g.written == nil {
		g.written = make(map[string]json.RawMessage, len(writes))
	}
	for _, w := range writes {
		g.written[w.Scope+"\x00"+w.Key] = w.Value
	}
	return writes
}

// Refuse makes the group's one run, which [ErrTooLarge] was about, one that failed and changes nothing.
func (g *Group) Refuse(f *run.Failure) {
	rec := g.records[0]
	rec.Failure, rec.Outcome, rec.Writes, rec.Effects = f, f.Outcome(), nil, nil
	g.txs[0].Fail()
	*g = Group{tenant: g.tenant, records: g.records, txs: g.txs}
}

// Empty reports whether there is nothing to commit or to record.
func (g *Group) Empty() bool { return len(g.records) == 0 }

// Full reports whether the group should commit now.
func (g *Group) Full() bool { return g.size > groupSize }

// Holds reports whether there is room for tx beside what the group has; otherwise the group should commit first.
func (g *Group) Holds(tx *Tx) bool { return g.Empty() || g.size+tx.size() <= groupSize }

// Commit makes the group durable and applies it; its records are stored with it, and the group is empty again. One in which no run has acted
// costs the records alone.
// nil: applied. [ErrConflict], [ErrDone], [ErrFenced], [ErrTooLarge]: nothing of it was applied by this call. Other errors: it is not known;
// ask again.
func (g *Group) Commit(ctx context.Context) error { return g.commit(ctx, nil) }

// commit is Commit while a run that comes after the group is under way, or nil. That run then stands on what is committed.
func (g *Group) commit(ctx context.Context, under *Tx) error {
	if g.Empty() {
		return nil
	}
	runs := make([]redo, len(g.records))
	for i, rec := range g.records {
		var err error
		if runs[i], err = encodeRun(rec); err != nil {
			return err
		}
	}
	var err error
	if len(g.txs) == 0 {
		err = g.tenant.store.publish(ctx, runs)
	} else {
		err = g.tenant.commitGroup(ctx, g.txs, runs, under)
	}
	if err == nil {
		*g = Group{tenant: g.tenant}
	}
	return err
}

// commitGroup replaces the head: that is the commit.
func (t *Tenant) commitGroup(ctx context.Context, txs []*Tx, runs []redo, under *Tx) error {
	t.commit.Lock()
	defer t.commit.Unlock()
	if err := t.redo(ctx); err != nil {
		return err
	}
	last := txs[len(txs)-1]
	if t.head.done(last.Lane, last.Event.Seq, last.Template) {
		return ErrDone
	}
	if slices.ContainsFunc(txs, t.stale) || under != nil && t.stale(under) {
		return ErrConflict
	}
	next := t.head
	for _, tx := range txs {
		next = next.with(tx)
	}
	data, err := next.encode(runs)
	if err != nil {
		return err
	}
	if err := t.store.at("commit"); err != nil {
		return err
	}
	if len(data) > MaxSize {
		return ErrTooLarge
	}
	rev, err := t.store.heads.Update(ctx, subject.TenantKey(t.id), data, t.rev)
	if err != nil {
		return t.refused(ctx, last, err)
	}
	t.head, t.rev, t.pending = next, rev, runs
	if err := t.store.at("committed"); err != nil {
		return err
	}
	if err := t.redo(ctx); err != nil {
		return err
	}
	if under != nil {
		under.start = t.now()
	}
	return nil
}

// refused finds out what a commit that got no clean yes has met: its own success, a former owner's, or a successor.
func (t *Tenant) refused(ctx context.Context, last *Tx, cause error) error {
	if !errors.Is(cause, kv.ErrConflict) {
		return fmt.Errorf("commit run %s: %w", last.Run, cause)
	}
	mine := t.rev
	if err := t.load(ctx); err != nil {
		return fmt.Errorf("commit run %s: %w", last.Run, err)
	}
	switch {
	case t.head.done(last.Lane, last.Event.Seq, last.Template):
		t.forget()
		if err := t.redo(ctx); err != nil {
			return err
		}
		return ErrDone
	case t.rev == mine:
		return fmt.Errorf("commit run %s: %w", last.Run, cause)
	}
	t.forget()
	t.loaded, t.pending = false, nil
	return ErrFenced
}
