package gateway_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/gateway"
	"antiraid/gateway/internal/gatewaytest"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

func TestProcessesShareTheShards(t *testing.T) {
	t.Parallel()
	discord, url := gatewaytest.Start(t), natstest.Start(t)
	discord.Set(func(i *gatewaytest.Info) { i.Shards, i.Concurrency = 2, 2 })
	one, two := natstest.Connect(t, url), natstest.Connect(t, url)
	stopOne := start(t, discord, one, func(c *gateway.Config) { c.Member = "one" })
	conns := map[int]*gatewaytest.Conn{}
	for range 2 {
		c := discord.Accept()
		c.Hello(interval)
		id := int(c.Await(2).Field("shard").([]any)[0].(float64))
		c.Ready(fmt.Sprint("session", id), fmt.Sprintf("%s/%d", discord.URL(), id))
		c.Dispatch(2, "X", fmt.Sprintf(`{"guild_id":"%d"}`, 10+id))
		conns[id] = c
	}
	stored(t, one, 2)
	if len(conns) != 2 {
		t.Fatalf("connected as %v", conns)
	}

	stopTwo := start(t, discord, two, func(c *gateway.Config) { c.Member = "two" })
	defer stopTwo()
	// One of the two hands a shard over, which goes on where it was left; whatever the shares are, after one has left, two has both.
	var stopped sync.WaitGroup
	stopped.Go(func() {
		if err := stopOne(); err != nil {
			t.Error(err)
		}
	})
	resumed := map[string]bool{}
	for len(resumed) < 2 {
		c := discord.Accept()
		c.Hello(interval)
		s := c.Await(6)
		if s.Field("seq").(float64) < 2 || c.Path != "/"+strings.TrimPrefix(s.Field("session_id").(string), "session") {
			t.Errorf("resumed with %s at %s", s.Data, c.Path)
		}
		resumed[s.Field("session_id").(string)] = true
		c.Dispatch(3, "X", `{"guild_id":"20"}`)
		c.Dispatch(4, "RESUMED", `{}`)
	}
	stopped.Wait()
	want := []string{"g-10 X 0.session0.2", "g-11 X 1.session1.2", "g-20 X 0.session0.3", "g-20 X 1.session1.3"}
	got := stored(t, two, 4)
	for i := range got {
		got[i] = got[i][:strings.LastIndex(got[i], " ")]
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}

func TestDiscordForbidsToComeBack(t *testing.T) {
	t.Parallel()
	discord, b := gatewaytest.Start(t), natstest.Connect(t, natstest.Start(t))
	done := make(chan error, 1)
	go func() {
		done <- gateway.Run(t.Context(), gateway.Config{Token: config.NewSecret("tok"), API: discord.API()}, gateway.Deps{Bus: b, Log: slog.New(slog.DiscardHandler), HTTP: discord.Client()})
	}()
	c := discord.Accept()
	c.Hello(interval)
	if intents := c.Await(2).Field("intents").(float64); int(intents)&(1<<1|1<<9|1<<15) != 1<<1|1<<9|1<<15 {
		t.Errorf("without intents of its own it asks for %v, want the defaults", intents)
	}
	c.Close(4014)
	err := <-done
	for _, want := range []string{"shard 0 of 1", "4014", "gateway.intents", "developer portal"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ended with %v, which does not say %q", err, want)
		}
	}
}

func TestBadSettings(t *testing.T) {
	discord, b := gatewaytest.Start(t), natstest.Connect(t, natstest.Start(t))
	good := gateway.Config{Token: config.NewSecret("hunter2"), API: discord.API()}
	for name, tc := range map[string]struct {
		change func(*gateway.Config)
		want   string
	}{
		"no token":      {func(c *gateway.Config) { c.Token = config.Secret{} }, "ANTIRAID_GATEWAY_TOKEN"},
		"broken token":  {func(c *gateway.Config) { c.Token = config.NewSecret("hunter2\n") }, "gateway.token"},
		"api":           {func(c *gateway.Config) { c.API = "discord.com" }, "gateway.api"},
		"intent":        {func(c *gateway.Config) { c.Intents = []string{"MESSAGES"} }, "gateway.intents"},
		"shards":        {func(c *gateway.Config) { c.Shards = -1 }, "gateway.shards"},
		"floor":         {func(c *gateway.Config) { c.IdentifyFloor = -1 }, "gateway.identify_floor"},
		"window":        {func(c *gateway.Config) { c.Window = -1 }, "gateway.window"},
		"save":          {func(c *gateway.Config) { c.SaveEvery = -1 }, "gateway.save_every"},
		"token refused": {func(*gateway.Config) { discord.Set(func(i *gatewaytest.Info) { i.Status = 401 }) }, "gateway.token"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := good
			tc.change(&cfg)
			err := gateway.Run(t.Context(), cfg, gateway.Deps{Bus: b, Log: slog.New(slog.DiscardHandler), HTTP: discord.Client()})
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("gave %v", err)
			}
		})
	}
}

func TestDefaultsAndEnvironmentBecomeSettings(t *testing.T) {
	var s struct {
		NATSURL    string         `mapstructure:"nats_url"`
		Replicas   int            `mapstructure:"replicas"`
		HealthAddr string         `mapstructure:"health_addr"`
		LogLevel   string         `mapstructure:"log_level"`
		Gateway    gateway.Config `mapstructure:"gateway"`
	}
	environ := []string{"ANTIRAID_GATEWAY_TOKEN=tok", "ANTIRAID_GATEWAY_SHARDS=3", "ANTIRAID_GATEWAY_INTENTS=GUILDS,GUILD_MESSAGES", "ANTIRAID_GATEWAY_DRAIN=7s"}
	if err := config.Load(gateway.Defaults(), "", environ, &s); err != nil {
		t.Fatal(err)
	}
	g := s.Gateway
	if g.Token.Reveal() != "tok" || g.Shards != 3 || len(g.Intents) != 2 || g.Drain != 7*time.Second || g.Window == 0 || g.WindowBytes == 0 || g.API == "" || g.IdentifyFloor == 0 || g.SaveEvery == 0 {
		t.Errorf("read %+v", g)
	}
}

func TestTheTokenIsNeverLogged(t *testing.T) {
	t.Parallel()
	discord, b := gatewaytest.Start(t), natstest.Connect(t, natstest.Start(t))
	var log lockedBuffer
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- gateway.Run(ctx, gateway.Config{Token: config.NewSecret("hunter2"), API: discord.API()}, gateway.Deps{
			Bus: b, HTTP: discord.Client(), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
	}()
	c := discord.Accept()
	c.Hello(interval)
	c.Await(2)
	c.Ready("abc", discord.URL())
	c.Send(`{"op":0,`)
	c.Send(`{"op":7,"d":null}`)
	c = discord.Accept()
	c.Hello(interval)
	c.Await(6)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if text := log.String(); strings.Contains(text, "hunter2") || !strings.Contains(text, "session began") {
		t.Errorf("logged %s", text)
	}
	n := 0
	b.ReadAll(t.Context(), bus.Reading{Stream: subject.Dead, Subjects: []string{subject.AllDead}}, func(m *bus.Message) error {
		n++
		if string(m.Data) != `{"op":0,` || m.Subject != "dead.none._gateway" {
			t.Errorf("dead letter %s %s", m.Subject, m.Data)
		}
		return nil
	})
	if n != 1 {
		t.Errorf("%d dead letters", n)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
