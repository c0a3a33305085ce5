package wire

import (
	"errors"
	"fmt"

	"antiraid/gateway/internal/setting"
)

// Next is what to do after a connection has ended.
type Next int

const (
	ThenResume   Next = iota // connect again and go on with the session
	ThenIdentify             // the session is lost: connect again and begin another
	ThenStop                 // never again with these settings, or not wanted any more
)

func (n Next) String() string { return [...]string{"resume", "identify", "stop"}[n] }

// LeaveCode is the close code of our own goodbyes. 1000 and 1001 would end the session.
const LeaveCode = 4000

// remedies of the close codes after which Discord forbids to connect again.
func remedies() map[int]error {
	return map[int]error{
		4004: setting.BadToken(),
		4010: &setting.Error{Key: "shards", Before: "the shard is not valid; set ", After: " to 0 (ask Discord) or, over 150,000 servers, to a multiple of what Discord recommends"},
		4011: &setting.Error{Key: "shards", Before: "one shard can hold at most 2500 servers; set ", After: " to 0 (ask Discord) or to a larger number"},
		4012: errors.New("this version of the gateway protocol is not served any more; update to a newer release"),
		4013: &setting.Error{Key: "intents", Before: "the intents are not valid; correct "},
		4014: &setting.Error{Key: "intents", Before: "an intent is not allowed; switch on the privileged intents (GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT) in the developer portal, or take them out of "},
	}
}

// Closed says what to do after the server closed with a code, and why if that is to stop. Unknown codes are met by resuming: if that
// is wrong, the server answers with an invalid session.
func Closed(code int) (Next, error) {
	if remedy, fatal := remedies()[code]; fatal {
		return ThenStop, fmt.Errorf("the gateway closed with %d: %w", code, remedy)
	}
	switch code {
	case 4003, 4005, 4007, 4008: // not authenticated, already authenticated, invalid seq, rate limited
		return ThenIdentify, nil
	}
	return ThenResume, nil
}
