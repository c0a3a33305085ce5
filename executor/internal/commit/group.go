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

// groupSize bounds a group of several runs, in bytes of their records.
const groupSize = 128 << 10

// Group is runs of one lane that commit together, in their order: each sees what those before it would write. A lane with a backlog pays
// for one commit where it would pay for many; all of them or none are applied, as if they had been one run.
type Group struct {
	tenant  *Tenant
	txs     []*Tx                      // that have acted
	runs    []redo                     // of all, as they are stored
	written map[string]json.RawMessage // by scope and key, what the runs would write; nil value: deleted
	size    int                        // of runs, bytes
}

// Group begins an empty group.
func (t *Tenant) Group() *Group { return &Group{tenant: t} }

// Begin starts a transaction on top of the group.
func (g *Group) Begin(id Identity, a Awaiter) *Tx {
	return &Tx{Identity: id, group: g, start: g.tenant.now(), awaiter: a}
}

// Add makes a run part of the group: its transaction, unless it is nil, and its record, whose writes and effects it fills in. It reports
// whether there was room beside what the group has; if not, commit the group and add the run again.
//
// A run whose record is larger than a commit may be becomes one that failed and changes nothing: every run has an outcome that can be stored.
func (g *Group) Add(tx *Tx, rec *run.Record) (added bool, err error) {
	acted := tx != nil && tx.Acted()
	if acted {
		rec.Writes, rec.Effects = tx.Writes(), tx.Effects()
	}
	r, err := encodeRun(rec)
	if err != nil {
		return false, err
	}
	if len(r.data) > MaxSize {
		refuse(rec, len(r.data))
		if acted {
			tx.Fail()
		}
		if r, err = encodeRun(rec); err != nil {
			return false, err
		}
	}
	if len(g.runs) > 0 && g.size+len(r.data) > groupSize {
		return false, nil
	}
	g.runs, g.size = append(g.runs, r), g.size+len(r.data)
	if acted {
		g.pretend(rec.Writes)
		g.txs = append(g.txs, tx)
	}
	return true, nil
}

// refuse makes a run that is too large one that failed.
func refuse(rec *run.Record, size int) {
	rec.Failure = &run.Failure{
		Message: fmt.Sprintf("what the run wrote, sent, logged and returned takes %d bytes together; one run may have %d", size, MaxSize),
		Budget:  "kv_bytes", Limit: MaxSize,
	}
	rec.Outcome, rec.Writes, rec.Effects, rec.Log, rec.Reply = rec.Failure.Outcome(), nil, nil, nil, nil
}

// Pretend shows a transaction's writes, which it returns, to later ones of the group, and adds nothing to what is committed.
func (g *Group) Pretend(tx *Tx) []run.Write {
	writes := tx.Writes()
	g.pretend(writes)
	return writes
}

func (g *Group) pretend(writes []run.Write) {
	if g.written == nil {
		g.written = make(map[string]json.RawMessage, len(writes))
	}
	for _, w := range writes {
		g.written[w.Scope+"\x00"+w.Key] = w.Value
	}
}

// Empty reports whether there is nothing to commit or to record.
func (g *Group) Empty() bool { return len(g.runs) == 0 }

// Commit makes the group durable and applies it; its records are stored with it, and the group is empty again. One in which no run has acted
// costs the records alone. A run under way that comes after the group, or nil, then stands on what is committed.
// nil: applied. [ErrConflict], [ErrDone], [ErrFenced]: nothing of it was applied by this call. Other errors: it is not known; ask again.
func (g *Group) Commit(ctx context.Context, under *Tx) (err error) {
	switch {
	case g.Empty():
		if under != nil && g.tenant.stale(under) {
			err = ErrConflict
		}
		return err
	case len(g.txs) == 0:
		err = g.tenant.store.publish(ctx, g.runs)
	default:
		err = g.tenant.commitGroup(ctx, g.txs, g.runs, under)
	}
	if err == nil {
		*g = Group{tenant: g.tenant}
	}
	return err
}

// commitGroup replaces the head: that is the commit.
func (t *Tenant) commitGroup(ctx context.Context, txs []*Tx, runs []redo, under *Tx) error {
	if err := t.turn(ctx, txs); err != nil {
		return err
	}
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
	rev, err := t.store.heads.Update(ctx, subject.TenantKey(t.id), data, t.mark.Commit)
	if err != nil {
		return t.refused(ctx, last, err)
	}
	t.head, t.mark = next, markOf(rev, data)
	t.committed(runs)
	if under != nil {
		under.start = t.now()
	}
	if err := t.store.at("committed"); err != nil {
		return err
	}
	return t.redo(ctx)
}

// refused finds out what a commit that got no clean yes has met: its own success, a former owner's, or a successor.
func (t *Tenant) refused(ctx context.Context, last *Tx, cause error) error {
	if !errors.Is(cause, kv.ErrConflict) {
		return fmt.Errorf("commit run %s: %w", last.Run, cause)
	}
	mine := t.mark
	runs, err := t.load(ctx)
	if err != nil {
		return fmt.Errorf("commit run %s: %w", last.Run, err)
	}
	switch {
	case t.head.done(last.Lane, last.Event.Seq, last.Template):
		t.forget()
		t.committed(runs)
		if err := t.redo(ctx); err != nil {
			return err
		}
		return ErrDone
	case t.mark == mine:
		return fmt.Errorf("commit run %s: %w", last.Run, cause)
	}
	t.forget()
	t.loaded = false
	return ErrFenced
}
