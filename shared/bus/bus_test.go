package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

func guild(t *testing.T, s string) tenant.ID {
	t.Helper()
	id, err := tenant.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestEventsAreReadInOrderWithTheirIdentity(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	g := guild(t, "g-7")
	var want []string
	for i := range 100 {
		id := fmt.Sprintf("0.abc.%d", i)
		want = append(want, id)
		for range 2 { // a repeated publish is stored once
			if _, err := b.PublishEvent(t.Context(), g, "MESSAGE_CREATE", id, []byte(`{}`)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var got []string
	err := b.ReadAll(t.Context(), bus.Reading{Stream: subject.Events, Subjects: []string{subject.PartitionEvents(g.Partition())}}, func(m *bus.Message) error {
		e, err := m.Event()
		got = append(got, e.ID)
		if e.Tenant != g || e.Type != "MESSAGE_CREATE" || e.Seq == 0 || e.Time.IsZero() {
			t.Errorf("read %+v", e)
		}
		return err
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("read %v, %v", got, err)
	}
}

func TestPublishRefusesWhatCannotTravel(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	if _, err := b.PublishEvent(t.Context(), guild(t, "g-7"), "a.>", "1", nil); err == nil {
		t.Error("an event type with separators was published")
	}
	if _, err := b.PublishEvent(t.Context(), guild(t, "g-7"), "X", "1", make([]byte, event.MaxPayload+1)); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("an oversized payload gave %v", err)
	}
}

func TestADeadLetterKeepsItsBytesAndItsReason(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	for range 2 { // a repeated letter is one letter
		if err := b.DeadLetter(t.Context(), bus.Letter{Tenant: guild(t, "g-7"), Part: "counter", ID: "1", Reason: "never\nwill I", Data: []byte{0, 255}}); err != nil {
			t.Fatal(err)
		}
	}
	var dead []string
	b.ReadAll(t.Context(), bus.Reading{Stream: subject.Dead, Subjects: []string{subject.AllDead}}, func(m *bus.Message) error {
		dead = append(dead, fmt.Sprint(m.Subject, " ", m.Get(subject.HeaderError), " ", m.Data))
		return nil
	})
	if want := []string{"dead.g-7.counter never will I [0 255]"}; !slices.Equal(dead, want) {
		t.Errorf("dead letters %q, want %q", dead, want)
	}
}

func TestCallsReachAServer(t *testing.T) {
	url := natstest.Start(t)
	server, client := natstest.Connect(t, url), natstest.Connect(t, url)
	if err := client.Call(t.Context(), "api.test", "x", new(string)); !errors.Is(err, bus.ErrNobody) {
		t.Errorf("a call nobody serves gave %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- server.Serve(ctx, "api.test", 4, func(_ context.Context, request []byte) (any, error) {
			if string(request) == `"bad"` {
				return nil, errors.New("a bad request")
			}
			return "got " + string(request), nil
		})
	}()
	var reply string
	for reply == "" { // until the server listens
		patience, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		if err := client.Call(patience, "api.test", "x", &reply); err != nil && !errors.Is(err, bus.ErrNobody) && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		cancel()
	}
	if reply != `got "x"` {
		t.Errorf("answer %q", reply)
	}
	if err := client.Call(t.Context(), "api.test", "bad", &reply); err == nil || !strings.Contains(err.Error(), "a bad request") {
		t.Errorf("a refused call gave %v", err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestNoCallIsLostWhileAServerStops(t *testing.T) {
	url := natstest.Start(t)
	first, second, client := natstest.Connect(t, url), natstest.Connect(t, url), natstest.Connect(t, url)
	call := func() error {
		patience, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		return client.Call(patience, "api.test", "x", new(string))
	}
	served := make(chan error, 2)
	ctx, end := context.WithCancel(t.Context())
	go func() {
		served <- second.Serve(ctx, "api.test", 4, func(context.Context, []byte) (any, error) { return "second", nil })
	}()
	for errors.Is(call(), bus.ErrNobody) {
	}
	stopping, stop := context.WithCancel(t.Context())
	defer stop()
	under, release := make(chan struct{}), make(chan struct{})
	go func() { // one call at a time, and its first takes long
		served <- first.Serve(stopping, "api.test", 1, func(ctx context.Context, _ []byte) (any, error) {
			select {
			case <-under:
			default:
				close(under)
				<-release
			}
			return "first", ctx.Err()
		})
	}()
	const n = 40
	done := make(chan error, n+1)
	go func() {
		for {
			err := call()
			select {
			case <-under:
				done <- err
				return
			default:
			}
		}
	}()
	<-under
	for i := range n {
		if i == n/4 {
			stop()
		}
		go func() { done <- call() }()
	}
	for i := range n + 1 {
		if i == n/2 { // the other half may have to wait for it
			close(release)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	end()
	if err := errors.Join(<-served, <-served); err != nil {
		t.Error(err)
	}
}

func TestABadAddressIsNamedWithItsRemedyAndWithoutItsCredentials(t *testing.T) {
	for url, says := range map[string]string{
		"nats://me:hunter2@127.0.0.1:1":                  "127.0.0.1:1:",
		"nats://hunter2@127.0.0.1:1":                     "127.0.0.1:1:", // a lone user is a token
		"me:hunter2@127.0.0.1:1":                         "127.0.0.1:1:",
		"nats://x:hunter2@127.0.0.1:1,y:hunter2@[::1]:1": "127.0.0.1:1,[::1]:1:",
		"nats://127.0.0.1:1,nats://hunter2@127.0.0.1:2":  "nats://127.0.0.1:1,127.0.0.1:2:",
		"nats://me:@hunter2@127.0.0.1:1":                 "127.0.0.1:1",
		"nats://me:hunter2/@127.0.0.1:1":                 "want nats://host:port",
		"nats://me:hunter2%@127.0.0.1:1":                 "want nats://host:port",
		"nats://me:hunter2,hunter2@127.0.0.1:1":          "an address that cannot be read,127.0.0.1:1",
		"nats://me:hunter2":                              "an address that cannot be read",
	} {
		_, err := bus.Connect(t.Context(), bus.Config{URL: url, Wait: time.Millisecond}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "ANTIRAID_NATS_URL") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s gave %v", url, err)
		}
	}
}

func TestAStreamThatWasMadeOtherwiseIsToldAndLeftAlone(t *testing.T) {
	url := natstest.Start(t)
	b := natstest.Connect(t, url)
	s, err := b.JetStream().Stream(t.Context(), subject.Events)
	if err != nil {
		t.Fatal(err)
	}
	chosen := s.CachedInfo().Config
	if chosen.MaxBytes != 16<<30 {
		t.Errorf("EVENTS is bounded by %d bytes", chosen.MaxBytes)
	}
	chosen.MaxAge, chosen.MaxBytes = 7*24*time.Hour, -1
	if _, err := b.JetStream().UpdateStream(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	again, err := bus.Connect(t.Context(), bus.Config{URL: url}, slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for _, want := range []string{"stream=EVENTS key=max_age has=168h0m0s new=72h0m0s", "stream=EVENTS key=max_bytes has=-1 new=17179869184"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it said %q, not %q", &said, want)
		}
	}
	if n := strings.Count(said.String(), "\n"); n != 2 {
		t.Errorf("it said %d lines: %s", n, &said)
	}
	if s, err := again.JetStream().Stream(t.Context(), subject.Events); err != nil || s.CachedInfo().Config.MaxAge != chosen.MaxAge || s.CachedInfo().Config.MaxBytes != -1 {
		t.Errorf("the stream is now %+v, %v", s.CachedInfo().Config, err)
	}
}

func TestAFullStreamOfEventsTakesWhatIsNew(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	s, err := b.JetStream().Stream(t.Context(), subject.Events)
	if err != nil {
		t.Fatal(err)
	}
	small := s.CachedInfo().Config // as it was made, but for its size
	small.MaxBytes = 64 << 10
	if _, err := b.JetStream().UpdateStream(t.Context(), small); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if _, err := b.PublishEvent(t.Context(), guild(t, "g-7"), "X", fmt.Sprint(i), make([]byte, 10<<10)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.PublishEvent(t.Context(), guild(t, "g-8"), "X", "other", nil); err != nil {
		t.Errorf("another tenant's event: %v", err)
	}
	if s, err := b.JetStream().Stream(t.Context(), subject.Events); err != nil || s.CachedInfo().State.LastSeq != 21 || s.CachedInfo().State.FirstSeq < 14 {
		t.Errorf("the stream has %+v, %v", s.CachedInfo().State, err)
	}
}

func TestReadingSurvivesARestartOfTheServer(t *testing.T) {
	dir := t.TempDir()
	s := natstest.Run(t, dir, -1)
	b := natstest.Connect(t, s.ClientURL())
	g := guild(t, "g-7")
	got := make(chan string, 16)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- b.Read(ctx, bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(m *bus.Message) error {
			got <- string(m.Data)
			return nil
		})
	}()
	publish := func(id string) {
		for {
			_, err := b.PublishEvent(t.Context(), g, "X", id, []byte(id))
			if err == nil {
				return
			}
			select {
			case <-t.Context().Done():
				t.Fatal(err)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	publish("1")
	if m := <-got; m != "1" {
		t.Fatalf("read %q", m)
	}
	_, port, _ := strings.Cut(strings.TrimPrefix(s.ClientURL(), "nats://"), ":")
	var n int
	fmt.Sscan(port, &n)
	s.Shutdown()
	s.WaitForShutdown()
	natstest.Run(t, dir, n)
	publish("2")
	select {
	case m := <-got:
		if m != "2" {
			t.Errorf("read %q after the restart, want only what is new", m)
		}
	case <-time.After(20 * time.Second):
		t.Error("nothing was read after the restart")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
