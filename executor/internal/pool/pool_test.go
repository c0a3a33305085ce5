package pool_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/pool"
	"antiraid/shared/health"
	"antiraid/shared/tenant"
)

// workerVar makes the test's program a worker that does what it names.
const workerVar = "POOL_TEST_WORKER"

func TestMain(m *testing.M) {
	if what := os.Getenv(workerVar); what != "" {
		page, err := blame.Open(os.NewFile(pool.Page, "page"))
		if err != nil {
			panic(err)
		}
		be(what, page)
	}
	os.Exit(m.Run())
}

// be is a worker. It says what it is when its runs are on the page.
func be(what string, page *blame.Page) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	switch what {
	case "unborn":
		os.Exit(3)
	case "mute":
		select {}
	case "busy", "stuck":
		page.Begin(under("one")).Within(time.Hour)
		two := page.Begin(under("two"))
		if what == "stuck" {
			two.Within(100 * time.Millisecond)
		}
	case "deaf":
		stop = nil
	}
	page.Beat()
	os.Stdout.WriteString(what + "\n")
	if what == "starved" {
		for began := time.Now(); time.Since(began) < 1500*time.Millisecond; {
		}
		page.Beat()
		os.Stdout.WriteString("fed\n")
	}
	for tick := time.Tick(20 * time.Millisecond); ; {
		select {
		case <-tick:
			page.Beat()
		case <-stop:
			os.Exit(0)
		}
	}
}

// under is a run under way in a worker.
func under(template string) blame.Run {
	id, err := tenant.New(tenant.Guild, 7)
	if err != nil {
		panic(err)
	}
	return blame.Run{Tenant: id, Seq: 1, Template: template}
}

func suspects(templates ...string) (all []blame.Suspect) {
	for _, template := range templates {
		all = append(all, blame.Suspect{Run: under(template)})
	}
	return all
}

// place is a pool of one worker: the first is the first of lives, and so on; the last of them is repeated.
type place struct {
	*testing.T
	state  health.State
	cfg    pool.Config
	starts atomic.Int64
	made   *exec.Cmd // the pool's goroutine has it
	born   chan *exec.Cmd
	said   chan string
	deaths chan pool.Death
	stop   context.CancelFunc
	ended  chan error
}

func newPlace(t *testing.T, lives ...string) *place {
	p := &place{T: t, born: make(chan *exec.Cmd, 100), said: make(chan string, 100), deaths: make(chan pool.Death, 100), ended: make(chan error, 1)}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for s := bufio.NewScanner(r); s.Scan(); {
			p.said <- s.Text()
		}
	}()
	t.Cleanup(func() { w.Close() })
	p.cfg = pool.Config{
		Workers: 1, Drain: 5 * time.Second,
		Command: func(string) *exec.Cmd {
			n := int(p.starts.Add(1)) - 1
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), workerVar+"="+lives[min(n, len(lives)-1)])
			cmd.Stdout, cmd.Stderr = w, w
			p.made = cmd
			return cmd
		},
		Started: func(*blame.Page) func() { p.born <- p.made; return func() {} },
		Ended:   func(_ context.Context, d pool.Death) { p.deaths <- d },
	}
	return p
}

// run starts the pool; it is stopped when the test ends.
func (p *place) run() {
	var ctx context.Context
	ctx, p.stop = context.WithCancel(health.In(context.Background(), &p.state))
	go func() { p.ended <- pool.Run(ctx, p.cfg, slog.New(slog.NewTextHandler(p.Output(), nil))) }()
	p.Cleanup(func() {
		p.stop()
		if err := <-p.ended; err != nil {
			p.Errorf("the pool ended with %v", err)
		}
	})
}

// next waits for the next worker, and for what it says.
func (p *place) next(life string) *exec.Cmd {
	p.Helper()
	cmd := next(p, p.born)
	if got := next(p, p.said); got != life {
		p.Fatalf("a worker said %q, want %q", got, life)
	}
	return cmd
}

func (p *place) kill(worker *exec.Cmd) {
	p.Helper()
	if err := worker.Process.Kill(); err != nil {
		p.Fatal(err)
	}
	next(p, p.deaths)
}

func next[T any](p *place, ch chan T) (v T) {
	p.Helper()
	select {
	case v = <-ch:
	case err := <-p.ended:
		p.ended <- nil
		p.Fatalf("the pool ended with %v", err)
	case <-time.After(10 * time.Second):
		p.Fatalf("nothing happened for 10 s")
	}
	return v
}

// TestWhoEndsIsReplacedAndHisRunsAreKnown has workers with two runs under way end in every way there is.
func TestWhoEndsIsReplacedAndHisRunsAreKnown(t *testing.T) {
	for name, test := range map[string]struct {
		life     string
		signal   syscall.Signal
		cause    pool.Cause
		suspects []blame.Suspect
	}{
		"killed":  {"busy", syscall.SIGKILL, pool.Died, suspects("one", "two")},
		"leaves":  {"busy", syscall.SIGTERM, pool.Died, suspects("one", "two")},
		"stopped": {"busy", syscall.SIGSTOP, pool.Silent, suspects("one", "two")},
		"stuck":   {"stuck", 0, pool.Stuck, suspects("two")},
		"idle":    {"fine", syscall.SIGKILL, pool.Died, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, test.life, "fine")
			began := time.Now()
			p.run()
			worker := p.next(test.life)
			first := time.Since(began) // what this machine can do now
			if test.signal != 0 {
				if err := worker.Process.Signal(test.signal); err != nil {
					t.Fatal(err)
				}
			}
			began = time.Now()
			d := next(p, p.deaths)
			if d.Worker != "w0" || d.Cause != test.cause || d.Detail == "" || !slices.Equal(d.Suspects, test.suspects) {
				t.Errorf("death %+v, want %s with suspects %+v", d, test.cause, test.suspects)
			}
			if n := p.starts.Load(); n != 1 {
				t.Errorf("%d workers were started when the death was told, want 1: who takes over must know the suspects first", n)
			}
			p.next("fine")
			took, allowed := time.Since(began), 1200*time.Millisecond+2*first // 0.6 s of silence, the pause, and a start
			if took > allowed {
				t.Errorf("the place was empty for %v, want at most %v", took, allowed)
			}
		})
	}
}

// TestAWorkerThatIsBusyIsNotTakenForStopped has one compute for longer than a worker that has nothing to do may be silent.
func TestAWorkerThatIsBusyIsNotTakenForStopped(t *testing.T) {
	p := newPlace(t, "starved")
	p.run()
	p.next("starved")
	if got := next(p, p.said); got != "fed" {
		t.Errorf("the worker said %q, want that it goes on", got)
	}
	if len(p.deaths) > 0 {
		t.Errorf("death %+v", <-p.deaths)
	}
}

// TestAWorkerThatNeverGivesASignIsReplaced takes as long as one may take to begin.
func TestAWorkerThatNeverGivesASignIsReplaced(t *testing.T) {
	p := newPlace(t, "mute", "fine")
	p.run()
	next(p, p.born)
	began := time.Now()
	if d := next(p, p.deaths); d.Cause != pool.Silent || time.Since(began) > 7*time.Second {
		t.Errorf("death %+v after %v, want it silent after 5 s", d, time.Since(began))
	}
	p.next("fine")
}

// TestAStopIsNoDeath stops a pool whose worker ends when it is told to, and one whose worker has to be ended.
func TestAStopIsNoDeath(t *testing.T) {
	for _, life := range []string{"fine", "deaf"} {
		t.Run(life, func(t *testing.T) {
			p := newPlace(t, life)
			p.cfg.Drain = 10 * time.Millisecond
			p.run()
			worker := p.next(life)
			p.stop()
			if err := <-p.ended; err != nil {
				t.Fatal(err)
			}
			p.ended <- nil
			if ok := worker.ProcessState.Success(); ok != (life == "fine") {
				t.Errorf("the worker ended with %s", worker.ProcessState)
			}
			if len(p.deaths) > 0 || p.starts.Load() != 1 {
				t.Errorf("%d deaths and %d starts, want none and 1", len(p.deaths), p.starts.Load())
			}
		})
	}
}

// TestAWorkerThatCannotLiveIsStartedLessAndLess counts for two seconds, in which pauses of 0.2, 0.4, 0.8 and 1.6 s begin.
func TestAWorkerThatCannotLiveIsStartedLessAndLess(t *testing.T) {
	p := newPlace(t, "unborn")
	p.run()
	time.AfterFunc(2*time.Second, p.stop)
	if err := <-p.ended; err != nil {
		t.Fatal(err)
	}
	p.ended <- nil
	if n := p.starts.Load(); n < 2 || n > 4 {
		t.Errorf("%d starts within 2 s, want 2 to 4", n)
	}
	if err := p.state.Err(0); err == nil {
		t.Error("nothing is said to be away while no worker lives")
	}
}

// TestWhileAWorkerLivesAllIsWell kills one, which is said until the next one lives.
func TestWhileAWorkerLivesAllIsWell(t *testing.T) {
	p := newPlace(t, "fine")
	p.run()
	worker := p.next("fine")
	p.awaitState(true)
	p.kill(worker)
	p.awaitState(false)
	p.next("fine")
	p.awaitState(true)
}

func (p *place) awaitState(well bool) {
	p.Helper()
	tick, late := time.NewTicker(5*time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for (p.state.Err(0) == nil) != well {
		select {
		case <-tick.C:
		case <-late:
			p.Fatalf("the state is %v for 10 s, want it well: %v", p.state.Err(0), well)
		}
	}
}

// TestAWorkerThatCannotBeStartedIsStartedLater is a machine that has no process, file or memory to spare for a moment: that is no reason to end
// the other workers. It is a reason not to begin.
func TestAWorkerThatCannotBeStartedIsStartedLater(t *testing.T) {
	for first, want := range map[bool]string{true: "unavailable", false: ""} {
		t.Run(fmt.Sprint("first=", first), func(t *testing.T) {
			p := newPlace(t, "fine")
			start := p.cfg.Command
			p.cfg.Command = func(name string) *exec.Cmd {
				cmd := start(name)
				if n := p.starts.Load(); first || n == 2 || n == 3 {
					cmd.Err = errors.New("resource temporarily unavailable")
				}
				return cmd
			}
			p.run()
			if first {
				if err := <-p.ended; err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the pool ended with %v, want %q", err, want)
				}
				p.ended <- nil
				return
			}
			p.kill(p.next("fine"))
			p.next("fine")
		})
	}
}

// TestASupervisorHoldsNothingOfTheDead replaces a worker many times and looks at the files that are open.
func TestASupervisorHoldsNothingOfTheDead(t *testing.T) {
	p := newPlace(t, "fine")
	p.run()
	worker := p.next("fine")
	before := files(t)
	for range 3 {
		p.kill(worker)
		worker = p.next("fine")
	}
	if now := files(t); now > before {
		t.Errorf("%d files are open, before it were %d", now, before)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(maps), "antiraid-worker"); n != 1 {
		t.Errorf("%d pages are mapped, want the one of the worker that lives", n)
	}
}

func files(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}
