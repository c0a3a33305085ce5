package gateway_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"antiraid/gateway"
	"antiraid/gateway/internal/gatewaytest"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// BenchmarkEvents measures events of about 1 KB from Discord's socket to the acknowledgement of the stream, of 1000 guilds in turn and of
// a single one; server, socket and client share the processors.
func BenchmarkEvents(b *testing.B) {
	for _, guilds := range []int{1000, 1} {
		b.Run(fmt.Sprintf("guilds=%d", guilds), func(b *testing.B) { benchmarkEvents(b, guilds) })
	}
}

func benchmarkEvents(b *testing.B, guilds int) {
	discord, nats := gatewaytest.Start(b), natstest.Connect(b, natstest.Start(b))
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() {
		done <- gateway.Run(ctx, gateway.Config{Token: config.NewSecret("tok"), API: discord.API()}, gateway.Deps{
			Bus: nats, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), HTTP: discord.Client(),
		})
	}()
	c := discord.Accept()
	c.Hello(time.Minute)
	c.Await(2)
	c.Ready("abc", discord.URL())
	data := make([]string, guilds)
	for i := range data {
		data[i] = fmt.Sprintf(`{"type":0,"tts":false,"content":%q,"author":{"username":"someone","id":"81384788765712384"},"guild_id":"%d"}`, strings.Repeat("x", 900), 1000+i)
	}
	read, stop := context.WithCancel(b.Context())
	defer stop()
	all := make(chan error, 1)
	seq := 1
	b.ReportAllocs()
	for b.Loop() {
		seq++
		c.Dispatch(seq, "MESSAGE_CREATE", data[seq%guilds])
	}
	go func() {
		n := 1
		all <- nats.Read(read, bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(*bus.Message) error {
			if n++; n == seq {
				stop()
			}
			return nil
		})
	}()
	if err := <-all; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(seq-1)/b.Elapsed().Seconds(), "events/s")
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}
