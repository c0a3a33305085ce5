package subject

import (
	"fmt"
	"strconv"
	"strings"
)

// CheckGroup refuses names of lease groups that cannot be one token: 1–32 of a–z, 0–9 and -.
func CheckGroup(group string) error {
	bad := func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }
	if len(group) == 0 || len(group) > 32 || strings.ContainsFunc(group, bad) {
		return fmt.Errorf("check group %.80q: want 1 to 32 of a-z, 0-9 and -", group)
	}
	return nil
}

// LeaseKeys matches every key of a group in [Leases]. group must satisfy [CheckGroup].
func LeaseKeys(group string) string { return group + ".>" }

// MemberKey is the key of a member's record in [Leases].
func MemberKey(group, member string) string { return group + ".member." + Encode(member) }

// MemberKeys matches the record of every member of a group in [Leases].
func MemberKeys(group string) string { return group + ".member.*" }

// SliceKey is the key of a slice's record in [Leases]: at least two digits.
func SliceKey(group string, n int) string { return fmt.Sprintf("%s.slice.%02d", group, n) }

// ParseMemberKey reads a key made by [MemberKey].
func ParseMemberKey(key string) (group, member string, err error) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 || parts[1] != "member" || CheckGroup(parts[0]) != nil || parts[2] == "" {
		return "", "", fmt.Errorf("parse member key %.128q: want <group>.member.<id>", key)
	}
	member, err = Decode(parts[2])
	if err != nil {
		return "", "", fmt.Errorf("parse member key %.128q: %w", key, err)
	}
	return parts[0], member, nil
}

// ParseSliceKey reads a key made by [SliceKey] and refuses every other spelling.
func ParseSliceKey(key string) (group string, n int, err error) {
	parts := strings.Split(key, ".")
	if len(parts) == 3 && parts[1] == "slice" && CheckGroup(parts[0]) == nil {
		if n, err := strconv.Atoi(parts[2]); err == nil && n >= 0 && SliceKey(parts[0], n) == key {
			return parts[0], n, nil
		}
	}
	return "", 0, fmt.Errorf("parse slice key %.128q: want <group>.slice.<nn>", key)
}

// ValueSubject is where a write to a key of a bucket is published: for writes that the key-value API has no call for.
func ValueSubject(bucket, key string) string { return "$KV." + bucket + "." + key }
