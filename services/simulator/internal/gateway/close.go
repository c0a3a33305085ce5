package gateway

// Close codes. Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes.
const (
	CloseUnknown           = 4000
	CloseOpcode            = 4001
	CloseDecode            = 4002
	CloseNotAuthenticated  = 4003
	CloseAuthentication    = 4004
	CloseAlready           = 4005
	CloseSequence          = 4007
	CloseRate              = 4008
	CloseTimeout           = 4009
	CloseShard             = 4010
	CloseShardingRequired  = 4011
	CloseVersion           = 4012
	CloseIntents           = 4013
	CloseDisallowedIntents = 4014
)

// reasons are what Discord says with a close.
var reasons = map[int]string{
	CloseUnknown:           "Unknown error.",
	CloseOpcode:            "Unknown opcode.",
	CloseDecode:            "Error while decoding payload.",
	CloseNotAuthenticated:  "Not authenticated.",
	CloseAuthentication:    "Authentication failed.",
	CloseAlready:           "Already authenticated.",
	CloseSequence:          "Invalid seq.",
	CloseRate:              "You are being rate limited.",
	CloseTimeout:           "Session timed out.",
	CloseShard:             "Invalid shard.",
	CloseShardingRequired:  "Sharding required.",
	CloseVersion:           "Invalid API version.",
	CloseIntents:           "Invalid intent(s).",
	CloseDisallowedIntents: "Disallowed intent(s).",
}

// endsSession reports whether the session cannot be resumed after the gateway closed with a code. For 4008 the documents do not say;
// here it can.
func endsSession(code int) bool {
	switch code {
	case CloseUnknown, CloseOpcode, CloseDecode, CloseRate:
		return false
	}
	return code >= 4000
}

// leaves reports whether a client's own close ends the session: it does with 1000 and 1001.
func leaves(code int) bool { return code == 1000 || code == 1001 }
