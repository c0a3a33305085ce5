package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"antiraid/shared/health"
)

// patience is how long something may be away before /healthz says so: a reconnect takes less.
const patience = 5 * time.Second

// endpoint answers GET /healthz (can the program work), /livez (does it run) and /metrics. The zero endpoint answers nothing.
type endpoint struct {
	listener net.Listener
	server   *http.Server
}

// listen opens the endpoint; an empty addr gives the zero one.
func listen(addr string, state *health.State) (endpoint, error) {
	if addr == "" {
		return endpoint{}, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return endpoint{}, fmt.Errorf("serve health: %w; choose another health_addr, or empty for none", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if err := state.Err(patience); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.Handle("GET /metrics", promhttp.Handler())
	return endpoint{l, &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}}, nil
}

// Address is where it listens, empty for the zero endpoint.
func (e endpoint) Address() string {
	if e.listener == nil {
		return ""
	}
	return e.listener.Addr().String()
}

// Run answers until ctx ends.
func (e endpoint) Run(ctx context.Context) error {
	if e.listener == nil {
		return nil
	}
	defer context.AfterFunc(ctx, func() { e.server.Close() })()
	if err := e.server.Serve(e.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health: %w", err)
	}
	return nil
}

// probe asks a running program for its health, for container engines whose image has no other program.
func (p Program[C]) probe(ctx context.Context, addr string, errout io.Writer) int {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		fmt.Fprintf(errout, "%s: health_addr %q: %v\n", p.Name, addr, err)
		return exitUsage
	}
	if host == "" || host == "0.0.0.0" {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err == nil {
		var res *http.Response
		if res, err = http.DefaultClient.Do(req); err == nil {
			reason, _ := io.ReadAll(io.LimitReader(res.Body, 512))
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return 0
			}
			err = fmt.Errorf("answered %s: %s", res.Status, bytes.TrimSpace(reason))
		}
	}
	fmt.Fprintf(errout, "%s: not well: %v\n", p.Name, err)
	return exitFailed
}
