package wire

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"antiraid/shared/tenant"
)

// Began is what a READY dispatch says about the new session.
type Began struct {
	Session   string // its id
	ResumeURL string // where to resume it
	Bot       uint64 // the user id of the bot itself
	Seq       int64  // of the READY itself
}

var errReady = errors.New("without a usable session id, resume URL, user and sequence number")

// ReadReady reads a READY dispatch.
func ReadReady(f Frame) (Began, error) {
	found := gjson.GetManyBytes(f.Data, "session_id", "resume_gateway_url", "user.id")
	bot, err := tenant.ParseSnowflake(found[2].Str)
	if err != nil || !ValidSession(found[0].Str) || f.Seq == 0 {
		return Began{}, fmt.Errorf("read READY: %w", errReady)
	}
	if _, err := Address(found[1].Str); err != nil {
		return Began{}, fmt.Errorf("read READY: %w", err)
	}
	return Began{Session: strings.Clone(found[0].Str), ResumeURL: strings.Clone(found[1].Str), Bot: bot, Seq: f.Seq}, nil
}

// ValidSession reports whether a session id can be part of a message id: 1 to 128 of A–Z, a–z, 0–9, _ and -.
func ValidSession(id string) bool {
	bad := func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	return id != "" && len(id) <= 128 && !strings.ContainsFunc(id, bad)
}

// ReadHello reads the heartbeat interval from the data of a HELLO; it must be between 1 ms and 10 min.
func ReadHello(data []byte) (time.Duration, error) {
	ms, ok := whole(gjson.GetBytes(data, "heartbeat_interval"), 600_000)
	if !ok || ms == 0 {
		return 0, errors.New("read HELLO: without a usable heartbeat_interval")
	}
	return time.Duration(ms) * time.Millisecond, nil
}
