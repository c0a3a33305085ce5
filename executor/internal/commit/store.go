package commit

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/semaphore"

	"antiraid/shared/bus"
	"antiraid/shared/kv"
	"antiraid/shared/plain"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Limits of what is kept in memory; the truth is in the buckets.
const (
	idleTenants = 4096
	tenantCache = 24 << 10 // bytes of values for each
)

// Store opens tenants. One process has one.
type Store struct {
	bus   *bus.Bus
	heads *kv.Bucket
	state *kv.Bucket
	lists *semaphore.Weighted // of keys that are read at once: one may be of megabytes, which no run's memory has room for
	point func(string) error  // tests die here; nil otherwise

	mu   sync.Mutex
	open map[tenant.ID]*Tenant              // in use
	idle *simplelru.LRU[tenant.ID, *Tenant] // not in use, kept warm
	// settled are the revisions of heads that are known to be applied, of tenants that are kept no longer: what was sent days ago must not be
	// sent again, only because its tenant is back.
	settled [tenant.Partitions]map[tenant.ID]uint64
}

// maxLists are read at once: at 50,000 keys of 512 bytes, some 30 MiB each.
const maxLists = 4

// Open opens the buckets.
func Open(ctx context.Context, b *bus.Bus) (*Store, error) {
	s := &Store{bus: b, open: map[tenant.ID]*Tenant{}, lists: semaphore.NewWeighted(maxLists)}
	var err error
	if s.heads, err = kv.Open(ctx, b, subject.Heads); err != nil {
		return nil, err
	}
	if s.state, err = kv.Open(ctx, b, subject.State); err != nil {
		return nil, err
	}
	s.idle, err = simplelru.NewLRU(idleTenants, s.dropped)
	return s, err
}

// Cut says where events were lost: none is left behind Events, and heads up to a revision were written before.
type Cut struct {
	Events uint64 `json:"events"`
	Heads  uint64 `json:"heads"`
}

// Cut is a cut of now, behind the last event that is left.
func (s *Store) Cut(ctx context.Context, last uint64) (*Cut, error) {
	heads, err := s.heads.LastRevision(ctx)
	return &Cut{last, heads}, err
}

// Acquire opens a tenant whose events up to position are known to be done and applied, and finishes a commit beyond it that its former
// owner left half applied. Of events behind a cut, if there is one, it may say that they are done: those were others. Release it after use.
func (s *Store) Acquire(ctx context.Context, id tenant.ID, position uint64, cut *Cut) (*Tenant, error) {
	t, settled := s.take(id)
	t.commit.Lock()
	defer t.commit.Unlock()
	var err error
	if !t.loaded {
		var runs []redo
		if runs, err = t.load(ctx); err == nil && t.mark.Commit != settled && len(runs) > 0 && runs[len(runs)-1].Seq > position {
			t.committed(runs)
		}
		t.rewind(cut)
	}
	if err == nil {
		err = t.redo(ctx)
	}
	if err != nil {
		s.Release(t)
		return nil, fmt.Errorf("open state of %s: %w", id, err)
	}
	t.loaded = true
	return t, nil
}

// View gives a tenant's state to look at, outside every lane: nothing is to be committed through it. It shows what is committed, be it applied
// yet or not.
func (s *Store) View(ctx context.Context, id tenant.ID) (*Tenant, error) {
	t := s.make(id, 64<<20)
	runs, err := t.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the state of %s: %w", id, err)
	}
	t.committed(runs)
	return t, nil
}

func (s *Store) make(id tenant.ID, cache int) *Tenant {
	return &Tenant{
		id: id, store: s, room: cache,
		changed: map[string]uint64{}, scopes: map[string]uint64{}, cells: map[string]cell{}, keys: map[string]map[string]struct{}{},
	}
}

// take gives the tenant's one object in this process, and the revision of its head that is known to be applied, if there is one.
func (s *Store) take(id tenant.ID) (t *Tenant, settled uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, inUse := s.open[id]
	if !inUse {
		var kept bool
		if t, kept = s.idle.Peek(id); kept {
			s.idle.Remove(id)
		} else {
			t = s.make(id, tenantCache)
		}
		settled = s.settled[id.Partition()][id]
		delete(s.settled[id.Partition()], id)
		s.open[id] = t
	}
	t.users++
	return t, settled
}

// Release gives a tenant back. It is kept warm as long as there is room.
func (s *Store) Release(t *Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.users--; t.users == 0 {
		delete(s.open, t.id)
		s.idle.Add(t.id, t)
	}
}

// dropped remembers of a tenant that is not kept only that all it has committed is applied. The caller holds mu, and nobody uses t.
func (s *Store) dropped(id tenant.ID, t *Tenant) {
	if !t.loaded || len(t.pending) > 0 {
		return
	}
	p := id.Partition()
	if s.settled[p] == nil {
		s.settled[p] = map[tenant.ID]uint64{}
	}
	s.settled[p][id] = t.mark.Commit
}

// Forget drops the idle tenants of a partition that this process no longer owns: their cache would grow stale.
func (s *Store) Forget(partition int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.idle.Keys() {
		if id.Partition() == partition {
			s.idle.Remove(id)
		}
	}
	s.settled[partition] = nil
}

// outbox publishes the effects of runs that were not awaited, and the records; wait returns when they are stored.
func (s *Store) outbox(ctx context.Context, runs []redo) (wait func() error, err error) {
	var pending []bus.Pending
	send := func(subj, id string, data []byte) error {
		p, err := s.bus.PublishAsync(bus.Outgoing{Subject: subj, ID: id, Data: data})
		pending = append(pending, p)
		return err
	}
	for i := range runs {
		if err := s.post(&runs[i], send); err != nil {
			return nil, err
		}
	}
	return func() error {
		for _, p := range pending {
			if _, err := p.Wait(ctx); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// post sends what goes out of one run.
func (s *Store) post(r *redo, send func(subj, id string, data []byte) error) error {
	for _, e := range r.Effects {
		if e.Awaited {
			continue
		}
		if err := s.at("effect"); err != nil {
			return err
		}
		data, err := plain.JSON(e)
		if err != nil {
			return fmt.Errorf("encode effect %s: %w", e.ID, err)
		}
		if err := send(subject.Effect(e.Lane(), e.Tenant, e.Op), e.ID, data); err != nil {
			return err
		}
	}
	if err := s.at("record"); err != nil {
		return err
	}
	return send(subject.Run(r.Tenant, r.Template, string(r.Outcome)), r.Run, r.data)
}

// publish sends the outbox of runs that commit nothing, and waits.
func (s *Store) publish(ctx context.Context, runs []redo) error {
	wait, err := s.outbox(ctx, runs)
	if err != nil {
		return err
	}
	return wait()
}

// at is a point between two instructions at which a process may die.
func (s *Store) at(point string) error {
	if s.point == nil {
		return nil
	}
	return s.point(point)
}

// keys reads the keys of a scope from the bucket, and calls heard for each.
func (s *Store) keys(ctx context.Context, id tenant.ID, scope string, heard func()) (map[string]struct{}, error) {
	listed, stop := context.WithCancel(ctx)
	defer stop()
	keys := map[string]struct{}{}
	prefix := subject.StatePrefix(id, scope)
	err := s.state.Keys(listed, prefix+"*", func(full string) {
		heard()
		if key, err := subject.Decode(full[len(prefix):]); err == nil {
			keys[key] = struct{}{}
		}
		if len(keys) > maxKeys {
			stop()
		}
	})
	if len(keys) > maxKeys {
		return nil, manyKeys{}
	}
	return keys, err
}
