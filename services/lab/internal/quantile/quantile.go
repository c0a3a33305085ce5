// Package quantile tells latencies apart: the usual one, and the one that one in a hundred exceeds.
package quantile

import (
	"slices"
	"time"
)

// Of is the value that the part q of all values lies below; 0 when there are none. It leaves values as they are.
func Of(values []time.Duration, q float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
