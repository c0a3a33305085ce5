package gateway_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"antiraid/shared/archtest"
)

// allowed says what each package of this module may import beside the standard library and the words of shared, and why.
// Arrows point down only: door → shard → feed, socket → wire.
var allowed = map[string]map[string]string{
	"cmd/gateway": {
		"antiraid/gateway":                               "the program is the door plus settings",
		"antiraid/shared/bus":                            "the program opens the connection",
		"antiraid/shared/service":                        "settings, log, health, signals",
		"github.com/prometheus/client_golang/prometheus": "the program's registry is the process's",
	},
	".": {
		"antiraid/gateway/internal/discord":              "the door asks where to connect",
		"antiraid/gateway/internal/feed":                 "the door makes the parts",
		"antiraid/gateway/internal/gate":                 "the door makes the parts",
		"antiraid/gateway/internal/metric":               "the door makes the parts",
		"antiraid/gateway/internal/setting":              "who runs a gateway may call its settings by other names",
		"antiraid/gateway/internal/shard":                "the door makes the parts",
		"antiraid/gateway/internal/socket":               "the door makes the parts",
		"antiraid/gateway/internal/tenure":               "the door makes the parts",
		"antiraid/shared/bus":                            "the door joins parts and wires",
		"antiraid/shared/kv":                             "the door joins parts and wires",
		"antiraid/shared/lease":                          "the door joins parts and wires",
		"antiraid/shared/config":                         "the token is a secret",
		"github.com/cenkalti/backoff/v5":                 "Discord may be away at the start",
		"github.com/prometheus/client_golang/prometheus": "the registry is a dependency",
	},
	"internal/shard": {
		"antiraid/gateway/internal/discord": "an address that is refused for good ends the shard",
		"antiraid/gateway/internal/feed":    "a shard owns its parts",
		"antiraid/gateway/internal/gate":    "a spent budget says how long to wait",
		"antiraid/gateway/internal/metric":  "figures",
		"antiraid/gateway/internal/session": "a shard owns its parts",
		"antiraid/gateway/internal/socket":  "a shard owns its parts",
		"antiraid/gateway/internal/wire":    "what a connection's end asks for",
		"github.com/cenkalti/backoff/v5":    "waits between connections",
	},
	"internal/feed": {
		"antiraid/gateway/internal/metric": "figures",
		"antiraid/gateway/internal/route":  "whose event it is",
		"antiraid/gateway/internal/socket": "dispatches come from there",
		"antiraid/shared/bus":              "dead letters are the bus's words",
		"github.com/cenkalti/backoff/v5":   "waits between publishes",
	},
	"internal/gate": {
		"antiraid/gateway/internal/discord": "the daily limit is Discord's answer",
		"antiraid/gateway/internal/metric":  "figures",
		"antiraid/shared/kv":                "permits are keys",
	},
	"internal/socket": {
		"antiraid/gateway/internal/wire": "what frames mean",
		"antiraid/shared/config":         "the token is a secret",
		"github.com/coder/websocket":     "the websocket protocol",
	},
	"internal/discord": {
		"antiraid/gateway/internal/setting": "the remedy is a setting",
		"antiraid/gateway/internal/wire":    "addresses are checked there",
		"antiraid/shared/config":            "the token is a secret",
		"github.com/bwmarrin/discordgo":     "Discord's types and constants",
	},
	"internal/setting": {},
	"internal/wire": {
		"antiraid/gateway/internal/setting": "the remedy is a setting",
		"antiraid/shared/config":            "the token is a secret",
		"github.com/tidwall/gjson":          "frames are read without decoding their data",
	},
	"internal/route": {
		"github.com/tidwall/gjson": "the tenant is read without decoding the rest",
	},
	"internal/session": {},
	"internal/tenure": {
		"antiraid/gateway/internal/feed": "it stands between the feed and the bus",
		"antiraid/shared/bus":            "dead letters are the bus's words",
		"antiraid/shared/lease":          "a lost lease is told from a handover",
	},
	"internal/metric": {
		"github.com/prometheus/client_golang/prometheus": "figures",
	},
	"internal/gatewaytest": {
		"github.com/coder/websocket": "a server to test against",
	},
}

// words of shared may be used everywhere.
var words = []string{"antiraid/shared/tenant", "antiraid/shared/event", "antiraid/shared/subject"}

func TestArrowsPointDown(t *testing.T) {
	archtest.Walk(t, func(file, imported string) { checkImport(t, file, imported) })
}

func checkImport(t *testing.T, file, imported string) {
	t.Helper()
	may, known := allowed[path.Dir(file)]
	if !known {
		t.Errorf("%s: its package is not in the table of what may import what", file)
	}
	first, _, _ := strings.Cut(imported, "/")
	standard := !strings.Contains(first, ".") && first != "antiraid"
	test := strings.HasSuffix(file, "_test.go")
	switch {
	case standard, slices.Contains(words, imported), may[imported] != "":
	case test && (strings.HasPrefix(imported, "antiraid/gateway") || strings.HasPrefix(imported, "antiraid/shared/")):
	case test && strings.HasPrefix(imported, "github.com/prometheus/client_golang/prometheus"):
	default:
		t.Errorf("%s imports %s; the table of what may import what has no reason for it", file, imported)
	}
}
