package feed

import (
	"context"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/subject"
)

// reading is one partition's way through the stream.
type reading struct {
	*Feed
	partition int
	next      uint64 // every message before it is handled
	sink      Sink
	failed    error // of the sink
}

// run goes on until ctx ends or the sink fails.
func (r *reading) run(ctx context.Context) error {
	for ctx.Err() == nil && r.failed == nil {
		m, change := r.join()
		var err error
		if m == nil {
			err = r.alone(ctx, change)
		} else {
			err = r.together(ctx, m)
		}
		if err == nil || ctx.Err() != nil || r.failed != nil {
			continue
		}
		r.log.Warn("partition is read on", "partition", r.partition, "from", r.next, "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
	return r.failed
}

// join asks the shared reader to keep what comes; nil when it does not run, with a channel that is closed when that may have changed.
func (r *reading) join() (*member, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.place == 0 {
		return nil, r.change
	}
	m := &member{offer: r.sink.Offer, left: make(chan struct{})}
	r.members[r.partition] = m
	return m, nil
}

// alone reads by a consumer of the partition's own until something has changed.
func (r *reading) alone(ctx context.Context, change <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-change:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := r.bus.Read(ctx, r.rest(), r.take)
	if ctx.Err() != nil { // something has changed
		return nil
	}
	return err
}

// together handles what was stored before it joined, then what was kept meanwhile, and then lets the shared reader offer each message, until
// that serves the partition no longer.
func (r *reading) together(ctx context.Context, m *member) error {
	defer r.leave(m)
	if err := r.bus.ReadAll(ctx, r.rest(), r.take); err != nil {
		return err
	}
	for {
		kept, more := r.kept(m)
		for _, msg := range kept {
			if err := r.take(msg); err != nil {
				return err
			}
		}
		if !more {
			break
		}
	}
	select {
	case <-ctx.Done():
	case <-m.left:
		r.next = max(r.next, m.resume)
	}
	return nil
}

// kept gives what the shared reader has kept; when there is nothing left, it offers from now on, unless it has ended the service.
func (r *reading) kept(m *member) (messages []*bus.Message, more bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	messages, m.kept = m.kept, nil
	if len(messages) == 0 && r.members[r.partition] == m {
		m.live, m.from = true, r.next
	}
	return messages, len(messages) > 0
}

// leave ends the service, unless it has ended.
func (r *reading) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members[r.partition] == m {
		r.dismiss(r.partition, 0)
	}
}

func (r *reading) rest() bus.Reading {
	return bus.Reading{Stream: subject.Events, Subjects: []string{subject.PartitionEvents(r.partition)}, From: r.next}
}

func (r *reading) take(m *bus.Message) error {
	if m.Seq < r.next {
		return nil
	}
	if r.failed = r.sink.Take(m); r.failed != nil {
		return r.failed
	}
	r.next = m.Seq + 1
	return nil
}
