package shared_test

import (
	"testing"

	"antiraid/shared/archtest"
)

func TestArrowsPointDown(t *testing.T) {
	words := []string{"tenant", "event", "bundle", "effect", "run", "outcome", "subject", "api", "health"}
	archtest.Check(t, []archtest.Rule{
		{Path: "github.com/nats-io/nats.go", By: []string{"bus", "kv", "lease"}, Why: "the queue's client is behind three wires"},
		{Path: "github.com/nats-io/nats-server", By: []string{"natstest", "natsd"}, Why: "only tests, `antiraid up` and the lab start a server"},
		{Path: "go.mongodb.org/mongo-driver", By: []string{"store"}, Why: "the database is behind one wire"},
		{Path: "github.com/FerretDB/FerretDB", By: []string{"ferret"}, Why: "only tests and `antiraid up` have a database in process"},
		{Path: "modernc.org/sqlite", By: []string{"ferret"}, Why: "the files under the database in process are its own"},
		{Path: "github.com/spf13/viper", By: []string{"config"}, Why: "settings are read in one place"},
		{Path: "github.com/prometheus", By: []string{"service"}, Why: "metrics are served in one place"},
		{Path: "github.com/yuin/gopher-lua", Why: "Lua runs in the executor only"},
		{Path: "github.com/bwmarrin/discordgo", Why: "Discord is known to gateway, rest and simulator"},
		{Path: "antiraid/gateway", Why: "arrows point down"},
		{Path: "antiraid/dispatcher", Why: "arrows point down"},
		{Path: "antiraid/executor", Why: "arrows point down"},
		{Path: "antiraid/services", Why: "arrows point down"},
		{Path: "antiraid/shared/bus", By: []string{"natstest"}, Why: "wires do not use each other"},
	})
	for _, word := range words {
		t.Run(word, func(t *testing.T) {
			t.Chdir(word)
			archtest.Check(t, []archtest.Rule{
				{Path: "github.com", Why: "words know the standard library only"},
				{Path: "go.mongodb.org", Why: "words know the standard library only"},
				{Path: "golang.org/x", Why: "words know the standard library only"},
			})
		})
	}
}
