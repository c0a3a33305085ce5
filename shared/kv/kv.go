// Package kv is the key-value buckets: each key one value with a revision, written by compare-and-set.
//
// A revision is the place of the write in the bucket's stream: it only grows, over all keys. Whoever holds a key's revision can
// replace exactly that value; if anybody wrote in between, [ErrConflict].
//
// In a cluster Get and Last of state, heads, ledger, strikes and gateway are answered by the bucket's leader, so they show every write
// that was acknowledged before. Those of bundles and blobs, and Keys and Watch of every bucket, may come from a replica that is behind.
package kv

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// Errors callers branch on.
var (
	ErrNotFound = errors.New("key not found")
	ErrConflict = errors.New("key was changed by somebody else")
)

// keeping is how a bucket keeps its keys.
type keeping struct {
	jetstream.KeyValueConfig
	fresh bool // whoever reads it relies on seeing every write before: a replica that lags may not answer
}

var buckets = map[string]keeping{
	subject.Bundles: {jetstream.KeyValueConfig{History: 16, Description: "what each tenant has now"}, false},
	subject.Blobs:   {jetstream.KeyValueConfig{History: 1, Description: "revisions by hash, write-once"}, false},
	subject.State:   {jetstream.KeyValueConfig{History: 1, Description: "script state", LimitMarkerTTL: time.Hour}, true},
	subject.Heads:   {jetstream.KeyValueConfig{History: 1, Description: "each tenant's last commit"}, true},
	subject.Ledger:  {jetstream.KeyValueConfig{History: 1, Description: "effects performed", TTL: 24 * time.Hour}, true},
	subject.Strikes: {jetstream.KeyValueConfig{History: 1, Description: "runs that were under way when a process ended", TTL: 24 * time.Hour}, true},
	subject.Gateway: {jetstream.KeyValueConfig{History: 1, Description: "sessions and identify permits"}, true},
}

// Connection is what a bucket is opened on; *bus.Bus is one.
type Connection interface {
	JetStream() jetstream.JetStream
	Replicas() int
}

// Bucket is one bucket.
type Bucket struct {
	name   string
	js     jetstream.JetStream
	kv     jetstream.KeyValue
	stream jetstream.Stream // that holds it; kept, since to look it up is a round trip
}

// Entry is one key's value at a revision.
type Entry struct {
	Key      string
	Value    []byte
	Revision uint64
	Deleted  bool
	Time     time.Time // of the write
	Mark     Mark      // given by the writer, see [Bucket.Send]; read by [Bucket.Last] only
}

// Open opens a bucket of the table, makes it if it is missing, and gives it the replicas it lacks.
func Open(ctx context.Context, c Connection, name string) (*Bucket, error) {
	keep, ok := buckets[name]
	if !ok {
		return nil, fmt.Errorf("open bucket %s: it is not in the table of buckets", name)
	}
	keep.Bucket, keep.Replicas, keep.Storage = name, c.Replicas(), jetstream.FileStorage
	b, err := keep.open(ctx, c.JetStream())
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, err)
	}
	return b, nil
}

func (k keeping) open(ctx context.Context, js jetstream.JetStream) (*Bucket, error) {
	stream, err := js.Stream(ctx, "KV_"+k.Bucket)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if _, err = js.CreateKeyValue(ctx, k.KeyValueConfig); err == nil || errors.Is(err, jetstream.ErrBucketExists) {
			stream, err = js.Stream(ctx, "KV_"+k.Bucket)
		}
	}
	if err != nil {
		return nil, err
	}
	cfg := stream.CachedInfo().Config
	stale := k.fresh && cfg.AllowDirect && max(cfg.Replicas, k.Replicas) > 1
	if stale || cfg.Replicas < k.Replicas {
		cfg.AllowDirect = cfg.AllowDirect && !stale // else any replica answers reads, not only the leader
		cfg.Replicas = max(cfg.Replicas, k.Replicas)
		if stream, err = js.UpdateStream(ctx, cfg); err != nil {
			return nil, fmt.Errorf("make it %d replicas: %w", cfg.Replicas, err)
		}
	}
	kv, err := js.KeyValue(ctx, k.Bucket) // looked up last: it remembers who may answer
	if err != nil {
		return nil, err
	}
	return &Bucket{k.Bucket, js, kv, stream}, nil
}

// Get reads a key.
func (b *Bucket) Get(ctx context.Context, key string) (Entry, error) {
	e, err := b.kv.Get(ctx, key)
	if errors.Is(err, nats.ErrNoResponders) {
		if kv, now := b.js.KeyValue(ctx, b.name); now == nil { // since it was opened only the leader may answer
			e, err = kv.Get(ctx, key)
		}
	}
	if err != nil {
		return Entry{}, b.fail("get", key, err)
	}
	return entry(e), nil
}

// Create writes a key that does not exist, or was deleted, and returns its revision; [ErrConflict] when it exists.
func (b *Bucket) Create(ctx context.Context, key string, value []byte) (revision uint64, err error) {
	revision, err = b.kv.Create(ctx, key, value)
	return revision, b.fail("create", key, err)
}

// Update replaces the value of that revision and returns the new one; revision 0: the key must not exist, or was deleted.
func (b *Bucket) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	if revision == 0 { // what Get says of a deleted key; its tombstone has a revision
		return b.Create(ctx, key, value)
	}
	revision, err := b.kv.Update(ctx, key, value, revision)
	return revision, b.fail("update", key, err)
}

// Put writes a key whatever it was.
func (b *Bucket) Put(ctx context.Context, key string, value []byte) (revision uint64, err error) {
	revision, err = b.kv.Put(ctx, key, value)
	return revision, b.fail("put", key, err)
}

// Delete removes a key; with a revision above 0 only that value.
func (b *Bucket) Delete(ctx context.Context, key string, revision uint64) error {
	var options []jetstream.KVDeleteOpt
	if revision > 0 {
		options = append(options, jetstream.LastRevision(revision))
	}
	return b.fail("delete", key, b.kv.Delete(ctx, key, options...))
}

// Keys gives each existing key that matches a pattern of tokens to fn, in no order. Without an error those were all.
func (b *Bucket) Keys(ctx context.Context, pattern string, fn func(key string)) error {
	listed, stop := context.WithCancel(ctx)
	defer stop()
	err := b.watch(listed, []string{pattern}, stop, func(e Entry) { fn(e.Key) }, jetstream.IgnoreDeletes(), jetstream.MetaOnly())
	if err == nil && ctx.Err() != nil {
		err = b.fail("list", pattern, ctx.Err())
	}
	return err
}

// LastRevision is the revision of the bucket's last write; 0 when there never was one.
func (b *Bucket) LastRevision(ctx context.Context) (uint64, error) {
	s, err := b.js.Stream(ctx, "KV_"+b.name) // not b.stream: to ask it again would change what its readers use
	if err != nil {
		return 0, b.fail("get", "the last revision", err)
	}
	return s.CachedInfo().State.LastSeq, nil
}

// Watch gives every key that matches one of the patterns to fn as it is now, then ready is called, then each change follows, in order of
// revisions, until ctx ends (nil) or the watch breaks (an error; watch again).
func (b *Bucket) Watch(ctx context.Context, patterns []string, ready func(), fn func(Entry)) error {
	return b.watch(ctx, patterns, ready, fn)
}

func (b *Bucket) watch(ctx context.Context, patterns []string, ready func(), fn func(Entry), options ...jetstream.WatchOpt) error {
	w, err := b.kv.WatchFiltered(ctx, patterns, options...)
	if err != nil {
		return b.fail("watch", fmt.Sprint(patterns), err)
	}
	defer w.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.Updates():
			switch {
			case !ok && ctx.Err() != nil: // the library closes it then
				return nil
			case !ok:
				return b.fail("watch", fmt.Sprint(patterns), errors.New("the watch was closed"))
			case e == nil:
				ready()
			default:
				fn(entry(e))
			}
		}
	}
}

func entry(e jetstream.KeyValueEntry) Entry {
	return Entry{Key: e.Key(), Value: e.Value(), Revision: e.Revision(), Deleted: e.Operation() != jetstream.KeyValuePut, Time: e.Created()}
}

// fail names operation and key, and maps what the server says to the errors callers branch on.
func (b *Bucket) fail(op, key string, err error) error {
	var api *jetstream.APIError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrKeyNotFound), errors.Is(err, jetstream.ErrKeyDeleted):
		err = ErrNotFound
	case errors.Is(err, jetstream.ErrKeyExists), errors.As(err, &api) && (api.ErrorCode == 10071 || api.ErrorCode == 10164):
		err = ErrConflict
	}
	return fmt.Errorf("%s %s in bucket %s: %w", op, key, b.name, err)
}
