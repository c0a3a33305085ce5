package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args, environ []string
		code          int
		says          string
	}{
		"help":              {[]string{"--help"}, nil, 0, "ANTIRAID_SIMULATOR_IDENTIFY_EVERY"},
		"version":           {[]string{"--version"}, nil, 0, "simulator "},
		"unknown flag":      {[]string{"--adr", "x"}, nil, 2, "-adr"},
		"argument":          {[]string{"sample"}, nil, 2, `unexpected argument "sample"`},
		"unknown scenario":  {[]string{"--scenario", "rad"}, nil, 2, "there are raid, sample"},
		"unknown variable":  {nil, []string{"ANTIRAID_SIMULATOR_ADR=x"}, 2, "ANTIRAID_SIMULATOR_ADR"},
		"other program's":   {nil, []string{"ANTIRAID_FOO=1"}, 2, "ANTIRAID_FOO does not exist; those of this program begin with ANTIRAID_SIMULATOR_"},
		"wrong variable":    {nil, []string{"ANTIRAID_SIMULATOR_SHARDS=x"}, 2, "ANTIRAID_SIMULATOR_SHARDS"},
		"wrong token":       {[]string{"--token", "x"}, nil, 1, "base64(application id).x.y"},
		"negative":          {[]string{"--shards", "-1"}, nil, 1, "Shards"},
		"no such address":   {[]string{"--addr", "127.0.0.1:99999"}, nil, 1, "choose another address"},
		"nobody to ask":     {[]string{"--healthcheck", "--addr", "127.0.0.1:1"}, nil, 1, "refused"},
		"others' variables": {[]string{"--version"}, []string{"ANTIRAID_NATS_URL=x", "ANTIRAID_HEALTH_ADDR=:8080", "HOME=/"}, 0, "simulator "},
	} {
		var out, errout bytes.Buffer
		code := run(t.Context(), c.args, c.environ, &out, &errout)
		if said := out.String() + errout.String(); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%s: exit code %d, said %q; want %d and %q", name, code, said, c.code, c.says)
		}
	}
}

// TestRun starts the program, asks it, and stops it.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"--addr", "127.0.0.1:0"}, []string{"ANTIRAID_SIMULATOR_SCENARIO=sample"}, in, t.Output())
		in.Close()
	}()
	said := make([]byte, 1024)
	n, err := out.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	url := regexp.MustCompile(`http://\S+`).FindString(string(said[:n]))
	res, err := http.Get(strings.TrimSuffix(url, "/api/v10") + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET /healthz at %q: %v, %v", url, res, err)
	}
	res.Body.Close()
	addr := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/api/v10")
	if code := run(t.Context(), []string{"--healthcheck", "--addr", addr}, nil, t.Output(), t.Output()); code != 0 {
		t.Errorf("the healthcheck ended with %d, want 0", code)
	}
	stop()
	select {
	case got := <-code:
		if got != 0 {
			t.Errorf("stopped, it ended with %d, want 0", got)
		}
	case <-time.After(10 * time.Second):
		t.Error("it did not stop")
	}
}
