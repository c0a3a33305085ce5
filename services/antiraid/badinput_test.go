package main_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"antiraid/shared/bundle"
)

const good = `return { events = { MESSAGE_CREATE = function() end } }`

func TestBadInputToARunningSystemEndsInOneSentenceAndChangesNothing(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "kept", good)
	before := r.bundles(t)
	asks := folder(t, map[string]string{"init.lua": `return { capabilities = { "discord:ban", "kv:*" }, events = {} }`})
	of := func(source string) string { return folder(t, map[string]string{"init.lua": source}) }
	deploy := func(dir string, more ...string) []string {
		return append([]string{"deploy", dir, "--tenant", guild.String(), "--name", "bad"}, more...)
	}
	for name, tc := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"top level returns none":  {deploy(of("")), 1, []string{"init.lua", "table", "correct the template and deploy again"}},
		"not granted":             {deploy(asks), 1, []string{"discord:ban and kv:*", "nothing was deployed", "grant it with: antiraid deploy " + asks + " --tenant " + guild.String() + " --grant 'discord:ban,kv:*' --name bad --data " + r.data}},
		"granted in part":         {deploy(asks, "--grant", "kv:*"), 1, []string{"asks for discord:ban,", "--grant 'discord:ban,kv:*'"}},
		"file over the cap":       {deploy(of("--" + strings.Repeat("x", bundle.MaxFileBytes))), 1, []string{"init.lua: 262146 bytes, at most 262144 are allowed; split it"}},
		"too many files":          {deploy(folder(t, manyFiles())), 1, []string{"more than 64 .lua files"}},
		"not text":                {deploy(of("\x1bLua\xff")), 1, []string{"init.lua", "save it as UTF-8"}},
		"no init.lua":             {deploy(folder(t, map[string]string{"main.lua": good})), 1, []string{"it has no init.lua"}},
		"no folder":               {deploy("/nowhere/at/all"), 1, []string{"/nowhere/at/all: no such folder"}},
		"file for a folder":       {deploy(asks + "/init.lua"), 1, []string{"it is a file; name the folder"}},
		"no arguments":            {[]string{"deploy"}, 2, []string{"folder is missing", "--help"}},
		"two folders":             {[]string{"deploy", asks, asks}, 2, []string{"unexpected argument"}},
		"no tenant":               {[]string{"deploy", asks}, 2, []string{"--tenant is missing", "such as --tenant g-"}},
		"malformed tenant":        {[]string{"deploy", asks, "--tenant", "g-007"}, 2, []string{`"g-007"`, "want g-<guild id> or u-<user id>"}},
		"tenant with a wildcard":  {[]string{"logs", "--tenant", "g-*"}, 2, []string{`"g-*"`, "want g-<guild id>"}},
		"name that cannot be":     {[]string{"deploy", asks, "--tenant", guild.String(), "--name", "../x"}, 2, []string{`"../x"`, "--name"}},
		"malformed grant":         {deploy(asks, "--grant", "everything"), 2, []string{`"everything"`, "such as discord:create_message or kv:*"}},
		"grant of nothing":        {deploy(asks, "--grant", "discord:fly"), 2, []string{"--grant: ", "discord has no operation fly"}},
		"unknown tenant":          {[]string{"templates", "--tenant", "g-5"}, 1, []string{"g-5", "deploy one"}},
		"replay of nobody":        {[]string{"replay", "--tenant", "g-5", "--dry-run"}, 1, []string{"g-5 has no templates", "antiraid deploy"}},
		"replay of no template":   {[]string{"replay", "--tenant", guild.String(), "--template", "none", "--dry-run"}, 1, []string{"no template none"}},
		"replay for real":         {[]string{"replay", "--tenant", guild.String()}, 2, []string{"say so with --dry-run"}},
		"replay without tenant":   {[]string{"replay", "--dry-run"}, 2, []string{"--tenant is missing"}},
		"bad type":                {[]string{"replay", "--tenant", guild.String(), "--type", "message.create", "--dry-run"}, 2, []string{`"message.create"`}},
		"bad duration":            {[]string{"logs", "--since", "yesterday"}, 2, []string{"yesterday", "--help"}},
		"time in the future":      {[]string{"logs", "--since", "-5m"}, 2, []string{"--since is -5m0s", "such as 10m"}},
		"second up on the folder": {[]string{"up"}, 1, []string{"another antiraid up (process " + strconv.Itoa(os.Getpid()) + ") uses it", "--data"}},
	} {
		t.Run(name, func(t *testing.T) {
			antiraid(t, nil, append(tc.args, "--data", r.data)...).oneSentence(t, tc.code, tc.says...)
			if after := r.bundles(t); after != before {
				t.Errorf("tenants had %s and now have %s", before, after)
			}
		})
	}
}

func TestATemplatesOwnFaultIsShownWithItsLineAndItsCallers(t *testing.T) {
	r := up(t, filepath.Join(t.TempDir(), "data"), nil)
	r.deploy(t, guild, "kept", good)
	before := r.bundles(t)
	for name, tc := range map[string]struct {
		files map[string]string
		says  string
		below []string
	}{
		"syntax error":           {map[string]string{"init.lua": "return {\n  events = = {}\n}"}, "init.lua:2:12: ", []string{"2 |   events = = {}"}},
		"top level errors":       {map[string]string{"init.lua": "local x = nil\nreturn x.y"}, "init.lua:2:10: ", []string{"2 | return x.y", "init.lua:2: in the main part"}},
		"top level never ends":   {map[string]string{"init.lua": "while true do end"}, "used more than 5000000 instructions", []string{"1 | while true do end", "init.lua:1: in the main part"}},
		"host door at top level": {map[string]string{"init.lua": `require("@antiraid/kv").set("a", 1)`}, "call it in a handler", []string{`1 | require("@antiraid/kv").set("a", 1)`, "init.lua:1: in the main part"}},
		"module that is missing": {map[string]string{"init.lua": `require "nothing"`}, `module "nothing" is no file`, []string{`1 | require "nothing"`, "init.lua:1: in the main part"}},
		"unknown operation":      {map[string]string{"init.lua": "return {\n  capabilities = { 'discord:fly' }, events = {} }"}, "init.lua:2: capabilities: check capability discord:fly: discord has no operation fly; it has add_reaction,", []string{"2 |   capabilities = { 'discord:fly' }, events = {} }"}},
		"returns a number":       {map[string]string{"init.lua": "return 7"}, "init.lua:1:1: the template returns a number; it must return a table", []string{"1 | return 7"}},
		"unknown capability":     {map[string]string{"init.lua": `return { capabilities = { "everything" }, events = {} }`}, `capability "everything" is not`, []string{`1 | return { capabilities = { "everything" }, events = {} }`}},
		"in another file": {map[string]string{"init.lua": "local a = require 'a'\na.b()", "a.lua": "local a = {}\nfunction a.b()\n\terror('\\027[2Jbad')\nend\nreturn a"}, `a.lua:3:`,
			[]string{`3 |     error('\027[2Jbad')`, "a.lua:3: in function b", "init.lua:2: in the main part"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, more := range [][]string{nil, {"--json"}} {
				args := append([]string{"deploy", folder(t, tc.files), "--tenant", guild.String(), "--name", "bad", "--grant-all", "--data", r.data}, more...)
				got := antiraid(t, nil, args...)
				first, below, _ := strings.Cut(got.err, "\n")
				result{got.code, got.out, first + "\n"}.oneSentence(t, 1, tc.says, "; correct the template and deploy again")
				const indent = "          "
				if want := indent + strings.Join(tc.below, "\n"+indent) + "\n"; below != want {
					t.Errorf("below the sentence stands\n%q, want\n%q", below, want)
				}
			}
			if after := r.bundles(t); after != before {
				t.Errorf("tenants had %s and now have %s", before, after)
			}
		})
	}
}

func TestADataFolderThatIsBrokenInsideEndsInOneSentence(t *testing.T) {
	for inside, content := range map[string]string{"jetstream": "", "mongo": "", "mongo/antiraid.sqlite": "this is no database, but some text of somebody's"} {
		t.Run(inside, func(t *testing.T) {
			data := t.TempDir()
			if err := os.MkdirAll(filepath.Dir(filepath.Join(data, inside)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(data, inside), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			antiraid(t, nil, "up", "--once", "--data", data, "--nats-port", "0").oneSentence(t, 1, data, filepath.Base(inside), "choose another", "--data")
		})
	}
}

func manyFiles() map[string]string {
	files := map[string]string{"init.lua": good}
	for i := range bundle.MaxFiles {
		files["f"+strconv.Itoa(i)+".lua"] = ""
	}
	return files
}

func TestBadSettingsEndInOneSentenceAndMakeNothing(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte("natsport: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		environ, args []string
		code          int
		says          []string
	}{
		"unknown command":      {nil, []string{"destroy"}, 2, []string{`"destroy"`, "; see antiraid --help"}},
		"unknown flag":         {nil, []string{"up", "--nope"}, 2, []string{"--nope", "antiraid up --help"}},
		"unknown variable":     {[]string{"ANTIRAID_NAST_URL=x"}, []string{"up"}, 2, []string{"ANTIRAID_NAST_URL does not exist", "ANTIRAID_NATS_URL?"}},
		"unknown key":          {nil, []string{"up", "--config", file}, 2, []string{file, `"natsport" does not exist`, "nats_port?"}},
		"no settings file":     {nil, []string{"up", "--config", "/nowhere.yaml"}, 2, []string{"/nowhere.yaml"}},
		"unknown part":         {nil, []string{"up", "--without", "gatway"}, 2, []string{`"gatway"`, "gateway, dispatcher, executor, rest"}},
		"port that cannot be":  {nil, []string{"up", "--nats-port", "70000"}, 2, []string{"--nats-port is 70000", "0 for a free port"}},
		"NATS port in use":     {nil, []string{"up", "--nats-port", port}, 1, []string{"port " + port + " of 127.0.0.1 is in use", "--nats-port", "ANTIRAID_NATS_URL"}},
		"database port in use": {nil, []string{"up", "--nats-port", "0", "--mongo-port", port}, 1, []string{"port " + port + " of 127.0.0.1 is in use", "--mongo-port"}},
		"Discord port in use":  {nil, []string{"up", "--nats-port", "0", "--discord-port", port}, 1, []string{"port " + port + " of 127.0.0.1 is in use", "--discord-port"}},
		"bad NATS address":     {[]string{"ANTIRAID_NATS_URL=nats://127.0.0.1:1"}, []string{"up"}, 1, []string{"connect to NATS at nats://127.0.0.1:1", "ANTIRAID_NATS_URL"}},
		"bad MongoDB address":  {[]string{"ANTIRAID_MONGO_URI=mongodb://me:secret@127.0.0.1:1/"}, []string{"up", "--nats-port", "0"}, 1, []string{"connect to MongoDB at", "127.0.0.1:1", "ANTIRAID_MONGO_URI"}},
		"no MongoDB address":   {[]string{"ANTIRAID_MONGO_URI=http://me:secret@x"}, []string{"up", "--nats-port", "0"}, 1, []string{"mongodb://", "ANTIRAID_MONGO_URI"}},
		"API without a token":  {[]string{"DISCORD_API=https://discord.com/api/v10"}, []string{"up"}, 2, []string{"DISCORD_API", "set DISCORD_TOKEN", "unset"}},
		"malformed token":      {[]string{"DISCORD_TOKEN=top secret"}, []string{"up", "--nats-port", "0"}, 1, []string{"token has"}},
		"nobody is there":      {nil, []string{"templates", "--nats-url", "nats://127.0.0.1:1"}, 1, []string{"nats://127.0.0.1:1", "--nats-url", "start one with: antiraid up"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // two of them wait for servers that are not there
			data := filepath.Join(t.TempDir(), "data")
			r := antiraid(t, tc.environ, append(tc.args, "--data", data)...)
			r.oneSentence(t, tc.code, tc.says...)
			if strings.Contains(r.err, "secret") {
				t.Errorf("it tells a secret: %s", r.err)
			}
			if _, err := os.Stat(data); tc.code == 2 && err == nil {
				t.Error("it made the data folder")
			}
			if name == "Discord port in use" { // the last thing to fail: all else was started and has to be ended
				if again := antiraid(t, nil, "up", "--once", "--data", data, "--nats-port", "0"); again.code != 0 {
					t.Errorf("after the error, a good start failed: %s", again.err)
				}
			}
		})
	}
}
