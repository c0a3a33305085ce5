// Package library is what an executor knows of its tenants: which events they want, what they have now, and the code for it, ready to run.
//
// For every tenant there is it keeps one small entry, fed by a watch: bundle version and the set of wanted event types (sets are shared). So
// a partition is taken over without loading anything. Bundles, compiled programs and warm VMs are caches over that: bounded, and rebuilt from the buckets when they are missed.
package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"antiraid/executor/internal/sandbox"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/kv"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Config bounds the caches.
type Config struct {
	Bundles  int   // decoded bundles
	Programs int   // compiled revisions
	Bytes    int64 // of each of these two
	VMBytes  int64 // warm VMs, all together
}

// Library is one process's.
type Library struct {
	cfg      Config
	bundles  *kv.Bucket
	blobs    *kv.Bucket
	log      *slog.Logger
	index    *index
	seen     progress // of the watch of bundles
	decoded  *cache[tenant.ID, *bundle.Bundle]
	programs *cache[string, program]
	compile  singleflight.Group
	vms      *pool
}

// program is a compiled revision, or why it cannot be compiled.
type program struct {
	*sandbox.Program
	failure *run.Failure
}

// Open opens the buckets.
func Open(ctx context.Context, b *bus.Bus, cfg Config, log *slog.Logger) (*Library, error) {
	l := &Library{cfg: cfg, log: log, index: newIndex(), vms: newPool(cfg.VMBytes)}
	var err error
	if l.bundles, err = kv.Open(ctx, b, subject.Bundles); err != nil {
		return nil, err
	}
	if l.blobs, err = kv.Open(ctx, b, subject.Blobs); err != nil {
		return nil, err
	}
	if l.decoded, err = newCache[tenant.ID, *bundle.Bundle](cfg.Bundles, cfg.Bytes); err != nil {
		return nil, err
	}
	l.programs, err = newCache[string, program](cfg.Programs, cfg.Bytes)
	return l, err
}

// Wants reports whether any template of a tenant wants events of a type. It does not allocate.
func (l *Library) Wants(t tenant.ID, typ string) bool { return l.index.wants(t, typ) }

// Expect says that a version of a tenant's bundle is in force: until it is known, the tenant is taken to want everything.
func (l *Library) Expect(t tenant.ID, version uint64) { l.index.expect(t, version) }

// Bundle is what the tenant has now, at least of a version; nil when it has nothing. It waits for a version that has been announced.
func (l *Library) Bundle(ctx context.Context, t tenant.ID, atLeast uint64) (*bundle.Bundle, error) {
	atLeast = max(atLeast, l.index.version(t))
	if b, ok := l.decoded.get(t); ok && b.Version >= atLeast {
		return b, nil
	}
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		b, size, err := l.fetch(ctx, t)
		switch {
		case err != nil:
			return nil, err
		case b == nil && atLeast == 0:
			return nil, nil
		case b != nil && b.Version >= atLeast:
			l.decoded.add(t, b, size)
			return b, nil
		}
		l.log.Warn("bundle is older than what was announced", "tenant", t, "want", atLeast)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// decodedBytes is about how much a decoded bundle holds for each byte of its record.
const decodedBytes = 4

func (l *Library) fetch(ctx context.Context, t tenant.ID) (b *bundle.Bundle, size int64, err error) {
	e, err := l.bundles.Get(ctx, subject.TenantKey(t))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if b, err = bundle.Decode(e.Value); err != nil {
		return nil, 0, err
	}
	l.index.put(b)
	return b, decodedBytes * int64(len(e.Value)), nil
}

// Program is a revision, compiled once for all tenants that have it. A failure is the revision's own: its content is what its key says, and
// cannot be used. That it is missing (the dispatcher restores it) or damaged is an error of the store.
func (l *Library) Program(ctx context.Context, name, revision string) (*sandbox.Program, *run.Failure, error) {
	if p, ok := l.programs.get(revision); ok {
		return p.Program, p.failure, nil
	}
	v, err, _ := l.compile.Do(revision, func() (any, error) {
		e, err := l.blobs.Get(ctx, revision)
		if err != nil {
			return nil, err
		}
		files, err := bundle.DecodeRevision(e.Value, revision)
		if errors.Is(err, bundle.ErrDamaged) {
			return nil, err
		}
		var p program
		if err != nil {
			p.failure = &run.Failure{Message: err.Error()}
		} else {
			p.Program, p.failure = sandbox.Compile(name, files)
		}
		l.programs.add(revision, p, p.Size())
		return p, nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("load revision %.12s of template %s: %w", revision, name, err)
	}
	p := v.(program)
	return p.Program, p.failure, nil
}

// VM takes a warm VM of a template of a tenant, or makes one.
func (l *Library) VM(ctx context.Context, t tenant.ID, tpl *bundle.Template) (*VM, *run.Failure, error) {
	key := vmKey{t, tpl.Name, tpl.Revision}
	if vm := l.vms.take(key); vm != nil {
		return vm, nil, nil
	}
	p, failure, err := l.Program(ctx, tpl.Name, tpl.Revision)
	if failure != nil || err != nil {
		return nil, failure, err
	}
	vm, err := sandbox.New(p)
	if err != nil {
		return nil, nil, fmt.Errorf("make a VM for template %s: %w", tpl.Name, err)
	}
	return &VM{VM: vm, key: key}, nil, nil
}

// Return gives a VM back; one that is not usable any more is dropped.
func (l *Library) Return(vm *VM) {
	if vm.Usable() {
		l.vms.put(vm)
	}
}
