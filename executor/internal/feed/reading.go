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
		m, place, change := r.join()
		var err error
		switch {
		case m != nil:
			err = r.together(ctx, m, place)
		case r.enough(): // it is about to start
			select {
			case <-change:
			case <-ctx.Done():
			}
		default:
			err = r.alone(ctx, change)
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
	if ctx.Err() != nil {
		return nil
	}
	return r.failed
}

// join asks the shared reader to keep what comes from a place on; nil when it does not run, with a channel that is closed when that may have changed.
func (r *reading) join() (m *member, place uint64, change <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.place == 0 {
		return nil, 0, r.change
	}
	m = &member{offer: r.sink.Offer, left: make(chan struct{})}
	r.members[r.partition] = m
	return m, r.place, nil
}

// alone reads by a consumer of the partition's own until the shared reader starts.
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
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// together handles what was stored before the place at which it joined, then what was kept meanwhile, and then lets the shared reader offer
// each message, until that serves the partition no longer.
func (r *reading) together(ctx context.Context, m *member, place uint64) error {
	defer r.leave(m)
	before := r.rest()
	before.To = place - 1
	if r.next < place {
		if err := r.bus.ReadAll(ctx, before, r.take); err != nil {
			return err
		}
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
	messages, m.kept, m.bytes = m.kept, nil, 0
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
