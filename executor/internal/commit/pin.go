package commit

import (
	"context"

	"antiraid/shared/effect"
)

// pin holds a template's state still for a run that must not be begun again: it has asked Discord for something, or has lost to the other lane
// too often. While it is there, the other lane's commits that would change that state wait; everything else goes on.
type pin struct {
	lane     Lane
	template string
	gone     chan struct{}
}

// turn takes the right to commit when no pin is in the way of any of txs.
func (t *Tenant) turn(ctx context.Context, txs []*Tx) error {
	for {
		t.commit.Lock()
		p := t.pinned
		if p == nil || !p.blocks(txs) {
			return nil
		}
		t.commit.Unlock()
		if err := p.wait(ctx); err != nil {
			return err
		}
	}
}

func (p *pin) blocks(txs []*Tx) bool {
	for _, tx := range txs {
		if tx.Lane != p.lane && tx.Template == p.template && len(tx.writes) > 0 {
			return true
		}
	}
	return false
}

func (p *pin) wait(ctx context.Context) error {
	select {
	case <-p.gone:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pin holds the state of the run's template still before an operation is awaited; [ErrConflict] when the run has read what is no more. While the
// other lane has a pin, a read is asked for without one: to ask again for that does no harm. Anything else waits for its turn.
func (tx *Tx) pin(ctx context.Context, op string) error {
	known, _ := effect.Lookup(op)
	return tx.group.tenant.pin(ctx, tx.Lane, tx.Template, tx, !known.Reads)
}

// Pin holds the state of a template still for a run that is about to begin in a lane. [Tenant.Unpin] must follow when the run is over.
func (t *Tenant) Pin(ctx context.Context, lane Lane, template string) error {
	return t.pin(ctx, lane, template, nil, true)
}

func (t *Tenant) pin(ctx context.Context, lane Lane, template string, tx *Tx, needed bool) error {
	for {
		t.commit.Lock()
		p := t.pinned
		stale := tx != nil && t.stale(tx)
		if p == nil && !stale {
			t.pinned = &pin{lane, template, make(chan struct{})}
		}
		t.commit.Unlock()
		switch {
		case stale:
			return ErrConflict
		case p == nil || p.lane == lane || !needed:
			return nil
		}
		if err := p.wait(ctx); err != nil {
			return err
		}
	}
}

// Pinned reports whether the run under way in a lane has a pin.
func (t *Tenant) Pinned(lane Lane) bool {
	t.commit.Lock()
	defer t.commit.Unlock()
	return t.pinned != nil && t.pinned.lane == lane
}

// Unpin ends the pin of a lane's run, if it has one.
func (t *Tenant) Unpin(lane Lane) {
	t.commit.Lock()
	defer t.commit.Unlock()
	if t.pinned != nil && t.pinned.lane == lane {
		close(t.pinned.gone)
		t.pinned = nil
	}
}
