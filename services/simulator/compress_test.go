package simulator_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// TestPayloadCompression: large packets are a zlib stream each in a binary message, small ones are text.
func TestPayloadCompression(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c := hello(t, s)
	var kinds []websocket.MessageType
	c.decode = func(kind websocket.MessageType, data []byte) []byte {
		kinds = append(kinds, kind)
		if kind == websocket.MessageText {
			return data
		}
		return must(io.ReadAll(must(zlib.NewReader(bytes.NewReader(data)))))
	}
	c.say(2, ident(s, "compress", true))
	c.until("READY")
	c.until("GUILD_CREATE")
	must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
	c.until("MESSAGE_CREATE")
	want := []websocket.MessageType{websocket.MessageBinary, websocket.MessageBinary, websocket.MessageText}
	for i, kind := range kinds {
		if kind != want[i] {
			t.Errorf("message %d is of kind %v, want %v", i, kind, want[i])
		}
	}
}

// stream inflates a stream whose pieces come one by one; each holds one JSON value.
type stream struct {
	in     *io.PipeWriter
	values *json.Decoder
}

func newStream(t *testing.T, open func(io.Reader) io.Reader) *stream {
	r, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	return &stream{in: w, values: json.NewDecoder(&lazy{open: func() io.Reader { return open(r) }})}
}

func (s *stream) next(piece []byte) []byte {
	go s.in.Write(piece)
	var value json.RawMessage
	if err := s.values.Decode(&value); err != nil {
		panic(err)
	}
	return value
}

// lazy opens a reader when it is first read: decompressors read their header at once.
type lazy struct {
	open func() io.Reader
	r    io.Reader
}

func (l *lazy) Read(p []byte) (int, error) {
	if l.r == nil {
		l.r = l.open()
	}
	return l.r.Read(p)
}

func TestTransportCompression(t *testing.T) {
	for name, open := range map[string]func(io.Reader) io.Reader{
		"zlib-stream": func(r io.Reader) io.Reader { return must(zlib.NewReader(r)) },
		"zstd-stream": func(r io.Reader) io.Reader { return must(zstd.NewReader(r, zstd.WithDecoderConcurrency(1))) },
	} {
		t.Run(name, func(t *testing.T) {
			s := simulatortest.Start(t, simulator.Config{})
			c := dial(t, s.URL(), "v=10&encoding=json&compress="+name)
			stream := newStream(t, open)
			c.decode = func(kind websocket.MessageType, data []byte) []byte {
				if kind != websocket.MessageBinary {
					t.Errorf("a message is text")
				}
				if name == "zlib-stream" && binary.BigEndian.Uint32(data[len(data)-4:]) != 0x0000ffff {
					t.Errorf("a message ends with % x, want 00 00 ff ff", data[len(data)-4:])
				}
				return stream.next(data)
			}
			if f := c.next(); f.Op != 10 {
				t.Fatalf("first frame has op %d", f.Op)
			}
			c.say(2, ident(s, "compress", true)) // which is off with transport compression
			c.until("READY")
			for range 50 {
				must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "hello"))
				if m := as[simulator.Message](t, c.until("MESSAGE_CREATE").D); m.Content != "hello" {
					t.Errorf("got %q", m.Content)
				}
			}
		})
	}
}
