package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"antiraid/services/antiraid/internal/settings"
	"antiraid/services/simulator"
)

// build makes a program of the workspace.
func build(t *testing.T, pkg string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), filepath.Base(pkg))
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, pkg).CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	return program
}

// executor starts an executor process with its workers, and returns how to kill them all.
func executor(t *testing.T, program, natsURL string) (kill func()) {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "ANTIRAID_NATS_URL="+natsURL, "ANTIRAID_WORKERS=2", "ANTIRAID_LOG_LEVEL=warn")
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a group of its own: its workers die with it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	kill = func() {
		if killed {
			return
		}
		killed = true
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
			t.Errorf("kill -9 of the executor: %v", err)
		}
		_ = cmd.Wait() // it was killed
	}
	t.Cleanup(kill)
	return kill
}

func TestKillingTheExecutorLosesNothing(t *testing.T) {
	program := build(t, "antiraid/executor/cmd/executor")
	port := freePort(t)
	kill := executor(t, program, fmt.Sprintf("nats://127.0.0.1:%d", port))
	r := up(t, filepath.Join(t.TempDir(), "data"), func(s *settings.Settings) {
		s.NATSPort, s.Without = port, []string{"executor"}
	})
	r.deploy(t, guild, "counter", counter)

	const events, deaths = 60, 3
	channels := channels(t, r, events/4) // Discord takes 5 messages in 5 s for each
	for i := range events {
		if _, err := r.Discord.World().Write(channels[i%len(channels)], simulator.SampleOwner, "!count"); err != nil {
			t.Fatal(err)
		}
		if i%(events/deaths) == events/deaths/2 { // it is busy with those that were written
			kill()
			kill = executor(t, program, r.Addresses.NATS)
		}
	}
	got := counted(t, r.Discord, events)
	for i := range events {
		if text := fmt.Sprint("count ", i+1); got[text] != 1 {
			t.Errorf("Discord received %q %d times", text, got[text])
		}
	}
}

func channels(t *testing.T, r *running, n int) (ids []simulator.ID) {
	t.Helper()
	for i := range n {
		c, err := r.Discord.World().AddChannel(simulator.SampleGuild, simulator.Channel{Name: fmt.Sprint("channel-", i)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	return ids
}
