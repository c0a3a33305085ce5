package local_test

import (
	"testing"

	"antiraid/shared/archtest"
)

// partOfOurs must not be here.
const partOfOurs = "what stands in for somebody else's server has no part of AntiRaid in it"

func TestImportsFollowTheTable(t *testing.T) {
	archtest.Check(t, []archtest.Rule{
		{Path: "antiraid/shared/ferret", By: []string{"cmd/ferretdb"}, Why: "one program is the database"},
		{Path: "antiraid/shared/service", By: []string{"cmd/ferretdb", "cmd/probe"}, Why: "programs end in one place"},
		{Path: "antiraid/gateway", Why: partOfOurs},
		{Path: "antiraid/dispatcher", Why: partOfOurs},
		{Path: "antiraid/executor", Why: partOfOurs},
		{Path: "antiraid/services", Why: partOfOurs},
		{Path: "github.com", Why: "nats-server is built from its own main; see `tool` in go.mod"},
	})
}
