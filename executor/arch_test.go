package executor_test

import (
	"testing"

	"antiraid/shared/archtest"
)

func TestArrowsPointDown(t *testing.T) {
	archtest.Check(t, []archtest.Rule{
		{Path: "github.com/nats-io", Why: "the queue is behind shared/bus, shared/kv and shared/lease"},
		{Path: "go.mongodb.org/mongo-driver", Why: "an executor does not know the database"},
		{Path: "antiraid/shared/store", Why: "an executor does not know the database"},
		{Path: "github.com/bwmarrin/discordgo", Why: "an executor does not know Discord"},
		{Path: "antiraid/shared/lease", By: []string{".", "internal/engine"}, Why: "ownership is the engine's"},
		{Path: "github.com/yuin/gopher-lua", By: []string{
			"internal/sandbox", "internal/sandbox/doors", "internal/sandbox/meter", "internal/sandbox/peek", "internal/sandbox/source",
			"internal/sandbox/stdlib", "internal/sandbox/values", "scriptbench",
		}, Why: "Lua runs in the sandbox only; scriptbench runs it plain, to compare"},
		{Path: "antiraid/gateway", Why: "the parts of the pipeline meet on the bus"},
		{Path: "antiraid/dispatcher", Why: "the parts of the pipeline meet on the bus"},
		{Path: "antiraid/services", Why: "arrows point down"},
	})
}
