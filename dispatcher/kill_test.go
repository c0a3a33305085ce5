package dispatcher_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"antiraid/dispatcher/internal/deploy"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/dispatcher/internal/publish"
	"antiraid/dispatcher/internal/step"
	"antiraid/shared/api"
	"antiraid/shared/bus"
	"antiraid/shared/kv"
	"antiraid/shared/store"
	"antiraid/shared/subject"
)

// victim is what a process of its own is told: deploy, and be killed at a point.
type victim struct {
	NATS, Mongo string
	Point       step.Point
	Request     api.DeployRequest
}

const victimVariable = "DISPATCHER_TEST_VICTIM"

// TestMain lets the test program be the victim as well.
func TestMain(m *testing.M) {
	if told := os.Getenv(victimVariable); told != "" {
		fmt.Fprintln(os.Stderr, "the victim lived:", die(context.Background(), told))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// die deploys as a dispatcher does, until SIGKILL ends the process at the point.
func die(ctx context.Context, told string) error {
	var v victim
	if err := json.Unmarshal([]byte(told), &v); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	b, err := bus.Connect(ctx, bus.Config{URL: v.NATS}, log)
	if err != nil {
		return err
	}
	truth, err := store.Open(ctx, store.Config{URI: v.Mongo}, log)
	if err != nil {
		return err
	}
	bundles, err := kv.Open(ctx, b, subject.Bundles)
	if err != nil {
		return err
	}
	blobs, err := kv.Open(ctx, b, subject.Blobs)
	if err != nil {
		return err
	}
	hook := func(p step.Point) error {
		if p != v.Point {
			return nil
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			return err
		}
		select {}
	}
	p := &publish.Publisher{Store: truth, Bus: b, Bundles: bundles, Blobs: blobs, Log: log, Hook: hook}
	_, err = deploy.New(deploy.Config{}, p, b, log).Deploy(ctx, v.Request)
	return err
}

func TestAKilledProcessLeavesTheOldBundleOrTheNewOne(t *testing.T) {
	s := deploytest.Start(t)
	p := s.Publisher(t, nil)
	seen := map[step.Point]string{} // what executors saw right after the death
	for i, point := range deploytest.Points() {
		g := guild(t, uint64(i+1))
		if _, err := deployer(t, p).Deploy(t.Context(), request(t, g, "a", "old")); err != nil {
			t.Fatal(err)
		}
		old := deploytest.Seen(t, p, g)
		kill(t, victim{s.NATS, s.Mongo, point, request(t, g, "a", "new")})
		seen[point] = deploytest.Seen(t, p, g)
		if published := slices.Index(deploytest.Points(), point) >= slices.Index(deploytest.Points(), step.BundlePublished); (seen[point] != old) != published {
			t.Errorf("killed at %q: executors see %s, before it was %s", point, seen[point], old)
		}
	}
	start(t, s) // the dispatcher itself finds what was left
	for i, point := range deploytest.Points() {
		g := guild(t, uint64(i+1))
		r := call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, "b", "next"))
		if r.Error != nil {
			t.Fatal(r.Error)
		}
		want, replaced := uint64(2), map[string]string{"b": r.Revision, "a": revision(t, request(t, g, "a", "old"))}
		if slices.Index(deploytest.Points(), point) >= slices.Index(deploytest.Points(), step.Committed) {
			want, replaced["a"] = 3, revision(t, request(t, g, "a", "new"))
		}
		checkBundle(t, deploytest.Seen(t, p, g), want, replaced)
		if got := versions(s.Startups(t, g)); !slices.Equal(got, upTo(want)) {
			t.Errorf("killed at %q: announced are %v, want up to %d", point, got, want)
		}
	}
}

// kill runs a victim and waits for its death.
func kill(t *testing.T, v victim) {
	t.Helper()
	told, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimVariable+"="+string(told))
	out, err := cmd.CombinedOutput()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the victim was not killed at %q: %v\n%s", v.Point, err, out)
	}
}

func revision(t *testing.T, req api.DeployRequest) string {
	t.Helper()
	_, key, err := req.Files.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
