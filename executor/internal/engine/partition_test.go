package engine

import (
	"testing"

	"antiraid/executor/internal/lane"
	"antiraid/shared/tenant"
)

func TestCommitsBehindAParkedLaneAreNotTakenForApplied(t *testing.T) {
	p := &partition{start: lane.Position{Seq: 1000, Parked: map[string]uint64{"g-7": 505, "g-8!": 701, "g-9": 11, "g-9!": 6}}}
	for n, want := range map[uint64]uint64{6: 1000, 7: 504, 8: 700, 9: 5} {
		id, err := tenant.New(tenant.Guild, n)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.applied(id); got != want {
			t.Errorf("%s: commits up to %d are taken for applied, want %d", id, got, want)
		}
	}
}
