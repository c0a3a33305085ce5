package main_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"antiraid/services/antiraid/internal/cli"
	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
	"antiraid/shared/natstest"
	"antiraid/shared/run"
	"antiraid/shared/storetest"
)

// lines of a whole scene, in order; what is between them does not matter.
var sceneLines = []string{
	"nats-server with JetStream", "FerretDB on SQLite", "simulator", "ready after",
	"first event handled",
	"ada joins .*GUILD_MEMBER_ADD → ",
	`welcome → create_message "Welcome, ada! You are newcomer \d+\." → Discord: POST …/messages 200`,
	`raidguard → add_role grace newcomer "newcomer" → Discord: PUT …/roles/\{role\} 204`,
	`ada writes !count .*MESSAGE_CREATE → welcome → create_message "count \d+" → Discord: POST …/messages 200`,
	"mallory advertises .*raidguard → get_member mallory → Discord: GET …/members/{user} 200",
	"raidguard → add_reaction ⚠️ → Discord: PUT …/reactions/{emoji}/@me 204",
	`raidguard → ban mallory "advertised 3 times" → Discord: PUT …/bans/\{user\} 204`,
	`uma uses /remind in a DM .*INTERACTION_CREATE → remind → create_interaction_response "Noted: water the plants. You have \d+ notes?\." → Discord: POST …/callback 204`,
}

func checkScene(t *testing.T, out string) {
	t.Helper()
	rest := out
	for _, want := range sceneLines {
		at := regexp.MustCompile(want).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("%q is missing, or not in its place, in:\n%s", want, out)
		}
		if strings.Contains(want, "→ Discord") {
			continue // the two templates of one event run side by side with what Discord receives of them
		}
		rest = rest[at[0]:]
	}
}

func TestUpPlaysTheSceneAndGoesOnAfterARestart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := antiraid(t, nil, "up", "--once", "--data", data, "--nats-port", "0")
	if first.code != 0 {
		t.Fatalf("exit code %d: %s\n%s", first.code, first.err, first.out)
	}
	checkScene(t, first.out)
	if !strings.Contains(first.out, "deployed, version 2") || !strings.Contains(first.out, "newcomer 3.") {
		t.Errorf("the first time:\n%s", first.out)
	}
	took := regexp.MustCompile(`first event handled ([0-9.]+) (\S+) after the start`).FindStringSubmatch(first.out)
	if d, err := time.ParseDuration(took[1] + took[2]); err != nil || d > 5*time.Second {
		t.Errorf("the first event was handled after %q, %v", took[0], err)
	}
	second := antiraid(t, nil, "up", "--once", "--data", data, "--nats-port", "0")
	if second.code != 0 {
		t.Fatalf("exit code %d: %s\n%s", second.code, second.err, second.out)
	}
	checkScene(t, second.out)
	for _, want := range []string{"is there, version 2", "You are newcomer 4.", "You are newcomer 6.", `"count 4"`, "You have 2 notes."} {
		if !strings.Contains(second.out, want) {
			t.Errorf("the second time, %q is missing:\n%s", want, second.out)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(data, "addresses.json*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWhatWasMeantForAWorldThatIsGoneIsDropped(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	r := up(t, data, nil)
	r.deploy(t, guild, "counter", counter)
	const written = 20 // Discord takes 5 in 5 s
	for range written {
		says(t, r.Discord, "!count")
	}
	for range written {
		r.next(t, func(rec *run.Record) bool { return len(rec.Effects) > 0 })
	}
	r.stop()
	out, stop := begun(t, nil, "ready after", "--data", data, "--nats-port", "0")
	if code := stop(); code != 0 || !regexp.MustCompile(`effects +\d+ dropped +left over for the Discord of the last run`).MatchString(out.String()) {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestUpUsesServersThatAreThere(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	environ := []string{"ANTIRAID_NATS_URL=" + natstest.Start(t), "ANTIRAID_MONGO_URI=" + storetest.Start(t)}
	r := antiraid(t, environ, "up", "--once", "--data", data)
	if r.code != 0 || !strings.Contains(r.out, "ANTIRAID_NATS_URL") || !strings.Contains(r.out, "ANTIRAID_MONGO_URI") || !strings.Contains(r.out, "ban mallory") {
		t.Errorf("exit code %d: %s\n%s", r.code, r.err, r.out)
	}
	entries, err := os.ReadDir(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "antiraid.lock" {
			t.Errorf("%s was made in the data folder", e.Name())
		}
	}
}

// A Discord with a token is the real one, as far as the system can tell; here it is a simulator that somebody else runs.
func TestUpConnectsToTheDiscordOfItsToken(t *testing.T) {
	discord := simulatortest.Start(t, simulator.Config{})
	data := filepath.Join(t.TempDir(), "data")
	environ := []string{"DISCORD_TOKEN=" + discord.Token().Reveal(), "DISCORD_API=" + discord.API()}
	ctx, stop := context.WithCancel(t.Context())
	var out, errout safe
	ended := make(chan int, 1)
	go func() {
		ended <- cli.CalledAs("antiraid")(ctx, []string{"up", "--data", data, "--nats-port", "0"}, environ, &out, &errout)
	}()
	if err := discord.AwaitSessions(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	dir := folder(t, map[string]string{"init.lua": readmeTemplate(t)})
	var deployed result
	for { // it announces its addresses a moment after it is connected
		if deployed = antiraid(t, nil, "deploy", dir, "--name", "hello", "--tenant", guild.String(), "--data", data, "--grant-all"); deployed.code == 0 {
			break
		}
		if t.Context().Err() != nil {
			t.Fatalf("deploy: %s", deployed.err)
		}
	}
	if _, err := discord.World().Write(simulator.SampleChannel, simulator.SampleOwner, "!hello"); err != nil {
		t.Fatal(err)
	}
	for req := range discord.Journal().Follow(t.Context(), 0) {
		if req.Method == "POST" && strings.Contains(string(req.Body), "hello number 1") && req.Status == 200 {
			break
		}
	}
	began := time.Now()
	stop()
	if code := <-ended; code != 0 || time.Since(began) > 5*time.Second {
		t.Errorf("exit code %d after %s: %s", code, time.Since(began), errout.String())
	}
	if text := out.String() + errout.String(); !strings.Contains(text, "Connected to Discord") || strings.Contains(text, discord.Token().Reveal()) {
		t.Errorf("it said:\n%s", text)
	}
}

// What `up` calls a setting is what has to be corrected there: the parts' own programs have other names.
func TestWhatDiscordRefusesIsNamedAsUpCallsIt(t *testing.T) {
	discord := simulatortest.Start(t, simulator.Config{WithoutPrivileged: true})
	environ := func(token string, more ...string) []string {
		return append([]string{"DISCORD_TOKEN=" + token, "ANTIRAID_DISCORD_API=" + discord.API()}, more...) // either name will do
	}
	for name, tc := range map[string]struct {
		environ []string
		says    []string
	}{
		"token":              {environ("a.b.c"), []string{"the token is not valid; set DISCORD_TOKEN to"}},
		"token's characters": {environ("top secret"), []string{"DISCORD_TOKEN has characters"}},
		"privileged intent":  {environ(discord.Token().Reveal()), []string{"4014", "developer portal", "take them out of discord_intents (ANTIRAID_DISCORD_INTENTS)"}},
		"unknown intent":     {environ("a.b.c", "ANTIRAID_DISCORD_INTENTS=GUILDS,MESSAGES"), []string{`discord_intents (ANTIRAID_DISCORD_INTENTS): "MESSAGES" is not an intent`}},
		"no API":             {[]string{"DISCORD_TOKEN=a.b.c", "DISCORD_API=discord.com"}, []string{`read DISCORD_API "discord.com"`}},
	} {
		t.Run(name, func(t *testing.T) {
			r := antiraid(t, tc.environ, "up", "--data", filepath.Join(t.TempDir(), "data"), "--nats-port", "0")
			if r.code != 1 || strings.Contains(r.err, "gateway.") || strings.Count(r.err, "\n") != 1 {
				t.Errorf("exit code %d, %q; want one sentence", r.code, r.err)
			}
			for _, want := range tc.says {
				if !strings.Contains(r.err, want) {
					t.Errorf("%q does not say %q", r.err, want)
				}
			}
		})
	}
	_, stop := begun(t, environ(discord.Token().Reveal(), "ANTIRAID_DISCORD_INTENTS=GUILDS,GUILD_MESSAGES"), "Connected to Discord",
		"--data", filepath.Join(t.TempDir(), "data"), "--nats-port", "0")
	if code := stop(); code != 0 {
		t.Errorf("with intents that are allowed: exit code %d", code)
	}
}

// readmeTemplate is the template that the README shows.
func readmeTemplate(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```lua\n(.*?)```").FindSubmatch(data)
	if found == nil {
		t.Fatal("the README has no template")
	}
	return string(found[1])
}

func TestTheReadmesCommandsExist(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := []string{}
	for _, m := range regexp.MustCompile(`go run \./services/antiraid ([a-z]+)`).FindAllStringSubmatch(string(data), -1) {
		if r := antiraid(t, nil, m[1], "--help"); r.code != 0 || !strings.Contains(r.out, "Examples:") {
			t.Errorf("antiraid %s --help: exit code %d, %s%s", m[1], r.code, r.out, r.err)
		}
		seen = append(seen, m[1])
	}
	for _, want := range []string{"up", "deploy", "logs", "replay"} {
		if !slices.Contains(seen, want) {
			t.Errorf("the README does not show %s", want)
		}
	}
}
