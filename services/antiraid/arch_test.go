package main_test

import (
	"testing"

	"antiraid/shared/archtest"
)

func TestArrowsPointDown(t *testing.T) {
	archtest.Check(t, []archtest.Rule{
		{Path: "github.com/nats-io/nats-server", Why: "the queue's server is behind shared/natsd"},
		{Path: "github.com/nats-io/nats.go", Why: "the queue is behind shared/bus and shared/kv"},
		{Path: "go.mongodb.org/mongo-driver", Why: "the database is behind shared/store"},
		{Path: "github.com/FerretDB", Why: "the database's server is behind shared/ferret"},
		{Path: "github.com/yuin/gopher-lua", Why: "Lua runs in the executor only"},
		{Path: "github.com/bwmarrin/discordgo", Why: "Discord is known to gateway, rest and simulator"},
		{Path: "github.com/spf13/viper", Why: "settings are read by shared/config"},
		{Path: "github.com/spf13/cobra", By: []string{"internal/cli"}, Why: "the command tree is in one place"},
		{Path: "antiraid/gateway", By: []string{"internal/system"}, Why: "the parts are put together in one place"},
		{Path: "antiraid/dispatcher", By: []string{"internal/system"}, Why: "the parts are put together in one place"},
		{Path: "antiraid/executor", By: []string{"internal/system"}, Why: "the parts are put together in one place"},
		{Path: "antiraid/services/rest", By: []string{"internal/system"}, Why: "the parts are put together in one place"},
		{Path: "antiraid/services/lab", Why: "who measures knows the system, not the other way round"},
		{Path: "antiraid/shared/store", By: []string{"internal/system"}, Why: "commands ask the dispatcher, not its database"},
		{Path: "antiraid/shared/kv", By: []string{"internal/system"}, Why: "commands ask services, not their buckets"},
	})
}
