package kv_test

import (
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
)

// BenchmarkAllOrNothing is what docs/decisions/0002 chose between: an atomic batch of a run's writes, or one write that decides and others that
// follow it.
func BenchmarkAllOrNothing(b *testing.B) {
	for name, connect := range map[string]func() *bus.Bus{
		"one server": func() *bus.Bus { return natstest.Connect(b, natstest.Start(b)) },
		"cluster":    func() *bus.Bus { return natstest.ConnectReplicas(b, natstest.URL(natstest.Cluster(b)), 3) },
	} {
		b.Run(name, func(b *testing.B) {
			c := connect()
			js := c.JetStream()
			_, err := js.CreateStream(b.Context(), jetstream.StreamConfig{
				Name: "BATCH", Subjects: []string{"batch.>"}, Replicas: c.Replicas(), MaxMsgsPerSubject: 1, AllowAtomicPublish: true,
			})
			if err != nil {
				b.Fatal(err)
			}
			for _, writes := range []int{1, 2, 5} {
				b.Run(fmt.Sprintf("batch/%d writes", writes), func(b *testing.B) {
					for n := 0; b.Loop(); n++ {
						for i := range writes {
							m := nats.NewMsg(fmt.Sprintf("batch.%d", i))
							m.Data = []byte("1")
							m.Header.Set("Nats-Batch-Id", fmt.Sprint(b.Name(), n))
							m.Header.Set("Nats-Batch-Sequence", fmt.Sprint(i+1))
							if i < writes-1 {
								if err := js.Conn().PublishMsg(m); err != nil {
									b.Fatal(err)
								}
								continue
							}
							m.Header.Set("Nats-Batch-Commit", "1")
							if _, err := js.PublishMsg(b.Context(), m); err != nil {
								b.Fatal(err)
							}
						}
					}
				})
				b.Run(fmt.Sprintf("record/%d writes", writes), func(b *testing.B) {
					for b.Loop() {
						if _, err := js.Publish(b.Context(), "batch.head", []byte("1")); err != nil {
							b.Fatal(err)
						}
						var sent []jetstream.PubAckFuture
						for i := range writes {
							f, err := js.PublishAsync(fmt.Sprintf("batch.%d", i), []byte("1"))
							if err != nil {
								b.Fatal(err)
							}
							sent = append(sent, f)
						}
						for _, f := range sent {
							select {
							case <-f.Ok():
							case err := <-f.Err():
								b.Fatal(err)
							}
						}
					}
				})
			}
		})
	}
}
