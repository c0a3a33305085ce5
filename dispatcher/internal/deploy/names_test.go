package deploy

import (
	"slices"
	"testing"
)

func TestEventsThatDiscordDoesNotSendAreWarnedOf(t *testing.T) {
	const never = " is no event that Discord is known to send, so its handler may never run"
	got := strange([]string{"GUILD_MEMBER_ADD", "GUILD_MEMBER_JOIN", "MESAGE_CREATE", "MY_OWN", "STARTUP"})
	want := []string{"GUILD_MEMBER_JOIN" + never + "; did you mean GUILD_MEMBER_ADD?", "MESAGE_CREATE" + never + "; did you mean MESSAGE_CREATE?", "MY_OWN" + never}
	if !slices.Equal(got, want) {
		t.Errorf("warned %q, want %q", got, want)
	}
}
