package library

import (
	"context"
	"sync"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/kv"
	"antiraid/shared/subject"
)

// Run keeps what is known of tenants current until ctx ends; it watches again when the watch breaks.
func (l *Library) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := l.watch(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("watch of bundles is started again", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
	}
	return nil
}

func (l *Library) watch(ctx context.Context) error {
	stored, err := l.bundles.LastRevision(ctx)
	if err != nil {
		return err
	}
	return l.bundles.Watch(ctx, []string{">"}, func() { l.seen.reach(stored) }, func(e kv.Entry) {
		l.learn(e)
		l.seen.reach(e.Revision)
	})
}

// Current returns when every bundle is known that was stored before the call, or when ctx ends. Who takes a partition over needs that: what
// its former owner saw announced is not announced again.
func (l *Library) Current(ctx context.Context) error {
	stored, err := l.bundles.LastRevision(ctx)
	if err != nil {
		return err
	}
	select {
	case <-l.seen.await(stored):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Library) learn(e kv.Entry) {
	t, err := subject.ParseTenantKey(e.Key)
	if err != nil {
		l.log.Warn("bundle under a bad key is ignored", "key", e.Key, "err", err)
		return
	}
	if e.Deleted { // a tenant who leaves gets a version that says so: this is a loss, which the dispatcher makes good
		l.log.Warn("bundle is gone from its bucket; the tenant keeps what it had", "tenant", t)
		return
	}
	b, err := bundle.Decode(e.Value)
	if err != nil || b.Tenant != t {
		l.log.Error("bundle is ignored", "tenant", t, "err", err)
		return
	}
	l.index.put(b)
}

// progress is how far a reader has come in a bucket, for those who wait for it.
type progress struct {
	mu       sync.Mutex
	revision uint64
	waiting  map[chan struct{}]uint64
}

func (p *progress) reach(revision uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.revision = max(p.revision, revision)
	for ch, want := range p.waiting {
		if want <= p.revision {
			close(ch)
			delete(p.waiting, ch)
		}
	}
}

// await is closed when revision is reached.
func (p *progress) await(revision uint64) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	ch := make(chan struct{})
	if p.revision >= revision {
		close(ch)
		return ch
	}
	if p.waiting == nil {
		p.waiting = map[chan struct{}]uint64{}
	}
	p.waiting[ch] = revision
	return ch
}
