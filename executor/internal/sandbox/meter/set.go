package meter

import (
	"math/bits"
	"unsafe"
)

// set is a set of addresses. It is plain numbers, which the garbage collector does not look at: what is in it must be kept alive by others, or
// not matter any more. The zero set is empty and stays so.
type set struct {
	slots []uintptr // a power of two of them; 0: free
	n     int
	pause func() // called now and then while the set grows
}

// newSet makes a set with room for n addresses.
func newSet(n int, pause func()) *set {
	return &set{slots: make([]uintptr, max(64, 1<<bits.Len(uint(4*n/3)))), pause: pause}
}

// add reports whether p was not in the set.
func (s *set) add(p unsafe.Pointer) bool {
	if 4*(s.n+1) > 3*len(s.slots) {
		s.grow()
	}
	i := s.find(uintptr(p))
	if s.slots[i] != 0 {
		return false
	}
	s.slots[i] = uintptr(p)
	s.n++
	return true
}

func (s *set) has(p unsafe.Pointer) bool { return s.n > 0 && s.slots[s.find(uintptr(p))] != 0 }

// find is the slot that holds p, or would.
func (s *set) find(p uintptr) uintptr {
	mask := uintptr(len(s.slots) - 1)
	i := uintptr(uint64(p)*0x9E3779B97F4A7C15>>32) & mask
	for s.slots[i] != 0 && s.slots[i] != p {
		i = (i + 1) & mask
	}
	return i
}

func (s *set) grow() {
	old := s.slots
	s.slots = make([]uintptr, 2*len(old))
	for i, p := range old {
		if i%stretch == stretch-1 {
			s.pause()
		}
		if p != 0 {
			s.slots[s.find(p)] = p
		}
	}
}

// all calls f for each address.
func (s *set) all(f func(p unsafe.Pointer)) {
	for i := range s.slots {
		if s.slots[i] != 0 {
			f(*(*unsafe.Pointer)(unsafe.Pointer(&s.slots[i])))
		}
	}
}
