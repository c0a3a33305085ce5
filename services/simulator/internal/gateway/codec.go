package gateway

import (
	"bytes"
	"compress/zlib"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// codec is how a connection's frames are compressed.
//
// Payload compression makes single packets a zlib stream each: the documents say "some", here it is the large kinds. Transport
// compression is one stream over the whole connection, and switches the other off.
type codec struct {
	payload bool
	stream  flusher
	out     *bytes.Buffer // of stream
}

type flusher interface {
	Write([]byte) (int, error)
	Flush() error
}

// newCodec reads the query's `compress`.
func newCodec(compress string) (codec, error) {
	out := new(bytes.Buffer)
	switch compress {
	case "":
		return codec{}, nil
	case "zlib-stream":
		return codec{stream: zlib.NewWriter(out), out: out}, nil
	case "zstd-stream":
		w, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
		return codec{stream: w, out: out}, err
	}
	return codec{}, fmt.Errorf("compress %.32q: want zlib-stream or zstd-stream", compress)
}

// event is an event's frame before the transport.
func (k codec) event(e numbered) (data []byte, binary bool) {
	data = e.frame()
	if !k.payload || k.stream != nil {
		return data, false
	}
	switch e.kind {
	case "READY", "GUILD_CREATE", "GUILD_MEMBERS_CHUNK":
		return deflate(data), true
	}
	return data, false
}

// transport is what goes onto the wire: every message ends with a flush, for zlib with 00 00 FF FF.
func (k codec) transport(data []byte, binary bool) ([]byte, bool, error) {
	if k.stream == nil {
		return data, binary, nil
	}
	k.out.Reset()
	if _, err := k.stream.Write(data); err != nil {
		return nil, false, fmt.Errorf("compress a message: %w", err)
	}
	if err := k.stream.Flush(); err != nil {
		return nil, false, fmt.Errorf("compress a message: %w", err)
	}
	return bytes.Clone(k.out.Bytes()), true, nil
}

// deflate is a whole zlib stream.
func deflate(data []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(data)
	w.Close()
	return out.Bytes()
}
