package shard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/feed"
	"antiraid/gateway/internal/gate"
	"antiraid/gateway/internal/gatewaytest"
	"antiraid/gateway/internal/metric"
	"antiraid/gateway/internal/session"
	"antiraid/gateway/internal/shard"
	"antiraid/gateway/internal/socket"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/tenant"
)

const interval = 40 * time.Second

// world is what a shard works with, all of it inside a bubble; the feed's real counterpart is tested in package feed, on NATS.
type world struct {
	t      *testing.T
	server *gatewaytest.Server

	mu       sync.Mutex
	position json.RawMessage
	lost     error
	stored   []string
	hold     chan struct{} // while open, nothing is stored
	permits  []error       // answers to come; then nil
}

func (w *world) Position() json.RawMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.position
}

func (w *world) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost
}

func (w *world) Commit(_ context.Context, position json.RawMessage) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.position = position
	return nil
}

func (w *world) Acquire(context.Context, int) error { return nil }

func (w *world) Approach(context.Context, int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.permits) == 0 {
		return nil
	}
	err := w.permits[0]
	w.permits = w.permits[1:]
	return err
}

func (w *world) PublishEvent(ctx context.Context, _ tenant.ID, _, id string, _ []byte) (uint64, error) {
	if w.hold != nil {
		select {
		case <-w.hold:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stored = append(w.stored, id)
	return 1, nil
}

func (w *world) DeadLetter(context.Context, bus.Letter) error { return nil }

// kept is the sequence number a successor would resume from.
func (w *world) kept() int64 {
	var s session.State
	json.Unmarshal(w.Position(), &s)
	return s.Seq
}

// in runs a shard against a world inside a bubble.
func in(t *testing.T, position string, test func(t *testing.T, w *world, stop func() error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, server: gatewaytest.StartInBubble(t)}
		if position != "" {
			w.position = json.RawMessage(position)
		}
		test(t, w, w.run())
	})
}

// run starts a shard; the returned function stops it.
func (w *world) run() (stop func() error) {
	client, err := discord.New(w.server.API(), config.NewSecret("tok"), w.server.Client())
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := metric.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	s := shard.New(shard.Config{
		Socket:   socket.Config{Token: config.NewSecret("tok"), Shards: 1, HTTP: w.server.Client(), Random: func() float64 { return 0.5 }},
		Feed:     feed.Config{Events: 4},
		Settings: "x",
		Save:     time.Second,
	}, shard.Deps{
		Lease: w, Permits: w, Addresses: client, Publisher: w, Metric: m, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
	})
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx); close(done) }()
	w.t.Cleanup(func() { cancel(); <-done })
	return func() error {
		cancel()
		return <-done
	}
}

// ready accepts a connection and makes it a new session.
func (w *world) ready(session string) *gatewaytest.Conn {
	w.t.Helper()
	c := w.server.Accept()
	c.Hello(interval)
	c.Await(2)
	c.Ready(session, w.server.URL()+"/resume")
	synctest.Wait()
	return c
}

// resumed accepts a connection and expects it to go on with a session.
func (w *world) resumed(session string, seq int) *gatewaytest.Conn {
	w.t.Helper()
	c := w.server.Accept()
	c.Hello(interval)
	if d := c.Await(6); d.Field("session_id") != session || d.Field("seq") != float64(seq) {
		w.t.Errorf("resumed with %s, want %s at %d", d.Data, session, seq)
	}
	return c
}

const old = `{"id":"old","resume_url":"ws://discord.test/old","bot":"99","seq":41,"settings":"x"}`

func TestALivelyConnectionIsReplacedAtOnceAndTheSessionGoesOn(t *testing.T) {
	in(t, "", func(t *testing.T, w *world, stop func() error) {
		c := w.ready("abc")
		c.Await(1)
		c.ACK()
		<-time.After(5 * time.Second)
		start := time.Now()
		c.Send(`{"op":7,"d":null}`)
		c = w.resumed("abc", 1)
		if waited := time.Since(start); waited != 0 || c.Path != "/resume" {
			t.Errorf("came back after %s to %s", waited, c.Path)
		}
	})
}

func TestTheSessionOfAFormerOwnerGoesOn(t *testing.T) {
	in(t, old, func(t *testing.T, w *world, stop func() error) {
		c := w.resumed("old", 41)
		if c.Path != "/old" {
			t.Errorf("resumed at %s", c.Path)
		}
		c.Dispatch(42, "X", `{"guild_id":"7"}`)
		c.Dispatch(43, "X", `{"user_id":"99"}`) // the bot itself: who that is was kept too
		c.Dispatch(44, "RESUMED", `{}`)
		synctest.Wait()
		if err := stop(); err != nil || w.kept() != 44 || fmt.Sprint(w.stored) != "[0.old.42]" {
			t.Errorf("stopped with %v at %d, stored %v", err, w.kept(), w.stored)
		}
		if code := c.Closed(); code != 4000 {
			t.Errorf("left with %d", code)
		}
	})
}

func TestPositionIsKeptOnlyOfWhatIsStored(t *testing.T) {
	in(t, "", func(t *testing.T, w *world, stop func() error) {
		w.hold = make(chan struct{})
		c := w.ready("abc")
		for seq := 2; seq <= 4; seq++ {
			c.Dispatch(seq, "X", `{"guild_id":"7"}`)
		}
		if beat := c.Await(1); string(beat.Data) != "1" || w.kept() != 1 {
			t.Errorf("nothing is stored, and a heartbeat says %s, kept is %d", beat.Data, w.kept())
		}
		c.ACK()
		close(w.hold)
		<-time.After(time.Second)
		synctest.Wait()
		if w.kept() != 4 {
			t.Errorf("all is stored, and kept is %d", w.kept())
		}
		c.Drop()
		w.resumed("abc", 4)
	})
}

func TestReceivedIsNotAskedForAgainByTheSameProcess(t *testing.T) {
	in(t, "", func(t *testing.T, w *world, stop func() error) {
		w.hold = make(chan struct{})
		c := w.ready("abc")
		c.Dispatch(2, "X", `{"guild_id":"7"}`)
		synctest.Wait()
		c.Drop()
		w.resumed("abc", 2)
		close(w.hold)
		if err := stop(); err != nil || w.kept() != 2 {
			t.Errorf("stopped with %v at %d", err, w.kept())
		}
	})
}

func TestInvalidSession(t *testing.T) {
	in(t, old, func(t *testing.T, w *world, stop func() error) {
		c := w.resumed("old", 41)
		start := time.Now()
		c.Send(`{"op":9,"d":true}`)
		c = w.resumed("old", 41)
		if waited := time.Since(start); waited < time.Second || waited > 5*time.Second {
			t.Errorf("resumable: came back after %s, want 1 to 5 s", waited)
		}
		start = time.Now()
		c.Send(`{"op":9,"d":false}`)
		w.ready("new")
		if waited := time.Since(start); waited < time.Second || waited > 5*time.Second {
			t.Errorf("lost: came back after %s, want 1 to 5 s", waited)
		}
	})
}

func TestASessionThatIsLostIsForgotten(t *testing.T) {
	in(t, old, func(t *testing.T, w *world, stop func() error) {
		w.resumed("old", 41).Close(4007)
		synctest.Wait()
		if w.kept() != 0 {
			t.Errorf("kept %s", w.Position())
		}
		w.ready("new")
		if w.kept() != 1 {
			t.Errorf("kept %s", w.Position())
		}
	})
}

func TestConnectionsThatComeToNothingAreMadeEverMoreRarely(t *testing.T) {
	in(t, "", func(t *testing.T, w *world, stop func() error) {
		start := time.Now()
		for range 60 {
			c := w.server.Accept()
			c.Hello(interval)
			c.Await(2)
			c.Send(`{"op":9,"d":false}`)
		}
		if took := time.Since(start); took < 30*time.Minute {
			t.Errorf("60 IDENTIFYs within %s would cost the daily limit of 1000", took)
		}
	})
}

func TestAnAddressThatDoesNotAnswerIsReplacedAndInTheEndTheSession(t *testing.T) {
	in(t, old, func(t *testing.T, w *world, stop func() error) {
		var paths []string
		identified := false
		for !identified && len(paths) < 30 {
			c := w.server.Accept()
			paths = append(paths, c.Path)
			c.Hello(interval)
			identified = c.Next().Op == 2
			c.Drop()
		}
		if got := strings.Join(paths, " "); got != strings.Repeat("/old ", 5)+strings.Repeat("/ ", 5)+"/" {
			t.Errorf("connected to %s", got)
		}
	})
}

func TestDiscordForbidsToComeBack(t *testing.T) {
	for code, remedy := range map[int]string{4004: "gateway.token", 4014: "developer portal"} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{t: t, server: gatewaytest.StartInBubble(t)}
			client, _ := discord.New(w.server.API(), config.NewSecret("tok"), w.server.Client())
			m, _ := metric.New(nil)
			s := shard.New(shard.Config{Socket: socket.Config{Shards: 1, HTTP: w.server.Client()}}, shard.Deps{
				Lease: w, Permits: w, Addresses: client, Publisher: w, Metric: m, Log: slog.New(slog.DiscardHandler),
			})
			done := make(chan error, 1)
			go func() { done <- s.Run(t.Context()) }()
			c := w.server.Accept()
			c.Hello(interval)
			c.Await(2)
			c.Close(code)
			if err := <-done; err == nil || !strings.Contains(err.Error(), remedy) {
				t.Errorf("code %d ended with %v", code, err)
			}
		})
	}
}

func TestASpentBudgetIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, server: gatewaytest.StartInBubble(t)}
		w.permits = []error{&gate.ErrBudget{ResetAfter: 3 * time.Minute}, &gate.ErrBudget{ResetAfter: 20 * time.Hour}}
		start := time.Now()
		w.run()
		w.ready("abc")
		if took := time.Since(start); took != 8*time.Minute {
			t.Errorf("began after %s, want 3 min until the reset and then at most 5 min", took)
		}
	})
}

func TestDiscordIsAway(t *testing.T) {
	in(t, "", func(t *testing.T, w *world, stop func() error) {
		c := w.ready("abc")
		<-time.After(5 * time.Second) // an answer is good for so long
		w.server.Set(func(i *gatewaytest.Info) { i.Status = 503 })
		c.Send(`{"op":9,"d":false}`)
		<-time.After(time.Minute)
		w.server.Set(func(i *gatewaytest.Info) { i.Status = 0 })
		w.ready("new")
	})
}

func TestTheTokenIsRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, server: gatewaytest.StartInBubble(t)}
		w.server.Set(func(i *gatewaytest.Info) { i.Status = 401 })
		stop := w.run()
		synctest.Wait()
		if err := stop(); err == nil || !strings.Contains(err.Error(), "gateway.token") {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestWithoutALeaseTheConnectionStaysAndNoOtherIsMade(t *testing.T) {
	in(t, old, func(t *testing.T, w *world, stop func() error) {
		c := w.resumed("old", 41)
		w.mu.Lock()
		w.lost = errors.New("lost")
		w.mu.Unlock()
		for range 3 {
			c.Await(1)
			c.ACK()
		}
		c.Drop()
		<-time.After(10 * time.Minute)
		if err := stop(); err == nil || !strings.Contains(err.Error(), "lost") || w.server.Waiting() > 0 {
			t.Errorf("ended with %v, %d connections wait", err, w.server.Waiting())
		}
	})
}
