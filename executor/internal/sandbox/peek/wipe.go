package peek

import (
	"sync"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// stack is a thread's calls. It grows by segments.
type stack struct {
	Segments []*segment
	SegIdx   uint16
	SegSp    uint8
}

// segment is room for a few calls.
type segment struct{ Array [lua.FramesPerSegment]Frame }

// Wipe forgets what returned calls have left on a thread: gopher-lua leaves their frames and registers as they were, and with them all
// that they had. The thread must not be running.
func Wipe(l *lua.LState) {
	s := OfState(l)
	ForgetCalls(s)
	clear(s.Reg.Array[s.Reg.Top:])
}

// ForgetCalls forgets the calls that have returned. The thread may be running.
func ForgetCalls(s *State) {
	calls := (*stack)((*[2]unsafe.Pointer)(unsafe.Pointer(&s.Stack))[1]) // an interface is a type and a pointer
	if at := calls.Segments[calls.SegIdx]; at != nil {
		clear(at.Array[calls.SegSp:])
	}
}

// segments is where gopher-lua keeps segments that no thread uses, for all machines of the process, as they were.
//
//go:linkname segments github.com/yuin/gopher-lua.segmentPool
var segments sync.Pool

// Drain lets go of the segments that no thread uses. Without it a thread that grows gets one that another machine has used, and keeps alive
// whatever that had. One segment for each processor cannot be reached; it goes with the second collection.
func Drain() {
	for segments.Get() != nil {
	}
}
