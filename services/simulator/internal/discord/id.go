// Package discord is the objects of Discord as they stand on the wire, in REST replies and gateway events alike.
//
// They are complete where Discord's are: ids are strings, lists are [] and never null, users carry every field that strict clients
// ask for. Source: https://discord.com/developers/docs, API version 10. Fields that the simulator has no use for are left out only
// where Discord's own description calls them optional.
package discord

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Epoch is the first millisecond of snowflakes.
const Epoch = 1420070400000

// ID is a snowflake: milliseconds since [Epoch] << 22 | worker 5 bits | process 5 bits | increment 12 bits. In JSON it is a string.
type ID uint64

// ParseID reads a snowflake: decimal, without leading zeros.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || ID(n).String() != s {
		return 0, fmt.Errorf("parse snowflake %.64q: want a decimal number without leading zeros", s)
	}
	return ID(n), nil
}

func (id ID) String() string { return strconv.FormatUint(uint64(id), 10) }

// Time is when the object was made.
func (id ID) Time() time.Time { return time.UnixMilli(int64(id>>22) + Epoch).UTC() }

// MarshalText writes the digits; as a JSON value that is a string.
func (id ID) MarshalText() ([]byte, error) { return strconv.AppendUint(nil, uint64(id), 10), nil }

// UnmarshalJSON reads a string, or a number as some clients send it.
func (id *ID) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	parsed, err := ParseID(text)
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// Minter makes ids that grow, each unique, from the time of a clock.
type Minter struct {
	now  func() time.Time
	mu   sync.Mutex
	last ID
}

// NewMinter makes a Minter for a clock.
func NewMinter(now func() time.Time) *Minter { return &Minter{now: now} }

// Next is a new id. Within one millisecond ids count up; a burst of more than 4096 borrows from the next one.
func (m *Minter) Next() ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := ID(m.now().UnixMilli()-Epoch) << 22
	m.last = max(id, m.last+1)
	return m.last
}

// Time is a moment as Discord writes it: UTC with microseconds and a numeric offset.
type Time struct{ time.Time }

// MarshalJSON writes 2015-04-26T06:26:56.936000+00:00.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(t.UTC().Format(`"2006-01-02T15:04:05.000000+00:00"`)), nil
}
