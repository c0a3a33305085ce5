package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/request"
	"antiraid/shared/config"
)

const token = "hunter2"

func client(t *testing.T, url string, timeout time.Duration) *api.Client {
	c := api.New(api.Config{URL: url, Token: config.NewSecret(token), UserAgent: "DiscordBot (x, 1)", Timeout: timeout, Drain: 50 * time.Millisecond},
		limit.New(limit.Config{PerSecond: 10_000}), nil)
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

var post = request.Request{Method: "POST", Path: "/channels/70/messages", Route: "POST messages", Major: "70", Body: []byte(`{}`)}

func TestWhatEachRequestCarries(t *testing.T) {
	for name, tc := range map[string]struct {
		r    request.Request
		want http.Header
	}{
		"message": {post, http.Header{"Authorization": {"Bot " + token}, "Content-Type": {"application/json"}}},
		"ban": {request.Request{Method: "PUT", Path: "/guilds/7/bans/5", Body: []byte(`{}`), Reason: "raid: \"é\"\r\nX-Evil: 1"},
			http.Header{"Authorization": {"Bot " + token}, "Content-Type": {"application/json"}, "X-Audit-Log-Reason": {"raid:%20%22%C3%A9%22%0D%0AX-Evil:%201"}}},
		"reaction": {request.Request{Method: "PUT", Path: "/channels/70/messages/3/reactions/%F0%9F%91%8D/@me"}, http.Header{"Authorization": {"Bot " + token}}},
		"callback": {request.Request{Method: "POST", Path: "/interactions/4/t/callback", Body: []byte(`{}`), Callback: true}, http.Header{"Content-Type": {"application/json"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var line, body string
			var got http.Header
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				line, got, body = r.Method+" "+r.RequestURI, r.Header, string(data)
				w.WriteHeader(http.StatusNoContent)
			})
			a, err := client(t, url+"/api/v10", time.Second).Do(t.Context(), tc.r, nil)
			if err != nil || a.Status != 204 || a.Body != nil {
				t.Fatalf("got %+v, %v", a, err)
			}
			if line != tc.r.Method+" /api/v10"+tc.r.Path || body != string(tc.r.Body) || got.Get("User-Agent") != "DiscordBot (x, 1)" {
				t.Errorf("sent %s %s %v", line, body, got)
			}
			for _, h := range []string{"Authorization", "Content-Type", "X-Audit-Log-Reason", "X-Evil"} {
				if got.Get(h) != tc.want.Get(h) {
					t.Errorf("%s is %q, want %q", h, got.Get(h), tc.want.Get(h))
				}
			}
		})
	}
}

func TestAnswersAreReadUpToASizeAndKeptAsJSON(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"json":     {200, `{"id":"1"}`, `{"id":"1"}`},
		"nothing":  {204, "", ""},
		"page":     {503, "<html>\xff", `"\u003chtml\u003e\ufffd"`},
		"too much": {200, `"` + strings.Repeat("x", api.MaxAnswer) + `"`, ""},
		"redirect": {302, `{}`, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls++
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			})
			a, err := client(t, url, 5*time.Second).Do(t.Context(), post, nil)
			if err != nil || a.Status != tc.status || string(a.Body) != tc.want || calls != 1 {
				t.Errorf("got %d %.80s after %d calls, %v; want %d %s", a.Status, a.Body, calls, err, tc.status, tc.want)
			}
		})
	}
}

func TestARequestWithoutAnAnswerSaysWhetherItWasSent(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	hang := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	cut := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `{"id"`)
	})
	for name, tc := range map[string]struct {
		url  string
		sent bool
	}{"nobody listens": {"http://" + closed.Addr().String(), false}, "no answer in time": {hang, true}, "half an answer": {cut, true}} {
		t.Run(name, func(t *testing.T) {
			r := post
			r.Path = "/interactions/4/secret-token/callback"
			_, err := client(t, tc.url, 200*time.Millisecond).Do(t.Context(), r, nil)
			var none *api.NoAnswer
			if !errors.As(err, &none) || none.Sent != tc.sent {
				t.Fatalf("got %v, %+v", err, none)
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, none), "secret-token") {
				t.Errorf("the error shows an interaction's token: %v", err)
			}
		})
	}
}

func TestARequestOutlivesItsCallerForAWhile(t *testing.T) {
	arrived, release := make(chan struct{}, 2), make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusNoContent)
	})
	c := client(t, url, time.Minute)
	do := func() (<-chan error, context.CancelFunc) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := c.Do(ctx, post, nil)
			done <- err
		}()
		<-arrived
		return done, cancel
	}
	done, cancel := do()
	cancel() // nothing releases it: it ends after Drain
	var none *api.NoAnswer
	if err := <-done; !errors.As(err, &none) || !none.Sent {
		t.Errorf("a request that hangs gave %v", err)
	}
	done, cancel = do()
	cancel()
	close(release)
	if err := <-done; err != nil {
		t.Errorf("a request that had left was cut off: %v", err)
	}
}

func TestNothingIsSentWhenTheCallerIsNotReady(t *testing.T) {
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	c, no := client(t, url, time.Second), errors.New("no")
	for range 3 { // the permit comes back: an unknown bucket has one
		if _, err := c.Do(t.Context(), post, func(context.Context) error { return no }); !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
	}
}
