package socket

import (
	"context"
	"errors"
	"fmt"

	"github.com/coder/websocket"

	"antiraid/gateway/internal/wire"
)

// message is what the reader hands to the connection's loop: a frame, or bytes that are none.
type message struct {
	frame  wire.Frame
	buffer *Buffer
	fault  error
}

var errBinary = errors.New("read message: binary, although no compression was asked for")

// read hands every message to in until the connection breaks, is closed or gone is closed; then it says why. It needs no context: closing
// the connection ends it, and heartbeats tell when to.
func read(conn *websocket.Conn, in chan<- message, gone <-chan struct{}) error {
	var pool buffers
	for {
		kind, r, err := conn.Reader(context.Background())
		if err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		if kind != websocket.MessageText {
			return errBinary
		}
		buffer, err := pool.read(r)
		if err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		frame, fault := wire.Decode(buffer.bytes)
		select {
		case in <- message{frame, buffer, fault}:
		case <-gone:
			return errLeft
		}
	}
}
