package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"antiraid/services/simulator"
	"antiraid/shared/run"
)

// handled says something in the sample server and waits until the template that runs last has handled it; it gives who did, in order.
func (r *running) handled(t *testing.T, last string) string {
	t.Helper()
	m, err := r.Discord.World().Write(simulator.SampleChannel, simulator.SampleOwner, "hello")
	if err != nil {
		t.Fatal(err)
	}
	var who []string
	r.next(t, func(rec *run.Record) bool {
		if rec.Type == "MESSAGE_CREATE" && len(rec.Log) > 0 && rec.Log[0].Message == m.ID.String() {
			who = append(who, rec.Template)
		}
		return rec.Template == last && len(who) > 0
	})
	return strings.Join(who, " ")
}

func TestARemovedTemplateRunsNoMoreUntilARollback(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	const says = `local log = require "@antiraid/log"
return { events = { MESSAGE_CREATE = function(ctx, event) log.info(event.id) end } }`
	r.deploy(t, guild, "first", says)
	r.deploy(t, guild, "last", says)
	command := func(args ...string) result {
		return antiraid(t, nil, append(args, "--data", r.data, "--tenant", guild.String())...)
	}
	for _, step := range []struct {
		args        []string
		says, after string
	}{
		{[]string{"remove", "first"}, "g-1100000000000000000: version 3 is in force\n  has      last\n", "last"},
		{[]string{"rollback"}, "version 4 is in force, with the templates of version 2\n  has      first, last\n", "first last"},
		{[]string{"rollback"}, "version 5 is in force, with the templates of version 3\n  has      last\n", "last"},
		{[]string{"rollback", "--to", "2", "--json"}, `"version":6,"from":2`, "first last"},
	} {
		if got := command(step.args...); got.code != 0 || !strings.Contains(got.out, step.says) {
			t.Fatalf("%v: exit code %d, %s%s; want it to say %q", step.args, got.code, got.out, got.err, step.says)
		}
		if who := r.handled(t, "last"); who != step.after {
			t.Errorf("after %v an event was handled by %q, want %q", step.args, who, step.after)
		}
	}
	before := r.bundles(t)
	for name, tc := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no name":           {[]string{"remove"}, 2, "the template's name is missing"},
		"two names":         {[]string{"remove", "first", "last"}, 2, "unexpected argument"},
		"bad name":          {[]string{"remove", "../x"}, 2, `"../x"`},
		"not there":         {[]string{"remove", "second"}, 1, "no such template; it has first, last"},
		"no such version":   {[]string{"rollback", "--to", "99"}, 1, "there is no version 99 to go back to; the tenant has version 6 now"},
		"version 0":         {[]string{"rollback", "--to", "0"}, 2, "--to is 0"},
		"nothing to change": {[]string{"rollback", "--to", "4"}, 1, "there is nothing to change"},
	} {
		t.Run(name, func(t *testing.T) { command(tc.args...).oneSentence(t, tc.code, tc.says) })
	}
	if after := r.bundles(t); after != before {
		t.Errorf("refusals changed %s to %s", before, after)
	}
	got := command("remove", "first").code + command("remove", "last").code
	if list := command("templates"); got != 0 || list.code != 0 || list.out != "" || !strings.Contains(list.err, "version 8") {
		t.Errorf("without templates, exit codes %d and %d: %s%s", got, list.code, list.out, list.err)
	}
}

func TestTheSameContentAgainIsSaidToBeTheSame(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	dir := folder(t, map[string]string{"init.lua": good})
	for i, want := range []string{"version 1 is in force", "version 2 is in force"} {
		got := antiraid(t, nil, "deploy", dir, "--name", "kept", "--tenant", guild.String(), "--data", r.data)
		if got.code != 0 || !strings.Contains(got.out, want) || strings.Contains(got.out, "content  unchanged") != (i == 1) {
			t.Errorf("deploy %d: exit code %d, %s%s", i+1, got.code, got.out, got.err)
		}
	}
}
