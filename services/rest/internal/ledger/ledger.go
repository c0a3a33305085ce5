// Package ledger remembers for 24 h which effects were performed, so that each is performed once.
//
// It owns the bucket `ledger`: key = effect id, value = a [Record]. A record says since when an effect may have reached Discord without
// our knowing (Since), and what became of it (Result). Every write is a compare-and-set: of two processes that perform the same effect
// one has its result remembered, and both answer with that one.
package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"antiraid/shared/effect"
	"antiraid/shared/kv"
	"antiraid/shared/plain"
)

// Record is what is remembered of an effect. The zero Record: nothing.
type Record struct {
	Since  time.Time      `json:"since,omitzero"`   // when an attempt whose fate nobody knows was begun; zero: none
	By     string         `json:"by,omitempty"`     // who began it
	Result *effect.Result `json:"result,omitempty"` // what became of it, for good
	Sum    uint32         `json:"sum,omitempty"`    // of what was asked for; 0: by a program that did not say
}

// bucket is as much of shared/kv as is used.
type bucket interface {
	Get(ctx context.Context, key string) (kv.Entry, error)
	Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error)
}

// Ledger is the bucket, as one process writes it.
type Ledger struct {
	bucket bucket
	self   string
}

// New makes a Ledger for a process of that name.
func New(b bucket, self string) *Ledger { return &Ledger{b, self} }

// Page is one effect's record as it was last read or written by this process.
type Page struct {
	ID string
	Record
	sum      uint32 // of what is asked for now
	revision uint64
}

// Another reports whether something else was asked for under this id before: a run that was begun again has taken another way.
func (p *Page) Another() bool { return p.Sum != 0 && p.Sum != p.sum }

// Open reads an effect's page.
func (l *Ledger) Open(ctx context.Context, e effect.Effect) (*Page, error) {
	p := &Page{ID: e.ID, sum: crc32.ChecksumIEEE(append([]byte(e.Op+" "), e.Args...))}
	if err := l.reread(ctx, p); err != nil {
		return nil, err
	}
	return p, nil
}

func (l *Ledger) reread(ctx context.Context, p *Page) error {
	e, err := l.bucket.Get(ctx, p.ID)
	if errors.Is(err, kv.ErrNotFound) {
		p.Record, p.revision = Record{}, 0
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	var r Record
	if json.Unmarshal(e.Value, &r) != nil {
		r = Record{Since: e.Time, By: "a record that cannot be read"} // all it tells: somebody began, at the latest then
	}
	p.Record, p.revision = r, e.Revision
	return nil
}

// Begin records that an attempt begins now. An earlier attempt's Since stays: it is the older doubt that counts.
// If another process wrote meanwhile, or there is a result, the page shows it, and [kv.ErrConflict] is returned: decide again.
func (l *Ledger) Begin(ctx context.Context, p *Page) error {
	if !p.Since.IsZero() && p.By == l.self {
		return nil
	}
	next := Record{Since: p.Since, By: l.self}
	if next.Since.IsZero() {
		next.Since = time.Now().UTC()
	}
	return l.write(ctx, p, next)
}

// Clear records that the attempts so far are known not to have been performed.
func (l *Ledger) Clear(ctx context.Context, p *Page) error {
	return l.write(ctx, p, Record{By: l.self})
}

// Finish records what became of an effect and returns what is remembered: another process's result, if it was the first.
func (l *Ledger) Finish(ctx context.Context, p *Page, r effect.Result) (effect.Result, error) {
	for {
		if p.Result != nil {
			return *p.Result, nil
		}
		err := l.write(ctx, p, Record{Result: &r})
		if err != nil && !errors.Is(err, kv.ErrConflict) {
			return effect.Result{}, err
		}
	}
}

// write replaces what the page shows. A result is never replaced.
func (l *Ledger) write(ctx context.Context, p *Page, next Record) error {
	if p.Result != nil {
		return fmt.Errorf("write the ledger: there is a result: %w", kv.ErrConflict)
	}
	next.Sum = p.sum
	data, err := plain.JSON(next)
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	revision, err := l.bucket.Update(ctx, p.ID, data, p.revision)
	if errors.Is(err, kv.ErrConflict) {
		if err := l.reread(ctx, p); err != nil {
			return err
		}
		return fmt.Errorf("write the ledger: %w", err)
	}
	if err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	p.Record, p.revision = next, revision
	return nil
}
