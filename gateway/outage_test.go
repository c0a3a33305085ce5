package gateway_test

import (
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"antiraid/gateway"
	"antiraid/gateway/internal/gatewaytest"
	"antiraid/shared/bus"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// TestNATSIsAway: for longer than a lease lasts. The connection to Discord stays, its heartbeats go on and are answered, what comes is held
// back, and when NATS is back everything is stored once and in order.
func TestNATSIsAway(t *testing.T) {
	t.Parallel()
	discord, dir := gatewaytest.Start(t), t.TempDir()
	server := natstest.Run(t, dir, -1)
	address, err := url.Parse(server.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(address.Port())
	if err != nil {
		t.Fatal(err)
	}
	b := natstest.Connect(t, server.ClientURL())
	stop := start(t, discord, b, func(c *gateway.Config) { c.Window = 100 })
	c := discord.Accept()
	c.Hello(300 * time.Millisecond)
	c.Await(2)
	c.Ready("abc", discord.URL())
	c.Dispatch(2, "X", `{"guild_id":"7"}`)
	stored(t, b, 1)

	server.Shutdown()
	server.WaitForShutdown()
	began := time.Now()
	for seq := 3; time.Since(began) < 4*time.Second; seq++ { // leases last 2 s
		c.Await(1)
		c.ACK()
		c.Dispatch(seq, "X", fmt.Sprintf(`{"guild_id":"7","n":%d}`, seq))
	}
	last := 100
	for seq := 20; seq <= last; seq++ {
		c.Dispatch(seq, "X", `{"guild_id":"7"}`)
	}
	natstest.Run(t, dir, port)
	for lastStored(t, b) != last && discord.Waiting() == 0 {
		c.Await(1)
		c.ACK()
	}
	if discord.Waiting() > 0 {
		t.Error("the connection was given up")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	before := 0
	b.ReadAll(t.Context(), bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(m *bus.Message) error {
		seq, err := strconv.Atoi(m.Get("Nats-Msg-Id")[len("0.abc."):])
		if err != nil || seq <= before {
			t.Errorf("%s after %d", m.Get("Nats-Msg-Id"), before)
		}
		before = seq
		return nil
	})
}

// lastStored is the sequence number of the last event, 0 if it cannot be read.
func lastStored(t *testing.T, b *bus.Bus) (last int) {
	b.ReadAll(t.Context(), bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(m *bus.Message) error {
		last, _ = strconv.Atoi(m.Get("Nats-Msg-Id")[len("0.abc."):])
		return nil
	})
	return last
}
