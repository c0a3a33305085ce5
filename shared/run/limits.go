package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// maxLimits are the largest limits that a tenant may be given: above them a run could harm its process, or its record not be stored.
func maxLimits() Limits {
	return Limits{
		Instructions: 1_000_000_000, Wall: time.Minute, Memory: 128 << 20,
		KVOps: 10_000, KVBytes: 768 << 10, ValueBytes: 768 << 10, KeyBytes: 512, Depth: 100,
		Effects: 256, LogLines: 1000, LogBytes: 64 << 10, Coroutines: 1000,
	}
}

// Map is the limits by name, those that are the default left out.
func (l Limits) Map() map[string]int64 {
	var m map[string]int64
	data, err := json.Marshal(l)
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		panic(err) // a struct of numbers
	}
	return m
}

// LimitNames are the names of all limits, sorted.
func LimitNames() []string { return slices.Sorted(maps.Keys(DefaultLimits().Map())) }

// With is l with another limit of that name; 0: the default.
func (l Limits) With(name string, value int64) (Limits, error) {
	most, known := maxLimits().Map()[name]
	switch {
	case !known:
		return l, fmt.Errorf("limit %.40q does not exist; there are %s", name, strings.Join(LimitNames(), ", "))
	case value < 0 || value > most:
		return l, fmt.Errorf("limit %s is %d; want at most %d, or 0 for the default", name, value, most)
	}
	err := json.Unmarshal(fmt.Appendf(nil, `{%q:%d}`, name, value), &l)
	return l, err
}
