package rest_test

import (
	"testing"

	"antiraid/shared/archtest"
)

// only lists who may import what.
var only = []archtest.Rule{
	{Path: "github.com/bwmarrin/discordgo", By: []string{"internal/request", "internal/guard", "internal/perform"}, Why: "endpoints, types and codes; its Session is not used, see internal/api"},
	{Path: "net/http", By: []string{"internal/api", "internal/limit", "internal/perform", "internal/guard", "internal/discordtest"}, Why: "one place sends requests; the others read statuses and headers"},
	{Path: "golang.org/x/time/rate", By: []string{"internal/limit"}, Why: "one place has rate limits"},
	{Path: "antiraid/shared/bus", By: []string{"."}, Why: "the door takes messages; what is inside performs effects"},
	{Path: "antiraid/shared/kv", By: []string{".", "internal/ledger"}, Why: "the ledger is the only bucket of rest's own"},
	{Path: "antiraid/shared/service", By: []string{".", "cmd/rest"}, Why: "programs are put together at the door"},
	{Path: "github.com/nats-io", Why: "the queue is shared/bus, shared/kv and shared/lease"},
	{Path: "antiraid/gateway", Why: "the parts of the pipeline meet on the bus"},
	{Path: "antiraid/dispatcher", Why: "the parts of the pipeline meet on the bus"},
	{Path: "antiraid/executor", Why: "the parts of the pipeline meet on the bus"},
	{Path: "antiraid/services/simulator", Why: "a part does not know who plays Discord"},
	{Path: "antiraid/services/antiraid", Why: "the command line knows the parts, not the other way round"},
	{Path: "antiraid/services/lab", Why: "who measures knows the parts, not the other way round"},
}

func TestArrowsPointDown(t *testing.T) { archtest.Check(t, only) }
