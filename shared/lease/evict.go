package lease

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// Evict ends every membership under a name in a group, for whoever knows that the process behind it is gone: its slices are free at once,
// not when its record runs out. Evicting a member that lives costs it its slices and nothing else: it notices and joins again.
func Evict(ctx context.Context, c Connection, group, name string) error {
	s, err := openStore(ctx, c, Config{Group: group, TTL: 4 * time.Second})
	if err != nil {
		return err
	}
	var failed []error
	err = s.members(ctx, func(key string) { failed = append(failed, s.evict(ctx, key, name)) })
	return errors.Join(append(failed, err)...)
}

// members gives the key of each member's record to fn. Without an error those were all: the library's own list is short without a word
// when ctx ends.
func (s *store) members(ctx context.Context, fn func(key string)) error {
	listed, stop := context.WithCancel(ctx)
	defer stop()
	source, err := s.kv.Watch(listed, subject.MemberKeys(s.group), jetstream.IgnoreDeletes(), jetstream.MetaOnly())
	if err != nil {
		return fmt.Errorf("list the members of group %s: %w", s.group, err)
	}
	defer func() {
		stop()
		for range source.Updates() { // the library blocks on what nobody reads
		}
	}()
	for e := range source.Updates() {
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("list the members of group %s: %w", s.group, ctx.Err())
		case e == nil:
			return nil
		default:
			fn(e.Key())
		}
	}
	return fmt.Errorf("list the members of group %s: %w", s.group, errors.Join(errors.New("it ended early"), ctx.Err()))
}

// evict ends a member's record if it has that name, for the time it is as it was read: a member may renew in between.
func (s *store) evict(ctx context.Context, key, name string) error {
	for {
		e, err := s.get(ctx, key)
		if errors.Is(err, errAbsent) {
			return nil
		}
		if err != nil {
			return err
		}
		if r, err := parseMember(e.Value()); err != nil || r.Name != name {
			return nil
		}
		err = s.kv.Purge(ctx, key, jetstream.LastRevision(e.Revision()), jetstream.PurgeTTL(markerTTL))
		if err == nil || !errors.Is(named(err), errStale) {
			return err
		}
	}
}
