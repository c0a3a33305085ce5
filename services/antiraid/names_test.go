package main_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

func TestWhatCanBeGrantedIsWhatScriptsFind(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "names", `local log = require "@antiraid/log"
return { events = { MESSAGE_CREATE = function()
  for _, module in ipairs{ "discord", "kv" } do
    for name in pairs(require("@antiraid/" .. module)) do log.info(module .. ":" .. name) end
  end
end } }`)
	says(t, r.Discord, "hello")
	rec := r.next(t, func(rec *run.Record) bool { return rec.Template == "names" && len(rec.Log) > 0 })
	var found, want []string
	for _, l := range rec.Log {
		found = append(found, l.Message)
	}
	for module, operations := range bundle.Operations() {
		for _, op := range operations {
			want = append(want, fmt.Sprint(module, ":", op))
		}
	}
	slices.Sort(found)
	if slices.Sort(want); !slices.Equal(found, want) {
		t.Errorf("scripts find %v; granted can be %v", found, want)
	}
}

func TestADeployWarnsOfAnEventThatNeverComes(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	dir := folder(t, map[string]string{"init.lua": `return { events = { MESAGE_CREATE = function() end } }`})
	got := antiraid(t, nil, "deploy", dir, "--name", "misspelt", "--tenant", guild.String(), "--data", r.data)
	if got.code != 0 || !strings.Contains(got.out, "version 1 is in force") || !strings.Contains(got.out, "did you mean MESSAGE_CREATE?") {
		t.Errorf("exit code %d: %s%s", got.code, got.out, got.err)
	}
}
