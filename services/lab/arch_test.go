package main_test

import (
	"testing"

	"antiraid/shared/archtest"
)

func TestArrowsPointDown(t *testing.T) {
	archtest.Check(t, []archtest.Rule{
		{Path: "github.com/nats-io/nats.go", By: []string{"internal/pipeline"}, Why: "the queue is behind shared/bus, shared/kv and shared/lease; the yardstick goes without them"},
		{Path: "github.com/nats-io/nats-server", Why: "the queue's server is behind shared/natsd"},
		{Path: "go.mongodb.org/mongo-driver", Why: "the database is behind shared/store"},
		{Path: "github.com/yuin/gopher-lua", Why: "Lua runs in the executor only"},
		{Path: "github.com/bwmarrin/discordgo", Why: "Discord is known to gateway, rest and simulator"},
	})
}
