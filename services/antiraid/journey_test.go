package main_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"antiraid/services/simulator"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

const counter = `
local kv = require "@antiraid/kv"
local discord = require "@antiraid/discord"
return {
  capabilities = { "kv:*", "discord:create_message" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.author.bot or event.content ~= "!count" then return end
      local n = (kv.get("n") or 0) + 1
      kv.set("n", n)
      discord.create_message{ channel_id = event.channel_id, content = "count " .. n }
    end,
  },
}`

// counted waits until Discord has received n different texts that begin with "count", and gives how often it received each.
func counted(t *testing.T, d *simulator.Simulator, n int) map[string]int {
	t.Helper()
	got := map[string]int{}
	for req := range d.Journal().Follow(t.Context(), 0) {
		var body struct{ Content string }
		if req.Method == "POST" && req.Status == 200 && json.Unmarshal(req.Body, &body) == nil && strings.HasPrefix(body.Content, "count") {
			got[body.Content]++
		}
		if len(got) == n {
			return got
		}
	}
	t.Fatalf("Discord received %v", got)
	return nil
}

func says(t *testing.T, d *simulator.Simulator, text string) {
	t.Helper()
	if _, err := d.World().Write(simulator.SampleChannel, simulator.SampleOwner, text); err != nil {
		t.Fatal(err)
	}
}

func TestAReplayPrintsWhatWouldBeDoneAndDoesNothing(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "counter", counter)
	for range 3 {
		says(t, r.Discord, "!count")
	}
	says(t, r.Discord, "hello")
	counted(t, r.Discord, 3)
	received, state := r.Discord.Journal().Len(), r.bundles(t)

	got := antiraid(t, nil, "replay", "--data", r.data, "--tenant", guild.String(), "--since", "10m", "--type", "MESSAGE_CREATE", "--dry-run")
	for _, want := range []string{`create_message "count 4"`, `create_message "count 6"`, "n = 6", "MESSAGE_CREATE → counter  would be ok", "  event 0.", "did nothing (--all shows them); nothing was sent or kept"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is missing in:\n%s%s", want, got.out, got.err)
		}
	}
	if strings.Contains(got.out, "  did nothing") {
		t.Errorf("it shows runs that did nothing:\n%s", got.out)
	}
	if all := antiraid(t, nil, "replay", "--data", r.data, "--tenant", guild.String(), "--dry-run", "--all"); strings.Contains(all.out, "--all") || !strings.Contains(all.out, "would be ok in") || !strings.Contains(all.out, "  did nothing") {
		t.Errorf("with --all:\n%s%s", all.out, all.err)
	}
	asJSON := antiraid(t, nil, "replay", "--data", r.data, "--tenant", guild.String(), "--template", "counter", "--dry-run", "--json")
	lines := strings.Split(strings.TrimSpace(asJSON.out), "\n")
	var rec run.Record
	if err := json.Unmarshal([]byte(lines[0]), &rec); err != nil || !rec.Dry || rec.Template != "counter" || asJSON.code != 0 {
		t.Errorf("as JSON: %v, %s%s", err, asJSON.out, asJSON.err)
	}
	if none := antiraid(t, nil, "replay", "--data", r.data, "--tenant", guild.String(), "--type", "TYPING_START", "--dry-run"); !strings.HasPrefix(none.out, "0 events") {
		t.Errorf("of another type:\n%s%s", none.out, none.err)
	}
	if now := r.Discord.Journal().Len(); now != received || r.bundles(t) != state {
		t.Errorf("the replays sent %d requests to Discord, or changed what is deployed", now-received)
	}
	says(t, r.Discord, "!count")
	if got := counted(t, r.Discord, 4); got["count 4"] != 1 {
		t.Errorf("Discord received %v", got)
	}
}

func TestAMalformedEventIsKeptWithItsBytesAndStopsNothing(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "counter", counter)
	bad := []string{`{"content": "!count`, "\x00\xff\xfe", "", `["!count"]`, `null`, strings.Repeat("[", 100_000), "\x1b]0;title\x07"}
	for i, payload := range bad {
		if _, err := r.Bus.PublishEvent(t.Context(), guild, "MESSAGE_CREATE", fmt.Sprint("bad.", i), []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	says(t, r.Discord, "!count")
	if got := counted(t, r.Discord, 1); got["count 1"] != 1 {
		t.Errorf("Discord received %v", got)
	}
	var kept []string
	err := r.Bus.ReadAll(t.Context(), bus.Reading{Stream: subject.Dead, Subjects: []string{subject.DeadLetter(guild, "counter")}}, func(m *bus.Message) error {
		if m.Get(subject.HeaderError) == "" {
			t.Errorf("a dead letter gives no reason")
		}
		kept = append(kept, string(m.Data))
		return nil
	})
	if err != nil || fmt.Sprintf("%q", kept) != fmt.Sprintf("%q", bad) {
		t.Errorf("dead letters %.300q, %v; want %.300q", kept, err, bad)
	}
}

func TestLogsShowHowATemplateFailed(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "broken", `local log = require "@antiraid/log"
return { events = { MESSAGE_CREATE = function(ctx, event)
  log.info("got \27[31m" .. event.content)
  return event.nothing.more
end } }`)
	says(t, r.Discord, "hello")
	r.next(t, func(rec *run.Record) bool { return rec.Template == "broken" && rec.Outcome == run.Error })
	got := antiraid(t, nil, "logs", "--data", r.data, "--template", "broken")
	for _, want := range []string{"MESSAGE_CREATE → broken  error", "init.lua:4:", "4 |   return event.nothing.more", `info  got \x1b[31mhello`} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is missing in:\n%s%s", want, got.out, got.err)
		}
	}
	if strings.Contains(got.out, "\x1b") {
		t.Errorf("a script wrote to the terminal: %q", got.out)
	}
	if other := antiraid(t, nil, "logs", "--data", r.data, "--tenant", "g-5"); other.out != "" || !strings.Contains(other.err, "nothing was recorded") {
		t.Errorf("of another tenant: %q, %q", other.out, other.err)
	}
}
