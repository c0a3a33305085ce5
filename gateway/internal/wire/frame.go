// Package wire is the language of Discord's gateway, version 10 with JSON: what its frames mean and what may be said in return.
//
// Protocol facts: https://discord.com/developers/docs/events/gateway and /topics/opcodes-and-status-codes.
package wire

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Op is the first word of every frame.
type Op int

// Opcodes that the gateway sends or understands.
const (
	Dispatch       Op = 0  // received: an event, with a sequence number and a type
	Heartbeat      Op = 1  // both ways; received, it asks for a heartbeat at once
	Identify       Op = 2  // sent: begin a session
	Resume         Op = 6  // sent: go on with a session
	Reconnect      Op = 7  // received at any time, even before Hello: connect again and resume
	InvalidSession Op = 9  // received: data true says that the session may still be resumed
	Hello          Op = 10 // received first: the heartbeat interval
	HeartbeatACK   Op = 11 // received after each heartbeat
)

// Frame is one frame as it was received. Data is part of the bytes that were decoded, not a copy.
type Frame struct {
	Op   Op
	Seq  int64  // of a dispatch; 0 where there was none
	Type string // of a dispatch
	Data []byte // the raw value of d; nil when absent
}

// maxSeq bounds sequence numbers to what every JSON reader can hold exactly.
const maxSeq = 1 << 53

var (
	errSyntax    = errors.New("not valid JSON")
	errDeep      = errors.New("nested too deep")
	errObject    = errors.New("not an object")
	errDuplicate = errors.New("a field stands twice")
	errOp        = errors.New("op is not a small number")
	errSeq       = errors.New("s is not a sequence number")
	errType      = errors.New("t is not text")
)

// Decode reads a frame without decoding its data. The whole frame is checked to be valid JSON.
func Decode(raw []byte) (Frame, error) {
	text := unsafe.String(unsafe.SliceData(raw), len(raw)) // lives no longer than this call; raw is not written to meanwhile
	if tooDeep(raw) {
		return Frame{}, fmt.Errorf("decode frame: %w", errDeep)
	}
	if !gjson.Valid(text) {
		return Frame{}, fmt.Errorf("decode frame: %w", errSyntax)
	}
	envelope := gjson.Parse(text)
	if !envelope.IsObject() {
		return Frame{}, fmt.Errorf("decode frame: %w", errObject)
	}
	f, seen, err := Frame{Op: -1}, fields{}, error(nil)
	envelope.ForEach(func(key, value gjson.Result) bool {
		err = seen.add(key.Str)
		if err == nil {
			err = f.set(raw, key.Str, value)
		}
		return err == nil
	})
	if err == nil && f.Op < 0 {
		err = errOp
	}
	if err != nil {
		return Frame{}, fmt.Errorf("decode frame: %w", err)
	}
	return f, nil
}

func (f *Frame) set(raw []byte, key string, value gjson.Result) error {
	switch key {
	case "op":
		n, ok := whole(value, math.MaxUint8)
		if !ok {
			return errOp
		}
		f.Op = Op(n)
	case "s":
		n, ok := whole(value, maxSeq)
		if !ok && value.Type != gjson.Null {
			return errSeq
		}
		f.Seq = n
	case "t":
		if value.Type != gjson.String && value.Type != gjson.Null {
			return errType
		}
		f.Type = strings.Clone(value.Str)
	case "d":
		f.Data = raw[value.Index : value.Index+len(value.Raw)]
	}
	return nil
}

// fields remembers which of the four fields stood in the frame: two readers of a frame with a field twice could disagree.
type fields struct{ op, s, t, d bool }

func (f *fields) add(key string) error {
	var seen *bool
	switch key {
	case "op":
		seen = &f.op
	case "s":
		seen = &f.s
	case "t":
		seen = &f.t
	case "d":
		seen = &f.d
	default:
		return nil
	}
	if *seen {
		return errDuplicate
	}
	*seen = true
	return nil
}

// whole reads a number that is whole and between 0 and limit.
func whole(v gjson.Result, limit float64) (int64, bool) {
	if v.Type != gjson.Number || v.Num < 0 || v.Num > limit || v.Num != math.Trunc(v.Num) {
		return 0, false
	}
	return int64(v.Num), true
}
