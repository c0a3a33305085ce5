package lease

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

var (
	errStale  = errors.New("the record was changed by somebody else")
	errAbsent = errors.New("there is no such record")
)

// markerTTL is how long the bucket shows that a member's record ended; much longer than a watch may be blind.
const markerTTL = time.Minute

// store reads and writes one group's records.
type store struct {
	js    jetstream.JetStream
	kv    jetstream.KeyValue
	group string
	ttl   time.Duration // of members
	wait  time.Duration // for one answer
}

func openStore(ctx context.Context, c Connection, cfg Config) (*store, error) {
	js := c.JetStream()
	kv, err := js.KeyValue(ctx, subject.Leases)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = js.CreateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: subject.Leases, Description: "who owns which slice", History: 1,
			LimitMarkerTTL: markerTTL, Storage: jetstream.FileStorage, Replicas: c.Replicas(),
		})
		if errors.Is(err, jetstream.ErrBucketExists) {
			kv, err = js.KeyValue(ctx, subject.Leases)
		}
	}
	if err == nil && c.Replicas() > 1 {
		err = replicate(ctx, js, c.Replicas())
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", subject.Leases, err)
	}
	return &store{js: js, kv: kv, group: cfg.Group, ttl: cfg.TTL, wait: cfg.TTL / 2}, nil
}

// replicate gives the bucket the replicas that it lacks.
func replicate(ctx context.Context, js jetstream.JetStream, replicas int) error {
	stream, err := js.Stream(ctx, "KV_"+subject.Leases)
	if err != nil {
		return err
	}
	cfg := stream.CachedInfo().Config
	if cfg.Replicas >= replicas {
		return nil
	}
	cfg.Replicas = replicas
	if _, err := js.UpdateStream(ctx, cfg); err != nil {
		return fmt.Errorf("make it %d replicas: %w", replicas, err)
	}
	return nil
}

// reconnects is how often the connection was made again.
func (s *store) reconnects() uint64 { return s.js.Conn().Stats().Reconnects }

// putMember creates (revision 0) or renews a member's record for another TTL.
func (s *store) putMember(ctx context.Context, id string, r memberRecord, revision uint64) (uint64, error) {
	return s.put(ctx, subject.MemberKey(s.group, id), r, revision, jetstream.WithMsgTTL(s.ttl))
}

// memberRevision is the revision of a member's record; errAbsent once it has ended.
func (s *store) memberRevision(ctx context.Context, id string) (uint64, error) {
	e, err := s.get(ctx, subject.MemberKey(s.group, id))
	if err != nil {
		return 0, err
	}
	return e.Revision(), nil
}

// endMember ends a member's record at once.
func (s *store) endMember(ctx context.Context, id string, revision uint64) error {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	key := subject.MemberKey(s.group, id)
	if err := s.kv.Purge(ctx, key, jetstream.LastRevision(revision), jetstream.PurgeTTL(markerTTL)); err != nil {
		return fmt.Errorf("end %s: %w", key, err)
	}
	return nil
}

// putSlice replaces the record at a revision (0: there is none); errStale when that is not the latest.
func (s *store) putSlice(ctx context.Context, n int, r sliceRecord, revision uint64) (uint64, error) {
	return s.put(ctx, subject.SliceKey(s.group, n), r, revision)
}

func (s *store) slice(ctx context.Context, n int) (sliceRecord, uint64, error) {
	e, err := s.get(ctx, subject.SliceKey(s.group, n))
	if err != nil {
		return sliceRecord{}, 0, err
	}
	r, err := parseSlice(e.Value())
	if err != nil {
		return sliceRecord{}, 0, fmt.Errorf("read %s: %w", e.Key(), err)
	}
	return r, e.Revision(), nil
}

func (s *store) get(ctx context.Context, key string) (jetstream.KeyValueEntry, error) {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	e, err := s.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		err = errAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return e, nil
}

func (s *store) put(ctx context.Context, key string, record any, revision uint64, opts ...jetstream.PublishOpt) (uint64, error) {
	value, err := json.Marshal(record)
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", key, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	msg := &nats.Msg{Subject: subject.ValueSubject(subject.Leases, key), Data: value, Header: nats.Header{}}
	ack, err := s.js.PublishMsg(ctx, msg, append(opts, jetstream.WithExpectLastSequencePerSubject(revision))...)
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", key, named(err))
	}
	return ack.Sequence, nil
}

// Error codes of a wrong expected revision: one replica, and several.
const (
	codeWrongSequence         = 10071
	codeWrongSequenceReplicas = 10164
)

func named(err error) error {
	var api *jetstream.APIError
	if errors.As(err, &api) && (api.ErrorCode == codeWrongSequence || api.ErrorCode == codeWrongSequenceReplicas) {
		return errStale
	}
	return err
}
