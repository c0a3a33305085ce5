package lease

import (
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// view is the group as one watch has shown it, up to some point of the bucket's stream. Members whose record ended never come back:
// each registration has an id of its own.
type view struct {
	members map[string]memberView
	slices  []sliceView
}

type memberView struct {
	memberRecord
	revision   uint64
	unreadable bool // of another version: it lives, but cannot be given slices
}

type sliceView struct {
	sliceRecord
	revision   uint64
	unreadable error // nobody may write over it
}

// change is what an entry changed for those who look at the view.
type change struct {
	members bool // who lives, or who may be given slices
	slice   int  // the slice whose record changed, or -1
}

func newView(slices int) *view {
	return &view{members: map[string]memberView{}, slices: make([]sliceView, slices)}
}

func (v *view) apply(e jetstream.KeyValueEntry) change {
	if _, n, err := subject.ParseSliceKey(e.Key()); err == nil {
		return change{slice: v.applySlice(n, e)}
	}
	if _, id, err := subject.ParseMemberKey(e.Key()); err == nil {
		return change{members: v.applyMember(id, e), slice: -1}
	}
	return change{slice: -1}
}

func (v *view) applySlice(n int, e jetstream.KeyValueEntry) int {
	if n >= len(v.slices) {
		return -1
	}
	s := sliceView{revision: e.Revision()}
	if e.Operation() == jetstream.KeyValuePut {
		s.sliceRecord, s.unreadable = parseSlice(e.Value())
	}
	v.slices[n] = s
	return n
}

func (v *view) applyMember(id string, e jetstream.KeyValueEntry) bool {
	old, known := v.members[id]
	if e.Operation() != jetstream.KeyValuePut {
		delete(v.members, id)
		return known
	}
	r, err := parseMember(e.Value())
	v.members[id] = memberView{r, e.Revision(), err != nil}
	return !known || old.memberRecord != r
}

// free reports whether nobody owns a slice who lives.
func (v *view) free(n int) bool {
	owner := v.slices[n].Owner
	_, lives := v.members[owner]
	return owner == "" || !lives
}

// candidates are the members that may be given slices.
func (v *view) candidates() []candidate {
	var list []candidate
	for id, m := range v.members {
		if !m.unreadable && !m.Leaving && m.Slices == len(v.slices) {
			list = append(list, candidate{id, m.Name})
		}
	}
	return list
}

// otherSlices returns a member that believes in another number of slices.
func (v *view) otherSlices() (memberView, bool) {
	for _, m := range v.members {
		if !m.unreadable && m.Slices != len(v.slices) {
			return m, true
		}
	}
	return memberView{}, false
}
