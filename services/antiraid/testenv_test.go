package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/services/antiraid/internal/cli"
	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/home"
	"antiraid/services/antiraid/internal/scene"
	"antiraid/services/antiraid/internal/settings"
	"antiraid/services/antiraid/internal/system"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// result is what a command left behind.
type result struct {
	code     int
	out, err string
}

// antiraid runs a command as a person would type it.
func antiraid(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	var out, errout safe
	code := cli.CalledAs("antiraid")(t.Context(), args, environ, &out, &errout)
	return result{code, out.String(), errout.String()}
}

// safe is a buffer that may be written and read side by side.
type safe struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// running is a system that is up until the test ends.
type running struct {
	*system.Running
	data string
	stop func()
	runs chan *run.Record // of every tenant, but for those that say that a bundle is in force
}

// up starts the whole system on free ports and a folder. change may be nil.
func up(t *testing.T, data string, change func(*settings.Settings)) *running {
	t.Helper()
	cfg, err := settings.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data, cfg.NATSPort = data, 0
	if change != nil {
		change(&cfg)
	}
	h, err := home.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan *system.Running, 1), make(chan error, 1)
	go func() {
		ended <- system.New(cfg, h, slog.New(slog.NewTextHandler(t.Output(), nil))).Run(ctx, func(ctx context.Context, r *system.Running) error {
			if _, err := r.Ready(ctx, func(part string) { t.Logf("waiting for the %s", part) }); err != nil {
				return err
			}
			ready <- r
			<-ctx.Done()
			return nil
		})
	}()
	r := &running{data: data, runs: make(chan *run.Record, 10_000)}
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the system ended with: %v", err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	select {
	case r.Running = <-ready:
	case err := <-ended:
		cancel()
		h.Close()
		t.Fatalf("the system did not start: %v", err)
	}
	t.Cleanup(r.stop)
	go r.Client.Runs(ctx, client.Selection{Follow: true}, func(rec *run.Record) {
		if rec.Template != bundle.Announcement {
			r.runs <- rec
		}
	})
	return r
}

// next waits for a run that a test is interested in.
func (r *running) next(t *testing.T, want func(*run.Record) bool) *run.Record {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case rec := <-r.runs:
			if want(rec) {
				return rec
			}
		case <-late:
			t.Fatal("no such run within 30 s")
		}
	}
}

// deploy gives a tenant a template of one file and waits until it is in force.
func (r *running) deploy(t *testing.T, owner tenant.ID, name, source string) {
	t.Helper()
	place, err := r.Client.Place(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	reply, err := r.Client.Deploy(t.Context(), api.DeployRequest{Tenant: owner, Template: name, Files: bundle.Revision{bundle.Entry: source}, GrantAll: true})
	if err == nil {
		err = r.Client.AwaitVersion(t.Context(), owner, reply.Version, place)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// bundles is everything that tenants have.
func (r *running) bundles(t *testing.T) string {
	t.Helper()
	var all []bundle.Bundle
	if err := r.Client.Templates(t.Context(), tenant.ID{}, func(b bundle.Bundle) { all = append(all, b) }); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var guild = scene.Guild()

// freePort is a port that nobody listened on a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// folder writes a template.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(fmt.Sprintf("%s/%s", dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// oneSentence checks that a command failed as promised: a code, nothing on the standard output, one line that says it.
func (r result) oneSentence(t *testing.T, code int, says ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimRight(r.err, "\n"), "\n")
	if r.code != code || r.out != "" || len(lines) != 1 || !strings.HasPrefix(r.err, "antiraid: ") {
		t.Errorf("exit code %d, output %q, error %q; want code %d and one sentence", r.code, r.out, r.err, code)
	}
	for _, s := range says {
		if !strings.Contains(r.err, s) {
			t.Errorf("error %q does not say %q", r.err, s)
		}
	}
}
