package blame_test

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

var used = run.Usage{Instructions: 5, Memory: 1 << 40, Coroutines: 7}

func id(t *testing.T) tenant.ID {
	t.Helper()
	g, err := tenant.New(tenant.Guild, 7)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestMain is also the worker of TestThePageOutlivesItsWorker.
func TestMain(m *testing.M) {
	if os.Getenv("BLAME_TEST_WORKER") != "" {
		p, err := blame.Open(os.NewFile(3, "page"))
		if err != nil {
			panic(err)
		}
		g, _ := tenant.New(tenant.Guild, 7)
		p.Beat()
		p.Begin(blame.Run{Tenant: g, Seq: 1, Template: "over"}).End()
		stuck := p.Begin(blame.Run{Tenant: g, Seq: 2, Template: "stuck"})
		stuck.Used(used)
		stuck.Within(time.Second)
		p.Begin(blame.Run{Tenant: g, Seq: 3, Template: "fine"}).Within(time.Hour)
		os.Stdout.WriteString("ready\n")
		select {}
	}
	os.Exit(m.Run())
}

func TestThePageOutlivesItsWorker(t *testing.T) {
	p, f, err := blame.Create()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BLAME_TEST_WORKER=1")
	cmd.ExtraFiles = []*os.File{f}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	got := p.Suspects()
	want := []blame.Suspect{{Run: blame.Run{Tenant: id(t), Seq: 2, Template: "stuck"}, Used: used}, {Run: blame.Run{Tenant: id(t), Seq: 3, Template: "fine"}}}
	if !slices.Equal(got, want) {
		t.Errorf("suspects %+v, want %+v", got, want)
	}
	w := blame.NewWatch(p)
	if late := look(w, time.Now(), 1200*time.Millisecond); late != want[0].Run {
		t.Errorf("overdue is %+v, want %+v", late, want[0])
	}
	if silence, alive := w.Silence(); !alive || silence < time.Second {
		t.Errorf("silent for %v, ever alive: %v", silence, alive)
	}
}

// look looks every 50 ms of a supervisor's time and returns the run that is overdue then.
func look(w *blame.Watch, from time.Time, d time.Duration) blame.Run {
	for t := time.Duration(0); t <= d; t += 50 * time.Millisecond {
		w.Look(from.Add(t))
	}
	s, _ := w.Overdue()
	return s.Run
}

func page(t *testing.T) *blame.Page {
	t.Helper()
	p, f, err := blame.Create()
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	t.Cleanup(func() { p.Close() })
	return p
}

func TestARunIsOverdueWhenItsPartTakesTooLong(t *testing.T) {
	p := page(t)
	w := blame.NewWatch(p)
	r, none := blame.Run{Tenant: id(t), Seq: 1, Template: "a"}, blame.Run{}
	now := time.Now()
	wait := func(d time.Duration, want blame.Run, when string) {
		t.Helper()
		if got := look(w, now, d); got != want {
			t.Errorf("%s: overdue is %+v, want %+v", when, got, want)
		}
		now = now.Add(d)
	}
	s := p.Begin(r)
	wait(time.Hour/100, none, "no limit")
	s.Within(time.Second)
	wait(900*time.Millisecond, none, "inside its limit")
	s.Within(time.Second)
	wait(900*time.Millisecond, none, "inside the limit of the next part")
	wait(200*time.Millisecond, r, "behind its limit")
	s.Within(0)
	wait(time.Minute, none, "without a limit again")
	s.End()
	p.Begin(r).Within(time.Second)
	wait(900*time.Millisecond, none, "the slot's next run")
}

// TestAClockThatJumpsMakesNoSuspects has the two processes disagree about the time of day by years, and the supervisor stopped for a day.
func TestAClockThatJumpsMakesNoSuspects(t *testing.T) {
	p := page(t)
	w := blame.NewWatch(p)
	p.Beat()
	p.Begin(blame.Run{Tenant: id(t), Seq: 1, Template: "a"}).Within(2 * time.Second)
	for _, now := range []time.Time{time.Now().AddDate(30, 0, 0), time.Now().AddDate(30, 0, 1), time.Now().AddDate(-30, 0, 0)} {
		if r := look(w, now, 100*time.Millisecond); !r.Tenant.IsZero() {
			t.Errorf("at %v: %+v is overdue", now, r)
		}
		if silence, alive := w.Silence(); !alive || silence > time.Second {
			t.Errorf("at %v: silent for %v, ever alive: %v", now, silence, alive)
		}
	}
}

func TestSlotsAreUsedAgain(t *testing.T) {
	p, f, err := blame.Create()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	defer f.Close()
	for range 3 * blame.Slots {
		p.Begin(blame.Run{Tenant: id(t), Seq: 1, Template: "a"}).End()
	}
	if got := p.Suspects(); len(got) != 0 {
		t.Errorf("%d runs are under way, want none", len(got))
	}
}

func BenchmarkBegin(b *testing.B) {
	p, f, err := blame.Create()
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	defer f.Close()
	g, _ := tenant.New(tenant.Guild, 7)
	b.ReportAllocs()
	for b.Loop() {
		s := p.Begin(blame.Run{Tenant: g, Seq: 1, Template: "counter"})
		s.Within(time.Second)
		s.End()
	}
}
