// Package kv is the key-value buckets: each key one value with a revision, written by compare-and-set.
//
// A revision is the place of the write in the bucket's stream: it only grows, over all keys. Whoever holds a key's revision can
// replace exactly that value; if anybody wrote in between, [ErrConflict].
package kv

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// Errors callers branch on.
var (
	ErrNotFound = errors.New("key not found")
	ErrConflict = errors.New("key was changed by somebody else")
)

// buckets is how each bucket keeps its keys.
var buckets = map[string]jetstream.KeyValueConfig{
	subject.Bundles: {History: 16, Description: "what each tenant has now"},
	subject.Blobs:   {History: 1, Description: "revisions by hash, write-once"},
	subject.State:   {History: 1, Description: "script state", LimitMarkerTTL: time.Hour},
	subject.Heads:   {History: 1, Description: "each tenant's last commit"},
	subject.Ledger:  {History: 1, Description: "effects performed", TTL: 24 * time.Hour},
	subject.Strikes: {History: 1, Description: "runs that were under way when a process ended", TTL: 24 * time.Hour},
	subject.Gateway: {History: 1, Description: "sessions and identify permits"},
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

// Open opens a bucket of the table and makes it if it is missing.
func Open(ctx context.Context, c Connection, name string) (*Bucket, error) {
	cfg, ok := buckets[name]
	if !ok {
		return nil, fmt.Errorf("open bucket %s: it is not in the table of buckets", name)
	}
	cfg.Bucket, cfg.Replicas, cfg.Storage = name, c.Replicas(), jetstream.FileStorage
	kv, err := c.JetStream().KeyValue(ctx, name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = c.JetStream().CreateKeyValue(ctx, cfg)
		if errors.Is(err, jetstream.ErrBucketExists) {
			kv, err = c.JetStream().KeyValue(ctx, name)
		}
	}
	var stream jetstream.Stream
	if err == nil {
		stream, err = c.JetStream().Stream(ctx, "KV_"+name)
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, err)
	}
	return &Bucket{name, c.JetStream(), kv, stream}, nil
}

// Get reads a key.
func (b *Bucket) Get(ctx context.Context, key string) (Entry, error) {
	e, err := b.kv.Get(ctx, key)
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
