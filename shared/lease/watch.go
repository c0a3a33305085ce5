package lease

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// watch shows every record of the group as it is, then each change, in the order of the bucket's stream.
//
// It says when it has begun with a nil entry, and closes entries when it ends, for whatever reason. That it is still alive is for its
// reader to find out: a member's own renewals must come by.
type watch struct {
	entries chan jetstream.KeyValueEntry
	stop    context.CancelFunc
}

func (s *store) watch(ctx context.Context, spawn func(func())) *watch {
	ctx, stop := context.WithCancel(ctx)
	w := &watch{make(chan jetstream.KeyValueEntry), stop}
	spawn(func() {
		defer stop()
		defer close(w.entries)
		w.run(ctx, s)
	})
	return w
}

func (w *watch) run(ctx context.Context, s *store) {
	source, err := s.kv.Watch(ctx, subject.LeaseKeys(s.group)) // lives as long as ctx
	if err != nil {
		return
	}
	defer func() {
		w.stop()
		for range source.Updates() { // the library blocks on what nobody reads
		}
	}()
	if !w.give(ctx, nil) {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-source.Updates():
			if !ok || e != nil && !w.give(ctx, e) {
				return
			}
		}
	}
}

func (w *watch) give(ctx context.Context, e jetstream.KeyValueEntry) bool {
	select {
	case w.entries <- e:
		return true
	case <-ctx.Done():
		return false
	}
}
