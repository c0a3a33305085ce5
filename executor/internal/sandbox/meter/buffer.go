package meter

// Buffer is a text that a library function builds. Its room is paid for before it grows, and the run is seen to hold it until Release: what the
// function calls meanwhile may build such texts of its own.
type Buffer struct {
	m    *Meter
	text []byte
}

// Buffer is a new one; the caller releases it.
func (m *Meter) Buffer() Buffer { return Buffer{m: m} }

// Len is the length in bytes.
func (b *Buffer) Len() int { return len(b.text) }

// Add appends s.
func (b *Buffer) Add(s string) {
	b.reserve(len(s))
	b.text = append(b.text, s...)
}

// Append appends s.
func (b *Buffer) Append(s ...byte) {
	b.reserve(len(s))
	b.text = append(b.text, s...)
}

func (b *Buffer) reserve(n int) {
	b.m.Work(1 + int64(n)/CopyBytes)
	if need := len(b.text) + n; need > cap(b.text) {
		b.grow(need)
	}
}

func (b *Buffer) grow(need int) {
	if need > b.m.MaxText() {
		b.m.Text(need)
	}
	room := max(need+need/2, 64)
	b.m.Bytes(room, CopyBytes)
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

// Bytes is the text itself; it is the caller's when the Buffer is released.
func (b *Buffer) Bytes() []byte { return b.text }

// Release gives the room back.
func (b *Buffer) Release() {
	b.m.Unpin(cap(b.text))
	b.text = nil
}
