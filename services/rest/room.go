package rest

import "sync"

// Bounds of one lane's memory, beside some hundred bytes for each message of its window.
const (
	laneBytes  = 8 << 20 // payloads of waiting messages; more are read again from the stream when their turn comes
	keysAtOnce = 16      // of one tenant: channels, say, of which each may wait for a limit of its own
)

// room is space for payloads.
type room struct {
	mu   sync.Mutex
	left int
}

func newRoom(bytes int) *room { return &room{left: bytes} }

// take reports whether there was room.
func (r *room) take(bytes int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if bytes > r.left {
		return false
	}
	r.left -= bytes
	return true
}

func (r *room) give(bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += bytes
}
