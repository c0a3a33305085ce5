package cli

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsToldToTypeBeginsAsThePersonBegan(t *testing.T) {
	for arg0, want := range map[string]string{
		"antiraid":                          "antiraid",
		"./bin/antiraid":                    "./bin/antiraid",
		"/opt/my tools/antiraid":            "'/opt/my tools/antiraid'",
		"/tmp/go-build77/b001/exe/antiraid": "go run ./services/antiraid",
	} {
		if got := program(arg0); got != want {
			t.Errorf("called as %s it says %s, want %s", arg0, got, want)
		}
	}
}

func TestAShellTakesWordsAsTheyWere(t *testing.T) {
	words := []string{"deploy", "my templates/it's", "", "kv:*", "discord:create_message,kv:*", "$HOME", "~", "a  b", "`id`", "!x", `a\b`, "#", "=ls", "é", "[a]", "{a,b}"}
	for _, shell := range []string{"sh", "bash", "zsh"} {
		if _, err := exec.LookPath(shell); err != nil && shell != "sh" {
			continue
		}
		out, err := exec.CommandContext(t.Context(), shell, "-c", `printf '%s\n' `+commandLine(words...)).CombinedOutput()
		if got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"); err != nil || !slices.Equal(got, words) {
			t.Errorf("%s takes %q, %v; want %q", shell, got, err, words)
		}
	}
}
