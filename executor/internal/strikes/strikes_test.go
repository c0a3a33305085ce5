package strikes_test

import (
	"maps"
	"testing"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/strikes"
	"antiraid/shared/natstest"
	"antiraid/shared/tenant"
)

func TestStrikesAddUpPerRun(t *testing.T) {
	b, err := strikes.Open(t.Context(), natstest.Connect(t, natstest.Start(t)))
	if err != nil {
		t.Fatal(err)
	}
	id, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	one, two := blame.Run{Tenant: id, Seq: 5, Template: "a-b_c"}, blame.Run{Tenant: id, Seq: 6, Template: "a-b_c"}
	for _, r := range []blame.Run{one, two, one} {
		if _, err := b.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Of(t.Context(), id.Partition()); err != nil || !maps.Equal(got, map[blame.Run]int{one: 2, two: 1}) {
		t.Errorf("strikes %v, %v", got, err)
	}
	if got, err := b.Of(t.Context(), id.Partition()+1); err != nil || len(got) != 0 {
		t.Errorf("another partition's strikes: %v, %v", got, err)
	}
}
