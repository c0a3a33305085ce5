// Package tenant names those to whom data and code belong.
//
// A tenant has exactly one spelling, `<kind letter>-<snowflake>`: `g-81384788765712384` is a guild, `u-…` a user.
// The spelling is part of subjects, keys and documents; [Parse] refuses every other way to write the same tenant.
package tenant

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind says what sort of Discord object a tenant is. A new kind is one more line in kinds.
type Kind byte

const (
	Guild Kind = 'g' // a server that installed the app
	User  Kind = 'u' // a user who installed the app for themself
)

var kinds = map[Kind]string{Guild: "guild", User: "user"}

func (k Kind) String() string { return kinds[k] }

// Partitions is the number of fixed slices of tenants. It is part of every stored subject and can never change.
const Partitions = 64

// ID is one tenant. The zero ID is no tenant. IDs are comparable and can be map keys.
type ID struct {
	kind      Kind
	snowflake uint64
}

// New makes the ID of the object with this snowflake.
func New(kind Kind, snowflake uint64) (ID, error) {
	if _, known := kinds[kind]; !known || snowflake == 0 {
		return ID{}, fmt.Errorf("make a tenant of kind %q and snowflake %d: want a known kind and a snowflake above 0", kind, snowflake)
	}
	return ID{kind, snowflake}, nil
}

// Parse reads the one spelling of a tenant.
func Parse(s string) (ID, error) {
	kind, digits, _ := strings.Cut(s, "-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || len(kind) != 1 || kinds[Kind(kind[0])] == "" || digits[0] == '0' { // which no number above 0 begins with
		return ID{}, fmt.Errorf("parse tenant %.64q: want g-<guild id> or u-<user id>, such as g-81384788765712384", s)
	}
	return ID{Kind(kind[0]), n}, nil
}

// ParseSnowflake reads a Discord id: decimal, above 0, without leading zeros.
func ParseSnowflake(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("parse snowflake %.64q: want a decimal number above 0 without leading zeros", s)
	}
	return n, nil
}

// Kind is the tenant's kind; 0 for the zero ID.
func (t ID) Kind() Kind { return t.kind }

// Snowflake is the tenant's Discord id in decimal.
func (t ID) Snowflake() string { return strconv.FormatUint(t.snowflake, 10) }

// IsZero reports whether t is no tenant.
func (t ID) IsZero() bool { return t == ID{} }

// String is the tenant's one spelling; empty for the zero ID.
func (t ID) String() string {
	if t.IsZero() {
		return ""
	}
	var buf [24]byte
	return string(t.append(buf[:0]))
}

func (t ID) append(buf []byte) []byte {
	return strconv.AppendUint(append(buf, byte(t.kind), '-'), t.snowflake, 10)
}

// Partition is the slice of tenants that t falls into: FNV-1a (64 bits) of its spelling, folded by xor, modulo [Partitions].
// It is the same for ever and in every language.
func (t ID) Partition() int {
	var buf [24]byte
	sum := uint64(14695981039346656037)
	for _, c := range t.append(buf[:0]) {
		sum = (sum ^ uint64(c)) * 1099511628211
	}
	return int((sum ^ sum>>32) % Partitions)
}

// MarshalText writes the tenant's spelling.
func (t ID) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the tenant's spelling; empty text is the zero ID.
func (t *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = ID{}
		return nil
	}
	id, err := Parse(string(text))
	if err != nil {
		return err
	}
	*t = id
	return nil
}
