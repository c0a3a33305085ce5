package feed_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/gateway/internal/feed"
	"antiraid/gateway/internal/metric"
	"antiraid/gateway/internal/socket"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// faulty is the real bus, which a test makes fail, wait or repeat itself.
type faulty struct {
	*bus.Bus
	before func(ctx context.Context, id string) error // an error: nothing is stored
	after  func(id string) error                      // an error: it is stored, and the answer is lost
}

func (f *faulty) PublishEvent(ctx context.Context, t tenant.ID, typ, id string, payload []byte) (uint64, error) {
	if f.before != nil {
		if err := f.before(ctx, id); err != nil {
			return 0, err
		}
	}
	seq, err := f.Bus.PublishEvent(ctx, t, typ, id, payload)
	if err == nil && f.after != nil {
		err = f.after(id)
	}
	return seq, err
}

// running is a feed that runs.
type running struct {
	*feed.Feed
	bus  *bus.Bus
	stop func() // and wait

	mu       sync.Mutex
	reported []string
	moved    chan struct{}
}

func run(t *testing.T, cfg feed.Config, f *faulty) *running {
	t.Helper()
	if f.Bus == nil {
		f.Bus = natstest.Connect(t, natstest.Start(t))
	}
	m, err := metric.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{bus: f.Bus, moved: make(chan struct{}, 100_000)}
	r.Feed = feed.New(cfg, feed.Deps{Publisher: f, Stored: r.report, Metric: m, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { r.Run(ctx); close(done) }()
	r.stop = func() { cancel(); <-done }
	t.Cleanup(r.stop)
	return r
}

func (r *running) report(session string, seq int64) {
	r.mu.Lock()
	r.reported = append(r.reported, fmt.Sprint(session, " ", seq))
	r.mu.Unlock()
	r.moved <- struct{}{}
}

func (r *running) last() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.reported) == 0 {
		return ""
	}
	return r.reported[len(r.reported)-1]
}

// until waits for a report.
func (r *running) until(t *testing.T, position string) {
	t.Helper()
	for r.last() != position {
		select {
		case <-r.moved:
		case <-t.Context().Done():
			t.Fatalf("reported %q, never %q", r.last(), position)
		}
	}
}

func dispatch(seq int, data string) socket.Dispatch {
	return socket.Dispatch{Session: "abc", Bot: 99, Seq: int64(seq), Type: "X", Data: []byte(data)}
}

func guild(seq, id int) socket.Dispatch { return dispatch(seq, fmt.Sprintf(`{"guild_id":"%d"}`, id)) }

// letters is what is in a stream, as text.
func letters(t *testing.T, b *bus.Bus, stream, subjects string) (got []string) {
	t.Helper()
	err := b.ReadAll(t.Context(), bus.Reading{Stream: stream, Subjects: []string{subjects}}, func(m *bus.Message) error {
		got = append(got, fmt.Sprint(m.Subject, " ", m.Get("Nats-Msg-Id"), " ", m.Get(subject.HeaderError), " ", string(m.Data[:min(len(m.Data), 64)])))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// order checks that every tenant's events are stored once and in the order of their sequence numbers.
func order(t *testing.T, b *bus.Bus, want int) {
	t.Helper()
	last, n := map[tenant.ID]int{}, 0
	err := b.ReadAll(t.Context(), bus.Reading{Stream: subject.Events, Subjects: []string{subject.AllEvents}}, func(m *bus.Message) error {
		e, err := m.Event()
		if err != nil {
			return err
		}
		var seq int
		if _, err := fmt.Sscanf(e.ID, "0.abc.%d", &seq); err != nil || seq <= last[e.Tenant] {
			t.Errorf("%s: %s comes after %d", e.Tenant, e.ID, last[e.Tenant])
		}
		last[e.Tenant] = seq
		n++
		return nil
	})
	if err != nil || n != want {
		t.Errorf("%d events are stored, %v; want %d", n, err, want)
	}
}

func TestOrderAndOnceWhateverFails(t *testing.T) {
	const events = 500
	random, mu := rand.New(rand.NewPCG(3, 4)), sync.Mutex{}
	chance := func(err error) error {
		mu.Lock()
		defer mu.Unlock()
		if random.IntN(10) == 0 {
			return err
		}
		return nil
	}
	r := run(t, feed.Config{Lanes: 32}, &faulty{
		before: func(context.Context, string) error { return chance(errors.New("not sent")) },
		after:  func(string) error { return chance(errors.New("the answer is lost")) },
	})
	for i := range events {
		r.In() <- guild(i+1, 1+i%97)
	}
	r.until(t, fmt.Sprint("abc ", events))
	order(t, r.bus, events)
}

func TestPositionIsReportedOnlyWhenAllBeforeItIsStored(t *testing.T) {
	hold := make(chan struct{})
	r := run(t, feed.Config{}, &faulty{before: func(ctx context.Context, id string) error {
		if id == "0.abc.2" {
			select {
			case <-hold:
			case <-ctx.Done():
			}
		}
		return nil
	}})
	for i := range 5 {
		r.In() <- guild(i+1, i+1)
	}
	r.until(t, "abc 1")
	for len(letters(t, r.bus, subject.Events, subject.AllEvents)) < 4 { // 1, 3, 4, 5
	}
	if got := r.last(); got != "abc 1" {
		t.Errorf("while 2 is not stored, %q is reported", got)
	}
	close(hold)
	r.until(t, "abc 5")
}

func TestWindowHoldsBack(t *testing.T) {
	hold := make(chan struct{})
	r := run(t, feed.Config{Events: 10}, &faulty{before: func(ctx context.Context, _ string) error {
		select {
		case <-hold:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}})
	taken := 10 + cap(r.In()) // the window, and what is on the way to it
	for i := range taken {
		r.In() <- guild(i+1, 7)
	}
	select {
	case r.In() <- guild(taken+1, 7):
		t.Error("more was taken than the window holds")
	default:
	}
	close(hold)
	r.until(t, fmt.Sprint("abc ", taken))
	order(t, r.bus, taken)
}

func TestBytesHoldBack(t *testing.T) {
	r := run(t, feed.Config{Bytes: 100, Drain: time.Millisecond}, &faulty{before: func(ctx context.Context, _ string) error {
		<-ctx.Done()
		return ctx.Err()
	}})
	for i := range 5 + cap(r.In()) { // of 20 bytes each: the fifth fills the window
		r.In() <- guild(i+1, 70000)
	}
	select {
	case r.In() <- guild(101, 70000):
		t.Error("more was taken than the window holds")
	default:
	}
}

func TestNothingIsLostWhileNATSIsAway(t *testing.T) {
	dir := t.TempDir()
	server := natstest.Run(t, dir, -1)
	r := run(t, feed.Config{Try: 200 * time.Millisecond}, &faulty{Bus: natstest.Connect(t, server.ClientURL())})
	port, err := url.Parse(server.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port.Port())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		r.In() <- guild(i+1, 1+i%10)
		switch i {
		case 300:
			server.Shutdown()
			server.WaitForShutdown()
		case 900:
			server = natstest.Run(t, dir, number)
		}
	}
	r.until(t, "abc 1000")
	order(t, r.bus, 1000)
}

func TestAFormerOwnerStoresNothing(t *testing.T) {
	r := run(t, feed.Config{}, &faulty{before: func(_ context.Context, id string) error {
		if id == "0.abc.1" {
			return nil
		}
		return fmt.Errorf("somebody else: %w", feed.ErrForbidden)
	}})
	for i := range 50 {
		r.In() <- guild(i+1, 7)
	}
	r.until(t, "abc 1")
	r.stop()
	if got := r.last(); got != "abc 1" {
		t.Errorf("reported %q", got)
	}
	order(t, r.bus, 1)
}

func TestStopStoresWhatWasTaken(t *testing.T) {
	r := run(t, feed.Config{Lanes: 4}, &faulty{})
	for i := range 500 {
		r.In() <- guild(i+1, 1+i%50)
	}
	r.stop()
	if got := r.last(); got != "abc 500" {
		t.Errorf("reported %q", got)
	}
	order(t, r.bus, 500)
}

func TestStopGivesUpAndReportsNothingThatIsNotStored(t *testing.T) {
	r := run(t, feed.Config{Drain: time.Millisecond}, &faulty{before: func(ctx context.Context, id string) error {
		if strings.HasSuffix(id, ".3") {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}})
	for i := range 6 {
		r.In() <- guild(i+1, i+1)
	}
	r.until(t, "abc 2")
	r.stop()
	if got := r.last(); got != "abc 2" {
		t.Errorf("reported %q", got)
	}
}

func TestMalformedDispatchesAreDeadLetters(t *testing.T) {
	r := run(t, feed.Config{Shard: 3}, &faulty{})
	large := `{"guild_id":"7","x":"` + strings.Repeat("x", event.MaxPayload) + `"}`
	for _, d := range []socket.Dispatch{
		{Session: "abc", Seq: 2, Type: "X", Data: []byte(`[1]`)},
		{Session: "abc", Seq: 3, Type: "a.>\r\nEvil: 1", Data: []byte(`{}`)},
		{Session: "abc", Fault: "decode frame: not valid JSON", Data: []byte(`{"op":0,`)},
		{Session: "abc", Seq: 4, Type: "X", Data: []byte(`{"guild_id":7}`)},
		{Session: "abc", Seq: 5, Type: "X", Data: []byte(large)},
		{Session: "abc", Seq: 6, Type: "READY", Data: []byte(`{}`)},
		{Session: "abc", Seq: 7, Type: "USER_UPDATE", Data: []byte(`{"id":"99"}`)},
		{Session: "abc", Seq: 8, Type: "X", Data: []byte(`{"guild_id":"7"}`)},
		{Session: "abc", Seq: 5, Type: "X", Data: []byte(large)}, // a repetition
	} {
		r.In() <- d
	}
	r.stop()
	got := letters(t, r.bus, subject.Dead, subject.AllDead)
	slices.Sort(got)
	want := []string{
		`dead.g-7._gateway 3.abc.5 too_large: dispatch "X", 5 of session abc, shard 3: only the first 983040 of 983063 bytes are kept ` + large[:64],
		`dead.none._gateway  undecodable: dispatch "", 0 of session abc, shard 3: decode frame: not valid JSON {"op":0,`,
		`dead.none._gateway 3.abc.2 not_object: dispatch "X", 2 of session abc, shard 3 [1]`,
		`dead.none._gateway 3.abc.3 bad_type: dispatch "a.>\r\nEvil: 1", 3 of session abc, shard 3 {}`,
		`dead.none._gateway 3.abc.4 bad_guild_id: dispatch "X", 4 of session abc, shard 3 {"guild_id":7}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("dead letters\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := letters(t, r.bus, subject.Events, subject.AllEvents); len(got) != 1 {
		t.Errorf("events %q", got)
	}
	if got := r.last(); got != "abc 8" && got != "abc 5" {
		t.Errorf("reported %q", got)
	}
}

func TestSessionsFollowEachOther(t *testing.T) {
	r := run(t, feed.Config{}, &faulty{})
	r.In() <- guild(900, 7)
	next := guild(2, 7)
	next.Session = "def"
	r.In() <- next
	r.until(t, "def 2")
	if r.reported[0] != "abc 900" {
		t.Errorf("reported %q", r.reported)
	}
}
