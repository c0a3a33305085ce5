package stdlib

import "antiraid/executor/internal/sandbox/meter"

// Buffer is a text that a library function builds. Its room is paid for before it grows, and the run is seen to hold it until Release: what the
// function calls meanwhile may build such texts of its own.
type Buffer struct {
	m    *meter.Meter
	text []byte
}

// Buffer is a new one; the caller releases it.
func (c Call) Buffer() Buffer { return Buffer{m: c.Meter} }

// Len is the length in bytes.
func (b *Buffer) Len() int { return len(b.text) }

// Add appends s.
func (b *Buffer) Add(s string) {
	b.m.Work(1 + int64(len(s))/copyBytes)
	if need := len(b.text) + len(s); need > cap(b.text) {
		b.grow(need)
	}
	b.text = append(b.text, s...)
}

// copyBytes are copied in the time of one instruction.
const copyBytes = 256

func (b *Buffer) grow(need int) {
	if need > b.m.MaxText() {
		b.m.Text(need)
	}
	room := max(need+need/2, 64)
	b.m.Bytes(room, copyBytes)
	b.m.Pin(room)
	old := b.text
	b.text = append(make([]byte, 0, room), old...)
	b.m.Unpin(cap(old))
}

// String is the text, paid for.
func (b *Buffer) String() string {
	b.m.Text(len(b.text))
	return string(b.text)
}

// Release gives the room back.
func (b *Buffer) Release() {
	b.m.Unpin(cap(b.text))
	b.text = nil
}
