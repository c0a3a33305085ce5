package subject_test

import (
	"strings"
	"testing"

	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

func guild(t testing.TB, s string) tenant.ID {
	t.Helper()
	id, err := tenant.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestNamesOnTheWire(t *testing.T) {
	g := guild(t, "g-81384788765712384")
	for want, got := range map[string]string{
		"events.36.g-81384788765712384.MESSAGE_CREATE":  subject.Event(g, "MESSAGE_CREATE"),
		"events.36.g-81384788765712384.>":               subject.TenantEvents(g),
		"events.07.>":                                   subject.PartitionEvents(7),
		"effects.03.g-81384788765712384.create_message": subject.Effect(3, g, "create_message"),
		"runs.g-81384788765712384.counter.ok":           subject.Run(g, "counter", "ok"),
		"dead.g-81384788765712384.counter":              subject.DeadLetter(g, "counter"),
		"dead.none._gateway":                            subject.DeadLetter(tenant.ID{}, "_gateway"),
		"36.g-81384788765712384":                        subject.TenantKey(g),
		"g-81384788765712384.counter.a=2Eb=00=C3=A9":    subject.StateKey(g, "counter", "a.b\x00é"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestParseEventRefusesOtherSpellings(t *testing.T) {
	for _, s := range []string{
		"", "events", "events.36.g-81384788765712384", "events.35.g-81384788765712384.MESSAGE_CREATE",
		"events.36.g-81384788765712384.message", "events.36.g-081384788765712384.X", "effects.36.g-81384788765712384.X",
		"events.36.g-81384788765712384.X.Y", "events.36.g-81384788765712384.*", "events.36.g-81384788765712384.",
	} {
		if _, _, err := subject.ParseEvent(s); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("events.36.g-81384788765712384.MESSAGE_CREATE")
	f.Fuzz(func(t *testing.T, s string) {
		id, typ, err := subject.ParseEvent(s)
		if err == nil && subject.Event(id, typ) != s {
			t.Fatalf("%q was read as %q", s, subject.Event(id, typ))
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("a.b>*\x00é=")
	f.Fuzz(func(t *testing.T, s string) {
		token := subject.Encode(s)
		if strings.ContainsAny(token, ".*> \t\r\n/\\") {
			t.Fatalf("%q became %q", s, token)
		}
		if back, err := subject.Decode(token); err != nil || back != s {
			t.Fatalf("%q became %q became %q, %v", s, token, back, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add("a=2Eb")
	f.Add("a=2eb")
	f.Fuzz(func(t *testing.T, token string) {
		if s, err := subject.Decode(token); err == nil && subject.Encode(s) != token {
			t.Fatalf("two spellings of %q: %q and %q", s, token, subject.Encode(s))
		}
	})
}

func TestTemplateNamesAreTokens(t *testing.T) {
	for _, ok := range []string{"a", "counter", "anti-raid_2", "0"} {
		if err := subject.CheckTemplate(ok); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "A", "a.b", "-a", "_executor", "a b", "a*", "é", strings.Repeat("a", 65)} {
		if err := subject.CheckTemplate(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
