package lease

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
)

// peer is a member that a test has started.
type peer struct {
	bus   *bus.Bus
	leave context.CancelFunc
	done  chan error
}

// settle is how long a test waits for what is not what it measures.
const settle = 10 * time.Second

func config(name string) Config { return Config{Group: "test", Slices: 64, Member: name} }

// start runs a member on a connection of its own until the test ends.
func start(t *testing.T, url string, cfg Config, hold Hold) *peer {
	t.Helper()
	return startBelieving(t, url, cfg, cfg.withDefaults().term(), hold)
}

// startBelieving runs a member that believes in itself for so long after each renewal.
func startBelieving(t *testing.T, url string, cfg Config, term time.Duration, hold Hold) *peer {
	t.Helper()
	p := &peer{bus: natstest.Connect(t, url), done: make(chan error, 1)}
	m, err := New(cfg, p.bus, logger(t))
	if err != nil {
		t.Fatal(err)
	}
	m.term = term
	var ctx context.Context
	ctx, p.leave = context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		p.done <- m.Run(ctx, hold)
		close(p.done)
	})
	t.Cleanup(func() {
		p.leave()
		running.Wait()
	})
	return p
}

func logger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// stop leaves and closes the connection: before the server goes, which the end of a test does first.
func (p *peer) stop() {
	p.leave()
	<-p.done
	p.bus.Close()
}

// crash cuts a member's connection for good: like the death of its process, as far as anybody else can see.
func (p *peer) crash() { p.bus.JetStream().Conn().Close() }

func TestFirstMemberTakesAll(t *testing.T) {
	h := newHistory()
	began := time.Now()
	start(t, natstest.Start(t), config("a"), h.idle("a"))
	h.waitHeld(t, time.Second, map[string]int{"a": 64})
	t.Logf("64 slices acquired %s after the start of the member", time.Since(began))
	h.check(t)
}

func TestJoinIsHandedHalf(t *testing.T) {
	h, url := newHistory(), natstest.Start(t)
	start(t, url, config("a"), h.counting("a", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 64})
	began := time.Now()
	start(t, url, config("b"), h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	t.Logf("32 of 64 slices handed over %s after the start of the second member", time.Since(began))
	start(t, url, config("c"), h.counting("c", 100*time.Millisecond))
	h.wait(t, settle, "three members hold 21, 21 and 22", func() bool {
		have := h.held()
		return have["a"]+have["b"]+have["c"] == 64 && min(have["a"], have["b"], have["c"]) == 21
	})
	h.check(t)
	if h.refused != 0 {
		t.Errorf("%d commits were refused though nobody was lost", h.refused)
	}
}

// TestCleanLeave measures three leaves and holds the fastest to the promise: a busy machine may spoil one.
func TestCleanLeave(t *testing.T) {
	h, url := newHistory(), natstest.Start(t)
	start(t, url, config("b"), h.counting("b", 100*time.Millisecond))
	best := time.Hour
	for range 3 {
		a := start(t, url, config("a"), h.counting("a", 100*time.Millisecond))
		h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
		began := time.Now()
		a.leave()
		h.waitHeld(t, settle, map[string]int{"a": 0, "b": 64})
		took := time.Since(began)
		t.Logf("32 slices taken over %s after a clean leave", took)
		best = min(best, took)
		if err := <-a.done; err != nil {
			t.Errorf("clean leave: %v", err)
		}
	}
	if best > 300*time.Millisecond {
		t.Errorf("takeover after a clean leave took %s, want 300ms at most", best)
	}
	h.check(t)
}

// TestSlowHoldDelaysItselfOnly: what a leaving member has finished is taken over while it still drains the rest.
func TestSlowHoldDelaysItselfOnly(t *testing.T) {
	h, url := newHistory(), natstest.Start(t)
	drained := make(chan struct{})
	slow := func(ctx context.Context, l *Holding) error {
		r := h.begin("a", l)
		defer h.finish(r)
		<-ctx.Done()
		if l.Slice() == 7 {
			<-drained
		}
		return nil
	}
	a := start(t, url, config("a"), slow)
	h.waitHeld(t, settle, map[string]int{"a": 64})
	a.leave()
	start(t, url, config("b"), h.idle("b"))
	h.waitHeld(t, settle, map[string]int{"a": 1, "b": 63})
	close(drained)
	h.waitHeld(t, settle, map[string]int{"a": 0, "b": 64})
	h.check(t)
}

func TestCrash(t *testing.T) {
	t.Parallel()
	h, url := newHistory(), natstest.Start(t)
	a := start(t, url, config("a"), h.counting("a", 100*time.Millisecond))
	start(t, url, config("b"), h.counting("b", 100*time.Millisecond))
	h.waitHeld(t, settle, map[string]int{"a": 32, "b": 32})
	began := time.Now()
	a.crash()
	h.waitHeld(t, 3*time.Second, map[string]int{"a": 0, "b": 64})
	t.Logf("32 slices taken over %s after a crash", time.Since(began))
	if err := <-a.done; err == nil {
		t.Error("a member whose connection was closed has no error")
	}
	h.check(t)
}

func TestConfig(t *testing.T) {
	for name, spoil := range map[string]func(*Config){
		"group":      func(c *Config) { c.Group = "a.b" },
		"no slices":  func(c *Config) { c.Slices = 0 },
		"no member":  func(c *Config) { c.Member = "" },
		"fractional": func(c *Config) { c.TTL = 1500 * time.Millisecond },
		"slow heart": func(c *Config) { c.Heartbeat = time.Second },
		"drain":      func(c *Config) { c.Drain = -1 },
	} {
		cfg := config("a")
		spoil(&cfg)
		if _, err := New(cfg, nil, logger(t)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOtherNumberOfSlices(t *testing.T) {
	t.Parallel()
	h, url := newHistory(), natstest.Start(t)
	a := start(t, url, config("a"), h.idle("a"))
	h.waitHeld(t, settle, map[string]int{"a": 64})
	few := config("b")
	few.Slices = 16
	b := start(t, url, few, h.idle("b"))
	if err := <-b.done; !errors.Is(err, errOtherSlices) {
		t.Errorf("joined a group of 64 slices with 16: %v", err)
	}
	h.waitHeld(t, settle, map[string]int{"a": 64, "b": 0})
	a.crash()
	few.Member = "c"
	start(t, url, few, h.idle("c")) // waits until the crashed member is forgotten
	h.waitHeld(t, settle, map[string]int{"a": 0, "b": 0, "c": 16})
	h.check(t)
}
