package subject

import (
	"fmt"
	"strings"

	"antiraid/shared/tenant"
)

// ParseEffect reads a subject made by [Effect]. The tenant is returned as soon as it could be read, also beside an error.
func ParseEffect(s string) (lane int, t tenant.ID, op string, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 || parts[0] != "effects" {
		return 0, tenant.ID{}, "", fmt.Errorf("parse effect subject %.128q: want effects.<lane>.<tenant>.<op>", s)
	}
	t, err = tenant.Parse(parts[2])
	if err != nil {
		return 0, tenant.ID{}, "", fmt.Errorf("parse effect subject %.128q: %w", s, err)
	}
	if l := parts[1]; len(l) == 2 && l[0] >= '0' && l[0] <= '9' && l[1] >= '0' && l[1] <= '9' {
		return int(l[0]-'0')*10 + int(l[1]-'0'), t, parts[3], nil
	}
	return 0, t, "", fmt.Errorf("parse effect subject %.128q: want two digits for the lane", s)
}

// CheckInbox refuses a reply address that is not one inbox: whoever answers must not be made to write elsewhere.
func CheckInbox(address string) error {
	rest, ok := strings.CutPrefix(address, "_INBOX.")
	if !ok || rest == "" || len(address) > 256 || strings.ContainsFunc(rest, notInbox) || strings.HasSuffix(rest, ".") || strings.Contains(address, "..") {
		return fmt.Errorf("check inbox %.128q: want _INBOX.<token>", address)
	}
	return nil
}

func notInbox(r rune) bool { return r > 0x7f || r != '.' && !plain(byte(r)) }
