package subject

import (
	"strings"
	"testing"

	"antiraid/shared/tenant"
)

func TestEffectSubjectsAreReadBack(t *testing.T) {
	g, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	lane, got, op, err := ParseEffect(Effect(13, g, "create_message"))
	if lane != 13 || got != g || op != "create_message" || err != nil {
		t.Errorf("read %d %v %q %v", lane, got, op, err)
	}
	for _, bad := range []string{"", "effects.13.g-7", "effects.13.g-7.a.b", "events.13.g-7.op", "effects.x3.g-7.op", "effects.1.g-7.op", "effects.13.g-07.op"} {
		if _, _, _, err := ParseEffect(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if _, got, _, err := ParseEffect("effects.x.g-7.op"); err == nil || got != g {
		t.Errorf("the tenant of a bad subject is %v, %v", got, err)
	}
}

func TestOnlyInboxesAreAnswered(t *testing.T) {
	for address, ok := range map[string]bool{
		"_INBOX.Zx9k2.7": true, "_INBOX.a": true,
		"": false, "_INBOX.": false, "_INBOX.a.": false, "_INBOX..a": false, "_INBOX.*": false, "_INBOX.>": false, "_INBOX.a b": false,
		"_INBOX.a\r\nPUB x": false, "events.00.g-1.X": false, "_INBOX.é": false, "_INBOX." + strings.Repeat("a", 300): false,
	} {
		if err := CheckInbox(address); (err == nil) != ok {
			t.Errorf("%q gave %v", address, err)
		}
	}
}
