package lane

import "sort"

// outstanding are the events that were begun and not finished, in stream order. Finding one is logarithmic, the rest is constant.
type outstanding struct {
	last    uint64 // the last event seen
	entries []entry
	head    int // entries before it are finished and gone
}

type entry struct {
	seq  uint64
	done bool
}

// add begins an event; events come in stream order.
func (o *outstanding) add(seq uint64) {
	o.last = seq
	if o.head > 1024 && o.head > len(o.entries)/2 {
		o.entries = append(o.entries[:0], o.entries[o.head:]...)
		o.head = 0
	}
	o.entries = append(o.entries, entry{seq: seq})
}

// skip sees an event that needs nothing.
func (o *outstanding) skip(seq uint64) { o.last = max(o.last, seq) }

// finish ends an event, in any order.
func (o *outstanding) finish(seq uint64) {
	live := o.entries[o.head:]
	i := sort.Search(len(live), func(i int) bool { return live[i].seq >= seq })
	if i < len(live) && live[i].seq == seq {
		live[i].done = true
	}
	for o.head < len(o.entries) && o.entries[o.head].done {
		o.head++
	}
	if o.head == len(o.entries) {
		o.entries, o.head = o.entries[:0], 0
	}
}

// done is the last place before which, and at which, everything is finished.
func (o *outstanding) done() uint64 {
	if o.head < len(o.entries) {
		return o.entries[o.head].seq - 1
	}
	return o.last
}
