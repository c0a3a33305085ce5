package rest_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"antiraid/services/rest"
	"antiraid/services/rest/internal/discordtest"
)

// child makes the test binary a rest of its own, with the addresses of NATS and Discord: something that can be killed.
const child = "REST_TEST_CHILD"

func TestMain(m *testing.M) {
	addresses := os.Getenv(child)
	if addresses == "" {
		os.Exit(m.Run())
	}
	nats, discord, _ := strings.Cut(addresses, " ")
	s := &system{url: nats, discord: &discordtest.Server{URL: discord}}
	if err := rest.Run(context.Background(), s.config(), slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process starts a rest that can be killed without notice.
func (s *system) process() (signal func(syscall.Signal)) {
	s.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), child+"="+s.url+" "+s.discord.URL)
	cmd.Stderr = s.t.Output()
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return func(sig syscall.Signal) {
		if err := cmd.Process.Signal(sig); err != nil {
			s.t.Error(err)
		}
	}
}

// A process dies, or is paused beyond its lease, after Discord created a message and before it could hear of it. Its successor repeats that
// one under the same nonce, and goes on behind it. Whoever wakes up later changes nothing.
func TestALostProcessLosesDoublesAndReordersNothing(t *testing.T) {
	t.Run("killed", func(t *testing.T) { lose(t, syscall.SIGKILL, 0) })
	t.Run("paused", func(t *testing.T) { lose(t, syscall.SIGSTOP, syscall.SIGCONT) })
}

func lose(t *testing.T, lost, found syscall.Signal) {
	s := start(t)
	const post, n = "POST /channels/70/messages", 12
	created, answer := make(chan struct{}), make(chan struct{})
	s.discord.Fail(post, nil, nil, nil, nil, func(w http.ResponseWriter, _ *http.Request, perform func()) {
		perform()
		close(created)
		<-answer
		discordtest.Reply(w, 200, `{"id":"late"}`)
	})
	signal := s.process()
	var want []string
	for i := range n {
		want = append(want, fmt.Sprint(i))
		s.send(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"70","content":"%d"}`, i)))
	}
	<-created
	s.process()
	signal(lost)
	began := time.Now()
	s.discord.Await(t, post, 6)
	t.Logf("the successor's first request came after %s", time.Since(began).Round(time.Millisecond))
	close(answer)
	if found != 0 {
		signal(found)
	}
	s.discord.Await(t, post, n+1)
	if r := s.ask(s.effect("g-7", "create_message", `{"channel_id":"70","content":"last"}`)); r.Status != 200 {
		t.Errorf("the last one gave %+v", r)
	}
	if got := s.discord.Messages(); !slices.Equal(got, append(want, "last")) {
		t.Errorf("Discord has %v", got)
	}
	if got := len(s.discord.Calls(post)); got != n+2 {
		t.Errorf("%d posts, want %d: only the one in flight may be repeated", got, n+2)
	}
	if d := s.dead(0); len(d) != 0 {
		t.Errorf("dead letters %q", d)
	}
}

// Lanes move while effects flow, and no channel notices.
func TestReplicasComeAndGoWhileEffectsFlow(t *testing.T) {
	s := start(t)
	const channels, each = 12, 15
	for c := range channels {
		s.discord.Channel(fmt.Sprint(100+c), "7")
	}
	cfg := s.config()
	stop := []func(){s.run(cfg)}
	for i := range each {
		for c := range channels {
			s.send(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"%d","content":"%d/%d"}`, 100+c, 100+c, i)))
		}
		switch i {
		case 2, 5:
			stop = append(stop, s.run(cfg))
		case 9:
			stop[0]()
		case 12:
			stop[1]()
		}
	}
	s.discord.Await(t, "POST ", channels*each)
	for c := range channels { // each channel's last effect has been answered
		if r := s.ask(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"%d","content":"%d/last"}`, 100+c, 100+c))); r.Status != 200 {
			t.Errorf("the last one gave %+v", r)
		}
	}
	got := map[string][]string{}
	for _, m := range s.discord.Messages() {
		channel, text, _ := strings.Cut(m, "/")
		got[channel] = append(got[channel], text)
	}
	var want []string
	for i := range each {
		want = append(want, fmt.Sprint(i))
	}
	want = append(want, "last")
	for c := range channels {
		if list := got[fmt.Sprint(100+c)]; !slices.Equal(list, want) {
			t.Errorf("channel %d has %v", 100+c, list)
		}
	}
	if posts := len(s.discord.Calls("POST ")); posts != channels*(each+1) {
		t.Errorf("%d posts, want %d", posts, channels*(each+1))
	}
}
