package feed

import (
	"context"

	"antiraid/gateway/internal/route"
	"antiraid/gateway/internal/socket"
	"antiraid/shared/tenant"
)

// item is a dispatch on its way into the stream.
type item struct {
	socket.Dispatch
	tenant tenant.ID    // may be zero for a dead letter
	reason route.Reason // why it is no event; empty for an event
	size   int
	stored bool // or nobody's
	failed bool // given up because the feed ends
}

// queue is a FIFO of items.
type queue struct {
	items []*item
	head  int
}

func (q *queue) push(i *item) { q.items = append(q.items, i) }

func (q *queue) first() *item {
	if q.head == len(q.items) {
		return nil
	}
	return q.items[q.head]
}

func (q *queue) pop() {
	q.items[q.head] = nil
	q.head++
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	} else if q.head >= 1024 && q.head*2 >= len(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
}

// take finds the tenant of a dispatch and puts it at the end of the tenant's lane.
func (f *Feed) take(work context.Context, d socket.Dispatch) {
	i := &item{Dispatch: d, size: len(d.Data)}
	if d.Fault != "" {
		i.reason = route.Undecodable
	} else {
		i.tenant, i.reason = route.Dispatch(d.Type, d.Data, d.Bot)
	}
	f.events++
	f.bytes += i.size
	f.Metric.Waiting.Inc()
	f.order.push(i)
	if i.reason != "" && !i.reason.Dead() {
		f.Metric.Dropped.WithLabelValues(string(i.reason)).Inc()
		f.finish(i)
		return
	}
	lane, busy := f.lanes[i.tenant]
	if busy {
		lane.push(i)
		return
	}
	f.lanes[i.tenant] = &queue{}
	f.start(work, i)
}

// start publishes the first of a lane, or lets it wait for a free place.
func (f *Feed) start(work context.Context, i *item) {
	if f.flying >= f.cfg.Lanes {
		f.ready.push(i)
		return
	}
	f.flying++
	if f.flying > f.workers {
		f.workers++
		go f.work(work)
	}
	f.jobs <- i // has room for all that fly
}

// work publishes one item after another. Workers stay: a new goroutine for each event would spend a tenth of all time on growing its stack.
func (f *Feed) work(ctx context.Context) {
	for i := range f.jobs {
		i.failed = !f.out.store(ctx, i)
		f.done <- i
	}
}

// settle goes on after a publish has ended.
func (f *Feed) settle(work context.Context, i *item) {
	f.flying--
	if i.failed { // only at the end: nothing of this lane may follow
		delete(f.lanes, i.tenant)
		return
	}
	f.finish(i)
	lane := f.lanes[i.tenant]
	if next := lane.first(); next != nil {
		lane.pop()
		f.ready.push(next)
	} else {
		delete(f.lanes, i.tenant)
	}
	if next := f.ready.first(); next != nil {
		f.ready.pop()
		f.start(work, next)
	}
}

// finish marks an item as stored and reports how far everything is.
func (f *Feed) finish(i *item) {
	i.stored = true
	f.events--
	f.bytes -= i.size
	f.Metric.Waiting.Dec()
	i.Buffer.Release()
	i.Data, i.Buffer = nil, nil
	session, seq := "", int64(0)
	for first := f.order.first(); first != nil && first.stored; first = f.order.first() {
		if first.Session != session && seq > 0 {
			f.Stored(session, seq)
			seq = 0
		}
		session, seq = first.Session, max(first.Seq, seq)
		f.order.pop()
	}
	if seq > 0 {
		f.Stored(session, seq)
	}
}
