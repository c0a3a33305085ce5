package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Excusable is for how many times its wall clock's limit a run may be made to wait for others, in time that does not count.
const Excusable = 4

// maxLimits are the largest limits that a tenant may be given: above them a run could harm its process, or its record not be stored.
func maxLimits() Limits {
	return Limits{
		Instructions: 1_000_000_000, Wall: time.Minute, Memory: 128 << 20,
		KVOps: 10_000, KVBytes: 768 << 10, ValueBytes: 768 << 10, KeyBytes: 512, Depth: 100,
		Effects: 256, LogLines: 1000, LogBytes: 64 << 10, Coroutines: 1000,
	}
}

// minLimits are the smallest, so that a slip of the finger does not stop all that a tenant has: a template that is small, and a busy machine,
// have enough. They hold for limits that are set from now on; smaller ones that are stored go on.
func minLimits() Limits {
	return Limits{
		Instructions: 1000, Wall: 10 * time.Millisecond, Memory: 1 << 20,
		KVOps: 1, KVBytes: 1, ValueBytes: 1, KeyBytes: 1, Depth: 1,
		Effects: 1, LogLines: 1, LogBytes: 1, Coroutines: 1,
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
	least, most := minLimits().Map()[name], maxLimits().Map()[name]
	switch {
	case most == 0:
		return l, fmt.Errorf("limit %.40q does not exist; there are %s", name, strings.Join(LimitNames(), ", "))
	case value != 0 && (value < least || value > most):
		return l, fmt.Errorf("limit %s is %s; want %s to %s, or 0 for the default", name, LimitText(name, value), LimitText(name, least), LimitText(name, most))
	}
	err := json.Unmarshal(fmt.Appendf(nil, `{%q:%d}`, name, value), &l)
	return l, err
}

// Unit is what a limit is counted in.
type Unit int

const (
	Count Unit = iota
	Time       // in nanoseconds
	Size       // in bytes
)

// UnitOf is the unit of the limit of that name.
func UnitOf(name string) Unit {
	switch {
	case name == "wall":
		return Time
	case name == "memory" || strings.HasSuffix(name, "_bytes"):
		return Size
	}
	return Count
}

// LimitText is a value of the limit of that name as people write it, exactly: 1m30s, 64 MiB, 500.
func LimitText(name string, value int64) string {
	switch UnitOf(name) {
	case Time:
		text := time.Duration(value).String()
		if short, zero := strings.CutSuffix(text, "m0s"); zero {
			text = short + "m"
		}
		if short, zero := strings.CutSuffix(text, "h0m"); zero {
			text = short + "h"
		}
		return text
	case Size:
		for _, unit := range []struct {
			bytes int64
			name  string
		}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
			if value >= unit.bytes && value%unit.bytes == 0 {
				return fmt.Sprintf("%d %s", value/unit.bytes, unit.name)
			}
		}
		return fmt.Sprintf("%d B", value)
	}
	return strconv.FormatInt(value, 10)
}
