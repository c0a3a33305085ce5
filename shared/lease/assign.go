package lease

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// candidate is a member that may own slices.
type candidate struct{ id, name string }

// assign says which member should own each of n slices: rendezvous hashing with bounded loads.
//
// Each slice, in order, goes to the member whose hash with it is highest and that has room. Every member gets n/len(members) slices,
// rounded down or up. The result depends on the set of members only. Without members all owners are empty.
func assign(n int, members []candidate) []string {
	owners := make([]string, n)
	if len(members) == 0 {
		return owners
	}
	members = slices.SortedFunc(slices.Values(members), func(a, b candidate) int { return cmp.Compare(a.id, b.id) })
	room := newRoom(n, len(members))
	for s := range owners {
		best, high := -1, uint64(0)
		for i, m := range members {
			if !room.has(i) {
				continue
			}
			if w := weight(m.name, s); best < 0 || w > high {
				best, high = i, w
			}
		}
		room.take(best)
		owners[s] = members[best].id
	}
	return owners
}

// room counts what each member may still get: n/m slices, and n%m of them one more.
type room struct {
	load  []int
	least int
	more  int
}

func newRoom(n, m int) *room { return &room{make([]int, m), n / m, n % m} }

func (r *room) has(i int) bool { return r.load[i] < r.least || r.load[i] == r.least && r.more > 0 }

func (r *room) take(i int) {
	if r.load[i] == r.least {
		r.more--
	}
	r.load[i]++
}

// weight is the same in every process and for ever: members of different versions must agree on it.
func weight(name string, slice int) uint64 {
	sum := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(name), uint32(slice)))
	return binary.BigEndian.Uint64(sum[:])
}
