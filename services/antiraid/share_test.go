package main_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"antiraid/services/antiraid/internal/cli"
	"antiraid/services/antiraid/internal/home"
	"antiraid/shared/storetest"
)

// begun runs `antiraid up` in this process until stop, which gives its exit code.
func begun(t *testing.T, environ []string, until string, args ...string) (out *watched, stop func() int) {
	t.Helper()
	out = &watched{text: until, come: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() { ended <- cli.CalledAs("antiraid")(ctx, append([]string{"up"}, args...), environ, out, out) }()
	stop = func() int {
		cancel()
		code := <-ended
		ended <- code
		return code
	}
	t.Cleanup(func() { stop() })
	out.await(t)
	return out, stop
}

func TestASimulatedDiscordRefusesTheNATSOfAnotherSystem(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "counter", counter)
	environ := []string{"ANTIRAID_NATS_URL=" + r.Addresses.NATS, "ANTIRAID_MONGO_URI=" + storetest.Start(t)}
	began := time.Now()
	antiraid(t, environ, "up", "--once", "--data", filepath.Join(t.TempDir(), "data")).oneSentence(t, 1, "of another system works there", "unset ANTIRAID_NATS_URL", "DISCORD_TOKEN")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	says(t, r.Discord, "!count")
	if got := counted(t, r.Discord, 1); got["count 1"] != 1 {
		t.Errorf("the system that was there had its Discord receive %v", got)
	}
}

func TestPartsThatAreLeftOutCanBeStartedByHand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	out, stop := begun(t, nil, "waiting for the gateway", "--data", data, "--nats-port", "0", "--chatter", "0", "--without", "gateway,rest")
	info, err := os.Stat(home.AddressFile(data))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the addresses: %v, %v", info, err)
	}
	a, _, err := home.Find(data)
	if err != nil {
		t.Fatal(err)
	}
	start := func(pkg string, environ ...string) {
		cmd := exec.Command(build(t, pkg))
		cmd.Env = append(append(os.Environ(), "ANTIRAID_NATS_URL="+a.NATS), environ...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself, with the servers
			_ = cmd.Wait()
		})
	}
	out.wants("waiting for the rest")
	start("antiraid/gateway/cmd/gateway", "ANTIRAID_GATEWAY_API="+a.DiscordAPI, "ANTIRAID_GATEWAY_TOKEN="+a.DiscordToken)
	out.await(t)
	start("antiraid/services/rest/cmd/rest", "ANTIRAID_API_URL="+a.DiscordAPI, "ANTIRAID_TOKEN="+a.DiscordToken)
	out.wants("The scene is over")
	out.await(t)
	for _, want := range []string{"dispatcher executor  ", "ban mallory"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), a.DiscordToken) {
		t.Error("it shows the token")
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestADiscordThatDoesNotAnswerIsNotCalledConnected(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	environ := []string{"DISCORD_TOKEN=a.b.c", "DISCORD_API=http://127.0.0.1:1/api"}
	out, stop := begun(t, environ, "connecting to 127.0.0.1:1 …", "--data", data, "--nats-port", "0")
	out.wants("discord does not answer")
	out.await(t)
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if text := out.String(); strings.Contains(text, "Connected to Discord") || strings.Contains(text, "the real one") {
		t.Errorf("it said:\n%s", text)
	}
}
