package socket

import (
	"io"
	"sync"
)

// keepBuffer is the largest buffer, in bytes, that is kept for another message.
const keepBuffer = 64 << 10

// buffers are used again: a message's bytes are read once and then only looked at, until they are published.
type buffers struct{ pool sync.Pool }

// Buffer is the bytes of one message.
type Buffer struct {
	bytes []byte
	home  *buffers
}

// Release gives the bytes back. Nobody may look at them afterwards.
func (b *Buffer) Release() {
	if b != nil && cap(b.bytes) <= keepBuffer {
		b.home.pool.Put(b)
	}
}

// read reads a whole message.
func (p *buffers) read(r io.Reader) (*Buffer, error) {
	b, ok := p.pool.Get().(*Buffer)
	if !ok {
		b = &Buffer{bytes: make([]byte, 0, 2048), home: p}
	}
	b.bytes = b.bytes[:0]
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = append(b.bytes, 0)[:len(b.bytes)]
		}
		n, err := r.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			b.Release()
			return nil, err
		}
	}
}
