package subject

import "strconv"

// GatewayPermit is the key in [Gateway] of the next free time to identify in one of Discord's concurrency buckets.
func GatewayPermit(bucket int) string { return "permit." + strconv.Itoa(bucket) }

// GatewayClock is the key in [Gateway] that is written to learn the time of the server.
const GatewayClock = "clock"
