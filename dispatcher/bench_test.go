package dispatcher_test

import (
	"fmt"
	"log/slog"
	"testing"

	"antiraid/dispatcher/internal/deploy"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/tenant"
)

// One deploy after another to one tenant, from the checked request to the stored STARTUP event: FerretDB, NATS on disk, one process.
func BenchmarkDeploy(b *testing.B) {
	s := deploytest.Start(b)
	p := s.Publisher(b, nil)
	p.Log = slog.New(slog.DiscardHandler)
	d := deploy.New(deploy.Config{}, p, p.Bus, p.Log)
	g, err := tenant.New(tenant.Guild, 7)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		files := deploytest.Files(b, api.InspectReply{Events: []string{"MESSAGE_CREATE"}}, fmt.Sprint(n))
		if _, err := d.Deploy(b.Context(), api.DeployRequest{Tenant: g, Template: "a", Files: files}); err != nil {
			b.Fatal(err)
		}
	}
}
