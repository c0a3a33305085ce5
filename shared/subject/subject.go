// Package subject builds and parses every name on the wire: subjects, streams, buckets, keys and headers.
//
// Tokens are checked where they enter: nothing built here can contain a separator or a wildcard that its author smuggled in.
package subject

import (
	"fmt"
	"strconv"
	"strings"

	"antiraid/shared/tenant"
)

// Streams.
const (
	Events  = "EVENTS"  // what happened to tenants; limits retention, can be read again
	Effects = "EFFECTS" // what runs ask of the world; work queue
	Runs    = "RUNS"    // run records
	Dead    = "DEAD"    // dead letters
)

// Key-value buckets.
const (
	Bundles = "bundles" // key <pp>.<tenant>: what a tenant has now
	Blobs   = "blobs"   // key sha256: revisions, write-once
	State   = "state"   // key <tenant>.<scope>.<encoded key>: script state
	Heads   = "heads"   // key <pp>.<tenant>: the tenant's last commit
	Leases  = "leases"  // who owns which slice
	Ledger  = "ledger"  // key effect id: what was performed
	Strikes = "strikes" // key <pp>.<tenant>.<event>.<template>: runs that were there when a process ended; failing.<pp>.<tenant>.<template>: templates of which one was given up
	Gateway = "gateway" // sessions and identify permits of the gateway
)

// Headers.
const (
	HeaderRun    = "Ar-Run"
	HeaderBundle = "Ar-Bundle"
	HeaderEffect = "Ar-Effect"
	HeaderReply  = "Ar-Reply"
	HeaderCommit = "Ar-Commit"
	HeaderError  = "Ar-Error"
)

// Calls that services answer.
const (
	CallDeploy    = "api.dispatcher.deploy"
	CallTemplates = "api.dispatcher.templates"
	CallInspect   = "api.executor.inspect"
	CallReplay    = "api.executor.replay"
	CallPause     = "api.dispatcher.pause"
	CallLimits    = "api.dispatcher.limits"
	CallRemove    = "api.dispatcher.remove"
	CallRollback  = "api.dispatcher.rollback"
)

// Event is the subject of one event of a tenant. typ must satisfy [CheckType].
func Event(t tenant.ID, typ string) string {
	return "events." + partition(t.Partition()) + "." + t.String() + "." + typ
}

// ParseEvent reads a subject made by [Event] and refuses one whose partition is not the tenant's.
func ParseEvent(s string) (tenant.ID, string, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 || parts[0] != "events" {
		return tenant.ID{}, "", fmt.Errorf("parse event subject %.128q: want events.<partition>.<tenant>.<type>", s)
	}
	t, err := tenant.Parse(parts[2])
	if err != nil {
		return tenant.ID{}, "", fmt.Errorf("parse event subject %.128q: %w", s, err)
	}
	if err := CheckType(parts[3]); err != nil {
		return tenant.ID{}, "", fmt.Errorf("parse event subject %.128q: %w", s, err)
	}
	if parts[1] != partition(t.Partition()) {
		return tenant.ID{}, "", fmt.Errorf("parse event subject %.128q: tenant %s is in partition %s", s, t, partition(t.Partition()))
	}
	return t, parts[3], nil
}

// EventPartition reads the partition out of an event's subject and looks no further.
func EventPartition(s string) (p int, ok bool) {
	if len(s) < len("events.00.") || s[:7] != "events." || s[9] != '.' {
		return 0, false
	}
	tens, ones := s[7]-'0', s[8]-'0'
	p = int(tens)*10 + int(ones)
	return p, tens <= 9 && ones <= 9 && p < tenant.Partitions
}

// CheckType refuses event types that cannot be one token: a type is 1–64 of A–Z, 0–9 and _.
func CheckType(typ string) error {
	if len(typ) == 0 || len(typ) > 64 || strings.ContainsFunc(typ, notUpper) {
		return fmt.Errorf("check event type %.80q: want 1 to 64 of A-Z, 0-9 and _", typ)
	}
	return nil
}

func notUpper(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z')
}

// PartitionEvents matches every event of a partition.
func PartitionEvents(p int) string { return "events." + partition(p) + ".>" }

// AllEvents matches every event.
const AllEvents = "events.>"

// TenantEvents matches every event of one tenant.
func TenantEvents(t tenant.ID) string {
	return "events." + partition(t.Partition()) + "." + t.String() + ".>"
}

// Effect is the subject of an effect in one of rest's lanes.
func Effect(lane int, t tenant.ID, op string) string {
	return "effects." + partition(lane) + "." + t.String() + "." + op
}

// LaneEffects matches every effect of a lane.
func LaneEffects(lane int) string { return "effects." + partition(lane) + ".>" }

// AllEffects matches every effect.
const AllEffects = "effects.>"

// Run is the subject of a run record. template must satisfy [CheckTemplate].
func Run(t tenant.ID, template, outcome string) string {
	return "runs." + t.String() + "." + template + "." + outcome
}

// TenantRuns matches every run record of one tenant; of all tenants for the zero ID.
func TenantRuns(t tenant.ID) string {
	if t.IsZero() {
		return AllRuns
	}
	return "runs." + t.String() + ".>"
}

// AllRuns matches every run record.
const AllRuns = "runs.>"

// DeadLetter is the subject of what could not be handled. A zero tenant is written as `none`:
// bytes of which not even the tenant could be read. part is a template's name, or who gave up (`_gateway`, `_executor`, `_rest`).
func DeadLetter(t tenant.ID, part string) string {
	if t.IsZero() {
		return "dead.none." + part
	}
	return "dead." + t.String() + "." + part
}

// AllDead matches every dead letter.
const AllDead = "dead.>"

// CheckTemplate refuses template names that cannot be one token: 1–64 of a–z, 0–9, _ and -, beginning with a letter or digit.
func CheckTemplate(name string) error {
	bad := func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}
	if len(name) == 0 || len(name) > 64 || strings.ContainsFunc(name, bad) || name[0] == '-' || name[0] == '_' {
		return fmt.Errorf("check template name %.80q: want 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit", name)
	}
	return nil
}

// TenantKey is the key of a tenant's one record in [Bundles] and [Heads].
func TenantKey(t tenant.ID) string { return partition(t.Partition()) + "." + t.String() }

// ParseTenantKey reads a key made by [TenantKey].
func ParseTenantKey(key string) (tenant.ID, error) {
	pp, text, _ := strings.Cut(key, ".")
	t, err := tenant.Parse(text)
	if err != nil || pp != partition(t.Partition()) {
		return tenant.ID{}, fmt.Errorf("parse tenant key %.128q: want <partition>.<tenant>", key)
	}
	return t, nil
}

// PartitionKeys matches every tenant's key in a partition.
func PartitionKeys(p int) string { return partition(p) + ".>" }

// StateKey is the key of one value of a tenant's script state. Any bytes may be in key: see [Encode].
func StateKey(t tenant.ID, scope, key string) string { return StatePrefix(t, scope) + Encode(key) }

// StatePrefix is what all keys of a scope begin with.
func StatePrefix(t tenant.ID, scope string) string { return t.String() + "." + Encode(scope) + "." }

// Encode writes any bytes as one token: A–Z, a–z, 0–9, _ and - stay, each other byte becomes `=` and two hex digits.
// A prefix of the bytes is a prefix of the token. Nothing encodes to the empty token but the empty string.
func Encode(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'=', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// Decode reads a token made by [Encode] and refuses every other spelling.
func Decode(token string) (string, error) {
	b := make([]byte, 0, len(token))
	for i := 0; i < len(token); i++ {
		if token[i] != '=' {
			b = append(b, token[i])
			continue
		}
		if i+2 >= len(token) {
			return "", fmt.Errorf("decode token %.128q: cut short", token)
		}
		n, err := strconv.ParseUint(token[i+1:i+3], 16, 8)
		if err != nil {
			return "", fmt.Errorf("decode token %.128q: %w", token, err)
		}
		b = append(b, byte(n))
		i += 2
	}
	if Encode(string(b)) != token {
		return "", fmt.Errorf("decode token %.128q: not the one spelling of its bytes", token)
	}
	return string(b), nil
}

func plain(c byte) bool {
	return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
}

func partition(p int) string {
	return string([]byte{'0' + byte(p/10), '0' + byte(p%10)})
}
