package torture

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"antiraid/shared/tenant"
)

// The snowflakes of the tenants: a record that shows one of another tenant has got out.
const (
	firstHostile = 9_100_000_000_000_000_000
	firstVictim  = 9_200_000_000_000_000_000
)

// script is one file of the corpus.
type script struct {
	file   string
	source string
	tenant tenant.ID
}

// corpus reads every script of a folder, by name.
func corpus(dir string) ([]script, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.lua"))
	if err != nil {
		return nil, fmt.Errorf("read the scripts of %s: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read the scripts of %s: there is no .lua file; name a folder with templates", dir)
	}
	slices.Sort(files)
	scripts := make([]script, len(files))
	for i, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read script: %w", err)
		}
		t, err := tenant.New(tenant.Guild, firstHostile+uint64(i))
		if err != nil {
			return nil, err
		}
		scripts[i] = script{filepath.Base(file), string(source), t}
	}
	return scripts, nil
}
