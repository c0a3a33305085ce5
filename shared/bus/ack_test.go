package bus_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
)

// A stream that does not acknowledge stands for an acknowledgement that was lost.
func TestALostAcknowledgementIsAnError(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	if _, err := b.JetStream().CreateStream(t.Context(), jetstream.StreamConfig{Name: "MUTE", Subjects: []string{"mute"}, NoAck: true}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p, err := b.PublishAsync(bus.Outgoing{Subject: "mute", Data: []byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("waiting for a lost acknowledgement ended with %v", err)
	}
}
