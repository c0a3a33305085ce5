package bus_test

import (
	"testing"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

var everyStream = []string{subject.Events, subject.Effects, subject.Runs, subject.Dead}

func replicas(t *testing.T, b *bus.Bus, stream string) int {
	t.Helper()
	s, err := b.JetStream().Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().Config.Replicas
}

func TestReplicasAreRaisedAndNotLowered(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t)
	for _, want := range []struct{ asked, has int }{{1, 1}, {3, 3}, {1, 3}} {
		b := natstest.ConnectReplicas(t, natstest.URL(servers), want.asked)
		for _, s := range everyStream {
			if n := replicas(t, b, s); n != want.has {
				t.Errorf("after somebody asked for %d replicas, %s has %d, want %d", want.asked, s, n, want.has)
			}
		}
	}
}

func TestAStreamOfAClusterOutlivesAServer(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t)
	b := natstest.ConnectReplicas(t, natstest.URL(servers), 3)
	effects(t, b, 3, 0, 5)
	servers[0].Shutdown()
	servers[0].WaitForShutdown()
	other := natstest.ConnectReplicas(t, servers[1].ClientURL()+","+servers[2].ClientURL(), 3)
	n := 0
	err := other.Take(t.Context(), third, func(m *bus.Taken) error {
		if n++; n == 5 {
			return errEnough
		}
		return m.Done(t.Context())
	})
	if n != 5 {
		t.Errorf("took %d messages, %v; want 5", n, err)
	}
}
