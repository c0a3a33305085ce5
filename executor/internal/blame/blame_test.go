package blame_test

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/shared/tenant"
)

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
		p.Beat(time.Now())
		p.Begin(blame.Run{Tenant: g, Seq: 1, Template: "over"}, time.Now().Add(time.Hour))()
		p.Begin(blame.Run{Tenant: g, Seq: 2, Template: "stuck"}, time.Now().Add(-time.Second))
		p.Begin(blame.Run{Tenant: g, Seq: 3, Template: "fine"}, time.Now().Add(time.Hour))
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
	if len(got) != 2 || got[0].Template != "stuck" || got[0].Seq != 2 || got[0].Tenant != id(t) || got[1].Template != "fine" {
		t.Errorf("suspects %+v", got)
	}
	if s, ok := p.Overdue(time.Now()); !ok || s.Template != "stuck" {
		t.Errorf("overdue %+v, %v", s, ok)
	}
	if time.Since(p.Beaten()) > time.Minute {
		t.Errorf("sign of life at %v", p.Beaten())
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
		p.Begin(blame.Run{Tenant: id(t), Seq: 1, Template: "a"}, time.Now())()
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
		p.Begin(blame.Run{Tenant: g, Seq: 1, Template: "counter"}, time.Now())()
	}
}
