package simulator_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Who may import what. A package may import, of this module, only the packages below it in this list, and of others' only what the table
// names.
var (
	// floors are this module's packages from the ground up.
	floors = []string{
		"internal/discord",  // objects: know nothing
		"internal/journal",  // a list
		"internal/limit",    // counting
		"internal/account",  // the token
		"internal/world",    // what exists
		"internal/gateway",  // tells of the world
		"internal/rest",     // acts on the world
		"internal/scenario", // acts on the world
		".",                 // the door puts them together
		"simulatortest",     // the door for tests
		"cmd/simulator",     // the door for people
	}

	// guests are the libraries that a package may use, with the reason. Tests may use what they like: they judge by others' means.
	guests = map[string]map[string]string{
		"internal/gateway": {
			"github.com/coder/websocket":      "the gateway speaks WebSocket",
			"github.com/klauspost/compress/…": "zstd-stream, which the standard library lacks",
		},
		"internal/account": {"antiraid/shared/config": "a token is a secret"},
		".":                {"antiraid/shared/config": "a token is a secret"},
		"cmd/simulator": {
			"antiraid/shared/config":  "a token is a secret",
			"antiraid/shared/service": "signals and exit codes are its alone",
			"golang.org/x/sync/…":     "the scenario ends with the simulator",
		},
	}
)

func TestArrows(t *testing.T) {
	const module = "antiraid/services/simulator"
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		here := filepath.ToSlash(filepath.Dir(file))
		floor := slices.Index(floors, here)
		if floor < 0 {
			t.Errorf("%s: package %s has no place in the table", file, here)
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if below, ours := strings.CutPrefix(name+"/", module+"/"); ours {
				if i := slices.Index(floors, path.Clean(below)); i < 0 || i >= floor {
					t.Errorf("%s imports %s, which is not below it", file, name)
				}
			} else if first, _, _ := strings.Cut(name, "/"); (strings.Contains(first, ".") || first == "antiraid") && !welcome(here, name) {
				t.Errorf("%s imports %s without a reason in the table", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func welcome(here, name string) bool {
	for guest := range guests[here] {
		if prefix, wild := strings.CutSuffix(guest, "…"); name == guest || wild && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
