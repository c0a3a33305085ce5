package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antiraid/services/lab/internal/cli"
)

func TestWrongUsageOfTorture(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.lua")
	if err := os.WriteFile(file, []byte("return {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for says, args := range map[string][]string{
		"accepts 1 arg":           {},
		"must be above 0":         {"--victims", "0", dir},
		"there is no such folder": {filepath.Join(dir, "gone")},
		"it is not a folder":      {file},
		"there is no .lua file":   {t.TempDir()},
		"unknown flag: --victim;": {"--victim", "3", dir},
	} {
		var out, errout bytes.Buffer
		code := cli.Main(t.Context(), append([]string{"torture"}, args...), nil, &out, &errout)
		if code != 2 || out.Len() > 0 || !strings.Contains(errout.String(), says) || strings.Count(errout.String(), "\n") != 1 {
			t.Errorf("torture %q: exit code %d, %q and %q; want 2 and one line with %q", args, code, &out, &errout, says)
		}
	}
}
