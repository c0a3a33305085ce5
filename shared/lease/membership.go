package lease

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
)

// validity is how long a member may believe that it is one. It is measured on the monotonic clock of this process, so neither a pause
// nor a jump of the wall clock can stretch it.
type validity struct {
	start time.Time
	until atomic.Int64 // nanoseconds after start
}

func newValidity() *validity { return &validity{start: time.Now()} }

func (v *validity) extend(until time.Time) { v.until.Store(int64(until.Sub(v.start))) }

func (v *validity) ok() bool { return v.left() > 0 }

func (v *validity) left() time.Duration { return time.Duration(v.until.Load()) - time.Since(v.start) }

// membership is one registration in a group, from the first write of its record until its end.
type membership struct {
	id       string
	cfg      Config
	term     time.Duration
	store    *store
	valid    *validity
	log      *slog.Logger
	revision atomic.Uint64 // of the last renewal that was acknowledged
	leave    chan struct{} // closed: say so in the record
}

func newMembership(cfg Config, term time.Duration, s *store, log *slog.Logger) *membership {
	id := cfg.Member + "-" + strings.ToLower(rand.Text()[:10])
	return &membership{id: id, cfg: cfg, term: term, store: s, valid: newValidity(), log: log, leave: make(chan struct{})}
}

func (m *membership) register(ctx context.Context) error { return m.write(ctx, false) }

// run renews the record until ctx ends (nil), or until it must no longer believe in it (an error).
func (m *membership) run(ctx context.Context) error {
	leave, leaving, failed := m.leave, false, false
	next := time.NewTimer(m.cfg.Heartbeat)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-leave:
			leave, leaving = nil, true
		case <-next.C:
		}
		err := m.renew(ctx, leaving)
		switch {
		case err == nil:
			next.Reset(m.cfg.Heartbeat)
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrLost) || !m.valid.ok():
			return fmt.Errorf("renew membership %s: %w", m.id, err)
		default:
			if !failed {
				m.log.Warn("renewal is late", "member", m.id, "left", m.valid.left(), "err", err)
			}
			next.Reset(min(m.cfg.Heartbeat/4, m.valid.left()))
		}
		failed = err != nil
	}
}

// renew writes the record again. A refusal may be an earlier write of ours whose answer did not come: nobody else ever writes this key,
// so while it lives its latest revision is ours to go on from.
func (m *membership) renew(ctx context.Context, leaving bool) error {
	if !m.valid.ok() {
		return ErrLost
	}
	ctx, cancel := context.WithTimeout(ctx, min(m.cfg.Heartbeat, m.valid.left()))
	defer cancel()
	err := m.write(ctx, leaving)
	if !errors.Is(err, errStale) {
		return err
	}
	revision, err := m.store.memberRevision(ctx, m.id)
	if errors.Is(err, errAbsent) {
		return ErrLost
	}
	if err != nil {
		return err
	}
	m.revision.Store(revision)
	return m.write(ctx, leaving)
}

func (m *membership) write(ctx context.Context, leaving bool) error {
	sent := time.Now()
	r := memberRecord{V: version, Name: m.cfg.Member, Slices: m.cfg.Slices, Leaving: leaving}
	revision, err := m.store.putMember(ctx, m.id, r, m.revision.Load())
	if err != nil {
		return err
	}
	m.revision.Store(revision)
	m.valid.extend(sent.Add(m.term))
	return nil
}

// end takes the record away. That it may fail is harmless: the record ends by itself after its TTL.
func (m *membership) end(ctx context.Context) {
	if err := m.store.endMember(ctx, m.id, m.revision.Load()); err != nil {
		m.log.Debug("member record ends by itself", "member", m.id, "err", err)
	}
}
