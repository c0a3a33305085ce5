package deploy

import (
	"slices"
	"strings"
	"testing"

	"antiraid/shared/bundle"
)

func TestEventsThatDiscordDoesNotSendAreWarnedOf(t *testing.T) {
	const never = " is no event that Discord is known to send, so its handler may never run"
	got := strange([]string{"GUILD_MEMBER_ADD", "GUILD_MEMBER_JOIN", "MESAGE_CREATE", "MY_OWN", "STARTUP"})
	want := []string{"GUILD_MEMBER_JOIN" + never + "; did you mean GUILD_MEMBER_ADD?", "MESAGE_CREATE" + never + "; did you mean MESSAGE_CREATE?", "MY_OWN" + never}
	if !slices.Equal(got, want) {
		t.Errorf("warned %q, want %q", got, want)
	}
}

func TestALineOfATemplateIsShownAtAReadableLength(t *testing.T) {
	for text, want := range map[string]string{
		"\n\treturn 'kv:fly' -- é\r\n":                "\treturn 'kv:fly' -- é",
		"\n" + strings.Repeat("é", 150) + "'kv:fly'":  strings.Repeat("é", 100) + "…",
		"\nx" + strings.Repeat("é", 150) + "'kv:fly'": "x" + strings.Repeat("é", 99) + "…",
	} {
		if n, got := lineOf(bundle.Revision{bundle.Entry: text}, "kv:fly"); n != 2 || got != want {
			t.Errorf("line %d, %q; want line 2, %q", n, got, want)
		}
	}
}
