package main_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/scene"
	"antiraid/services/simulator"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// tally numbers what it sees: what is lost, repeated or out of order shows in what its runs wrote.
const tally = `
local kv = require "@antiraid/kv"
local function count() kv.set("seen", (kv.get("seen") or 0) + 1) end
return {
  capabilities = { "kv:*" },
  events = { GUILD_MEMBER_ADD = count, MESSAGE_CREATE = count, MESSAGE_REACTION_ADD = count },
}`

// The sample scenario, played so often, and what is in each play.
const (
	plays                              = 8
	joins, writes, counts, reacts, use = 3, 4, 2, 1, 1
	answers                            = joins + counts // by the template welcome; the tally sees them as well
	sampled                            = plays * (joins + writes + reacts + answers)
)

// Beside it, as many guilds of which something is heard so often: enough for each executor to own some.
const guilds, heard = 30, 5

var tallied = []string{"GUILD_MEMBER_ADD", "MESSAGE_CREATE", "MESSAGE_REACTION_ADD"}

func TestThreeExecutorContainersHandleEveryEventWhenOneIsKilled(t *testing.T) {
	c := upContainers(t, 3)
	counter := folder(t, map[string]string{"init.lua": tally})
	c.deploy(t, "samples/welcome", guild)
	c.deploy(t, "samples/remind", scene.User())
	c.deploy(t, counter, guild, "--name", "tally")
	for n := range guilds {
		c.deploy(t, counter, crowd(t, n), "--name", "tally")
	}

	played := make(chan error, 2)
	go func() { played <- c.play(t.Context()) }()
	go func() { played <- c.dispatch(t.Context()) }()
	const want = sampled + guilds*heard + plays*use
	killed := ""
	c.follow(t, want, func(r *run.Record, n int) {
		if n == want/4 {
			killed = host(r)
			t.Logf("after %d runs, kill container %s, which made the last one", n, killed)
			command(t, nil, "docker", "kill", killed)
		}
	})
	if err := errors.Join(<-played, <-played); err != nil {
		t.Fatal(err)
	}
	received := c.journal(t)
	by := map[string]int{}
	var records []*run.Record
	err := c.client.Runs(t.Context(), client.Selection{}, func(r *run.Record) {
		records = append(records, r)
		by[host(r)]++
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("runs by container: %v", by)
	if len(by) != 3 || by[killed] == 0 {
		t.Errorf("runs by container: %v; want some by each of three, the killed %s among them", by, killed)
	}
	c.checkRuns(t, records, scene.User(), "remind", []string{"INTERACTION_CREATE"}, plays*use)
	checkNumbers(t, c.checkRuns(t, records, guild, "tally", tallied, sampled))
	for n := range guilds {
		checkNumbers(t, c.checkRuns(t, records, crowd(t, n), "tally", tallied, heard))
	}
	checkReceived(t, received)
	if left := c.ids(t, "executor"); len(left) != 2 {
		t.Errorf("%d executors run at the end; want 2", len(left))
	}
}

// crowd is the n-th guild beside the sample's.
func crowd(t *testing.T, n int) tenant.ID {
	t.Helper()
	id, err := tenant.New(tenant.Guild, uint64(n+1))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// host is the container in which a run was made: the beginning of its id.
func host(r *run.Record) string {
	name, _, _ := strings.Cut(r.Executor, ".")
	return name
}

// checkRuns wants one run, which ended well, for each stored event of some types, and gives them in the order of the events.
func (c *containers) checkRuns(t *testing.T, records []*run.Record, owner tenant.ID, template string, types []string, want int) []*run.Record {
	t.Helper()
	records = slices.DeleteFunc(slices.Clone(records), func(r *run.Record) bool { return r.Tenant != owner || r.Template != template })
	slices.SortStableFunc(records, func(a, b *run.Record) int { return cmp.Compare(a.Seq, b.Seq) })
	n := 0
	err := c.bus.ReadAll(t.Context(), bus.Reading{Stream: subject.Events, Subjects: []string{subject.TenantEvents(owner)}}, func(m *bus.Message) error {
		e, err := m.Event()
		if err != nil || !slices.Contains(types, e.Type) {
			return err
		}
		if n++; n > len(records) || records[n-1].Event != e.ID || records[n-1].Outcome != run.OK {
			return fmt.Errorf("event %d (%s, number %d) has no run of its own that ended well", e.Seq, e.Type, n)
		}
		return nil
	})
	if err != nil || n != want || len(records) != want {
		t.Errorf("%s of %s: %d events were stored, %d runs recorded; what happened makes %d: %v", template, owner, n, len(records), want, err)
	}
	return records
}

// checkNumbers wants the runs of the tally to have counted without gap or repetition, in the order of the events.
func checkNumbers(t *testing.T, records []*run.Record) {
	t.Helper()
	for i, r := range records {
		if len(r.Writes) != 1 || string(r.Writes[0].Value) != strconv.Itoa(i+1) {
			t.Errorf("event %d of %s is number %d and was counted as %+v", r.Seq, r.Tenant, i+1, r.Writes)
			return
		}
	}
}

// checkReceived wants each of the numbered messages once, and in order, in what Discord received.
func checkReceived(t *testing.T, journal []simulator.Request) {
	t.Helper()
	numbered := regexp.MustCompile(`^(Welcome|count)\b.* (\d+)\.?$`)
	seen, answered := map[string]int{}, 0
	for _, req := range journal {
		var body struct{ Content string }
		if strings.HasSuffix(req.Route, "/callback") && req.Status < 300 {
			answered++
		}
		if !strings.HasSuffix(req.Route, "/messages") || !req.Applied || json.Unmarshal(req.Body, &body) != nil {
			continue
		}
		word := numbered.FindStringSubmatch(body.Content)
		if word == nil {
			t.Errorf("Discord received %q", body.Content)
			continue
		}
		seen[word[1]]++
		if word[2] != strconv.Itoa(seen[word[1]]) {
			t.Errorf("Discord received %q as number %d", body.Content, seen[word[1]])
		}
	}
	if seen["Welcome"] != plays*joins || seen["count"] != plays*counts {
		t.Errorf("Discord received %v; want %d greetings and %d counts", seen, plays*joins, plays*counts)
	}
	t.Logf("%d of %d interactions were answered within Discord's 3 s, others waited for the takeover", answered, plays*use)
}

// containers is the system of docker-compose.yml with deploy/compose.offline.yml, until the test ends.
type containers struct {
	compose []string // command with the arguments that each call has
	environ []string
	project string
	nats    string
	discord string
	bus     *bus.Bus
	client  *client.Client
}

// upContainers builds all images on this machine and starts them. Without a Docker engine it skips the test.
func upContainers(t *testing.T, executors int) *containers {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "docker", "info").CombinedOutput(); err != nil {
		t.Skipf("no Docker engine answers here, so containers are not tried: %v: %.200s", err, out)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	command(t, nil, root+"/deploy/build", "--tag", "test", "--out", t.TempDir())
	t.Logf("programs and images were built in %s", time.Since(began).Round(time.Second))

	c := &containers{project: "antiraid-test-" + strings.ToLower(rand.Text()[:8])}
	c.compose = composeCommand(t)
	c.compose = append(c.compose, "--project-directory", root, "-f", root+"/docker-compose.yml", "-f", root+"/deploy/compose.offline.yml",
		"--env-file", root+"/deploy/simulator.env", "--profile", "simulator", "-p", c.project)
	c.environ = append(os.Environ(), "IMAGE_TAG=test", "NATS_PORT=", "SIMULATOR_PORT=", "SIMULATOR_SCENARIO=", "SIMULATOR_UNLIMITED=true")
	t.Cleanup(func() { c.down(t) })
	c.run(t, "up", "-d", "--no-build", "--scale", "executor="+strconv.Itoa(executors))
	if got := c.ids(t, "executor"); len(got) != executors {
		t.Fatalf("%d executors run; want %d", len(got), executors)
	}
	c.nats = "nats://" + c.run(t, "port", "nats", "4222")
	c.discord = "http://" + c.run(t, "port", "simulator", "8787")
	if c.bus, err = bus.Connect(t.Context(), bus.Config{URL: c.nats, Name: t.Name()}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.bus.Close)
	c.client = client.On(c.bus)
	ready, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := errors.Join(c.client.AwaitDispatcher(ready), c.client.AwaitExecutor(ready), c.awaitGateway(ready)); err != nil {
		t.Fatal(err)
	}
	t.Logf("everything was up after %s", time.Since(began).Round(time.Second))
	return c
}

// composeCommand is Compose, as a plugin of Docker or as a program of its own.
func composeCommand(t *testing.T) []string {
	t.Helper()
	for _, c := range [][]string{{"docker", "compose"}, {"docker-compose"}} {
		if exec.CommandContext(t.Context(), c[0], append(c[1:], "version")...).Run() == nil {
			return c
		}
	}
	t.Fatal("there is a Docker engine, but neither `docker compose` nor `docker-compose`; install one of them")
	return nil
}

// down removes containers, networks and volumes; the images stay, for the next time. It runs after the test's context has ended.
func (c *containers) down(t *testing.T) {
	compose := func(args ...string) ([]byte, error) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		args = append(slices.Clone(c.compose), args...)
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Env = c.environ
		return cmd.CombinedOutput()
	}
	if t.Failed() {
		logs, _ := compose("logs", "--no-color", "--tail", "60")
		t.Logf("what the containers said last:\n%s", logs)
	}
	// The engine may still be busy with the endpoint of a container that it was told to kill, and then keeps the network.
	for tries := 1; ; tries++ {
		out, err := compose("down", "--volumes", "--remove-orphans", "--timeout", "3")
		if err == nil {
			return
		}
		if tries == 5 {
			t.Errorf("take the containers down: %v\n%s", err, out)
			return
		}
		<-time.After(time.Duration(tries) * time.Second)
	}
}

// run runs a command of Compose and gives what it printed.
func (c *containers) run(t *testing.T, args ...string) string {
	t.Helper()
	return command(t, c.environ, append(slices.Clone(c.compose), args...)...)
}

// ids is the running containers of a service.
func (c *containers) ids(t *testing.T, service string) []string {
	t.Helper()
	return strings.Fields(command(t, nil, "docker", "ps", "--quiet", "--filter", "label=com.docker.compose.project="+c.project,
		"--filter", "label=com.docker.compose.service="+service))
}

// command runs a program to its end and gives its standard output.
func command(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	var out, errout bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr = environ, &out, &errout
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, out.Bytes(), errout.Bytes())
	}
	return strings.TrimSpace(out.String())
}

// deploy is the command, as a person types it on the host.
func (c *containers) deploy(t *testing.T, dir string, owner tenant.ID, more ...string) {
	t.Helper()
	args := append([]string{"deploy", dir, "--tenant", owner.String(), "--grant-all", "--nats-url", c.nats}, more...)
	if r := antiraid(t, nil, args...); r.code != 0 {
		t.Fatalf("%s: %s", strings.Join(args, " "), r.err)
	}
}

// play has the simulator play the sample scenario.
func (c *containers) play(ctx context.Context) error {
	out, err := post(ctx, fmt.Sprintf("%s/simulator/scenario/sample?times=%d&every=60ms", c.discord, plays), "")
	if n := bytes.Count(out, []byte(`"steps":`)); err == nil && n != plays {
		err = fmt.Errorf("play the sample: %d of %d were played: %s", n, plays, out)
	}
	return err
}

// dispatch has the simulator tell of something in the other guilds, side by side with what is played.
func (c *containers) dispatch(ctx context.Context) error {
	for round := range heard {
		for n := range guilds {
			body := fmt.Sprintf(`{"guild":"%d","type":"MESSAGE_CREATE","d":{"guild_id":"%[1]d","id":"%d","content":"hello","author":{"id":"7"}}}`, n+1, round)
			if _, err := post(ctx, c.discord+"/simulator/dispatch", body); err != nil {
				return err
			}
		}
	}
	return nil
}

func post(ctx context.Context, url, body string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("POST %s: %s %s", url, res.Status, out)
	}
	return out, err
}

// follow gives the records of tally and remind to look, as they come, until there are so many.
func (c *containers) follow(t *testing.T, want int, look func(r *run.Record, n int)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	n := 0
	err := c.client.Runs(ctx, client.Selection{Follow: true}, func(r *run.Record) {
		if r.Template != "tally" && r.Template != "remind" {
			return
		}
		n++
		look(r, n)
		if n == want {
			cancel()
		}
	})
	if err != nil || n < want {
		t.Errorf("read %d run records of %d: %v", n, want, errors.Join(err, ctx.Err()))
	}
}

// awaitGateway waits until the gateway hears of what happens in Discord.
func (c *containers) awaitGateway(ctx context.Context) error {
	signals, err := get(ctx, c.discord+"/simulator/signals?follow=1")
	if err != nil {
		return err
	}
	defer signals.Close()
	for d := json.NewDecoder(signals); ; {
		var s simulator.Signal
		if err := d.Decode(&s); err != nil {
			return fmt.Errorf("wait for the gateway's connection: %w", err)
		}
		if s.Kind == simulator.ReadySent {
			return nil
		}
	}
}

// journal is what Discord has received.
func (c *containers) journal(t *testing.T) (all []simulator.Request) {
	t.Helper()
	lines, err := get(t.Context(), c.discord+"/simulator/journal")
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	for d := json.NewDecoder(lines); d.More(); {
		var r simulator.Request
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func get(ctx context.Context, url string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	return res.Body, nil
}
