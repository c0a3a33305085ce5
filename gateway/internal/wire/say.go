package wire

import (
	"encoding/json"
	"fmt"
	"net/url"
	"runtime"
	"strconv"

	"antiraid/shared/config"
)

// MaxSent is the largest payload, in bytes, that a client may send; the gateway closes with 4002 on a larger one.
const MaxSent = 4096

// SayHeartbeat is a heartbeat with the last sequence number; 0 is written as null.
func SayHeartbeat(seq int64) []byte {
	if seq == 0 {
		return []byte(`{"op":1,"d":null}`)
	}
	return append(strconv.AppendInt([]byte(`{"op":1,"d":`), seq, 10), '}')
}

// SayResume asks to go on with a session after the dispatch seq.
func SayResume(token config.Secret, session string, seq int64) ([]byte, error) {
	return say(Resume, struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}{token.Reveal(), session, seq})
}

// SayIdentify asks for a new session. Compression is not asked for: the raw bytes of a payload are what is published, and between a
// data centre and Discord the bandwidth costs less than the processor time.
func SayIdentify(token config.Secret, intents, shard, shards int) ([]byte, error) {
	return say(Identify, struct {
		Token      string            `json:"token"`
		Intents    int               `json:"intents"`
		Properties map[string]string `json:"properties"`
		Shard      [2]int            `json:"shard"`
		Compress   bool              `json:"compress"`
	}{token.Reveal(), intents, map[string]string{"os": runtime.GOOS, "browser": "antiraid", "device": "antiraid"}, [2]int{shard, shards}, false})
}

func say(op Op, data any) ([]byte, error) {
	b, err := json.Marshal(struct {
		Op   Op  `json:"op"`
		Data any `json:"d"`
	}{op, data})
	if err != nil {
		return nil, fmt.Errorf("encode op %d: %w", op, err)
	}
	if len(b) > MaxSent {
		return nil, fmt.Errorf("encode op %d: %d bytes, the gateway takes at most %d", op, len(b), MaxSent)
	}
	return b, nil
}

// Address is the URL to dial for a gateway URL from GET /gateway/bot or READY: with version and encoding, which must be said every time.
func Address(gateway string) (string, error) {
	u, err := url.Parse(gateway)
	if err != nil || u.Host == "" || (u.Scheme != "ws" && u.Scheme != "wss") {
		return "", fmt.Errorf("read the gateway URL %.200q: want ws://host or wss://host", gateway)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = "v=10&encoding=json"
	return u.String(), nil
}

// Encrypted reports whether nobody on the way can read what is sent to a gateway URL.
func Encrypted(gateway string) bool {
	u, err := url.Parse(gateway)
	return err == nil && u.Scheme == "wss"
}
