package gateway_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"antiraid/gateway"
	"antiraid/gateway/internal/gatewaytest"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

const interval = time.Minute

// start runs a gateway until the returned function is called, which returns what Run returned.
func start(t *testing.T, discord *gatewaytest.Server, b *bus.Bus, change func(*gateway.Config)) (stop func() error) {
	t.Helper()
	cfg := gateway.Config{
		Token: config.NewSecret("secret-token"), API: discord.API(), Intents: []string{"GUILDS", "GUILD_MESSAGES"}, SaveEvery: time.Millisecond,
	}
	if change != nil {
		change(&cfg)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- gateway.Run(ctx, cfg, gateway.Deps{Bus: b, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), HTTP: discord.Client()})
	}()
	return func() error {
		cancel()
		return <-done
	}
}

// stored reads events until there are as many as wanted.
func stored(t *testing.T, b *bus.Bus, n int) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	err := b.Read(ctx, bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(m *bus.Message) error {
		e, err := m.Event()
		if got = append(got, fmt.Sprintf("%s %s %s %s", e.Tenant, e.Type, e.ID, e.Payload)); len(got) == n {
			cancel()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSessionGoesOnOverADropAndARestart(t *testing.T) {
	t.Parallel()
	discord, b := gatewaytest.Start(t), natstest.Connect(t, natstest.Start(t))
	stop := start(t, discord, b, nil)

	c := discord.Accept()
	if c.Query != "v=10&encoding=json" {
		t.Errorf("dialled with %q", c.Query)
	}
	c.Hello(interval)
	identify := c.Await(2)
	if identify.Field("token") != "secret-token" || fmt.Sprint(identify.Field("shard")) != "[0 1]" || identify.Field("intents") != 513.0 {
		t.Errorf("identified with %s", identify.Data)
	}
	c.Ready("abc", discord.URL()+"/resume")
	c.Dispatch(2, "GUILD_CREATE", `{"id":"7","name":"seven"}`)
	c.Dispatch(3, "MESSAGE_CREATE", `{"guild_id":"7", "content":"a"}`)
	stored(t, b, 2)
	c.Drop()

	c = discord.Accept()
	if c.Path != "/resume" {
		t.Errorf("resumed at %q", c.Path)
	}
	c.Hello(interval)
	if d := c.Await(6); d.Field("session_id") != "abc" || d.Field("seq") != 3.0 || d.Field("token") != "secret-token" {
		t.Errorf("resumed with %s", d.Data)
	}
	c.Dispatch(4, "MESSAGE_CREATE", `{"content":"b","author":{"id":"5"}}`)
	c.Dispatch(5, "RESUMED", `{}`)
	stored(t, b, 3)
	if err := stop(); err != nil {
		t.Errorf("a stop returned %v", err)
	}
	if code := c.Closed(); code != 4000 {
		t.Errorf("left with close code %d", code)
	}

	stop = start(t, discord, b, nil)
	c = discord.Accept()
	c.Hello(interval)
	// RESUMED was on its way when the process was told to stop: it has no event, and was read or not.
	if d := c.Await(6); d.Field("session_id") != "abc" || d.Field("seq") != 4.0 && d.Field("seq") != 5.0 {
		t.Errorf("a new process resumed with %s", d.Data)
	}
	c.Dispatch(4, "MESSAGE_CREATE", `{"content":"b","author":{"id":"5"}}`) // a repetition
	c.Dispatch(6, "MESSAGE_CREATE", `{"guild_id":"7","content":"c"}`)
	want := []string{
		`g-7 GUILD_CREATE 0.abc.2 {"id":"7","name":"seven"}`,
		`g-7 MESSAGE_CREATE 0.abc.3 {"guild_id":"7", "content":"a"}`,
		`u-5 MESSAGE_CREATE 0.abc.4 {"content":"b","author":{"id":"5"}}`,
		`g-7 MESSAGE_CREATE 0.abc.6 {"guild_id":"7","content":"c"}`,
	}
	if got := stored(t, b, 4); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
