package dispatcher_test

import (
	"path"
	"strings"
	"testing"

	"antiraid/shared/archtest"
)

// allowed says what each package of this module may import, beside the standard library and shared, and why.
// Arrows point down only: door → answer, reconcile → deploy → publish → step.
var allowed = map[string]map[string]string{
	"cmd/dispatcher": {
		"antiraid/dispatcher": "the program is the door plus settings",
	},
	".": {
		"antiraid/dispatcher/internal/answer":    "the door serves the calls",
		"antiraid/dispatcher/internal/deploy":    "the door makes the parts",
		"antiraid/dispatcher/internal/publish":   "the door makes the parts",
		"antiraid/dispatcher/internal/reconcile": "the door runs it beside the calls",
		"golang.org/x/sync/errgroup":             "the parts of Run end together",
	},
	"internal/answer":    {"antiraid/dispatcher/internal/deploy": "a deploy is what is answered"},
	"internal/reconcile": {"antiraid/dispatcher/internal/publish": "what is left behind is published"},
	"internal/deploy": {
		"antiraid/dispatcher/internal/publish": "a committed version is published",
		"antiraid/dispatcher/internal/step":    "tests end it anywhere",
		"github.com/agnivade/levenshtein":      "a misspelt event is like another one",
	},
	"internal/publish": {"antiraid/dispatcher/internal/step": "tests end it anywhere"},
	"internal/step":    {},
	"internal/deploytest": {
		"antiraid/dispatcher/internal/publish": "tests look at what is published",
		"antiraid/dispatcher/internal/step":    "tests end it anywhere",
	},
}

// forTests are what only tests, and packages for tests, may import.
var forTests = map[string]string{
	"antiraid/shared/natstest":  "it starts a nats-server",
	"antiraid/shared/storetest": "it starts a FerretDB",
	"antiraid/shared/ferret":    "it starts a FerretDB",
}

func TestArrowsPointDown(t *testing.T) {
	archtest.Walk(t, func(file, imported string) { checkImport(t, file, path.Dir(file), imported) })
}

func checkImport(t *testing.T, file, dir, imported string) {
	t.Helper()
	test := strings.HasSuffix(file, "_test.go")
	may, known := allowed[dir]
	if !known {
		t.Errorf("package %s is not in the table of what may import what", dir)
	}
	first, _, _ := strings.Cut(imported, "/")
	standard := !strings.Contains(first, ".") && first != "antiraid"
	own := test && strings.HasPrefix(imported, "antiraid/dispatcher")
	switch {
	case standard, own, may[imported] != "":
	case forTests[imported] != "" && !test && path.Base(dir) != "deploytest":
		t.Errorf("%s imports %s, which is for tests: %s", file, imported, forTests[imported])
	case strings.HasPrefix(imported, "antiraid/shared/"):
	default:
		t.Errorf("%s imports %s; the table of what may import what has no reason for it", file, imported)
	}
}
