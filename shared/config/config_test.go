package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antiraid/shared/config"
)

type settings struct {
	NATSURL string        `mapstructure:"nats_url"`
	Drain   time.Duration `mapstructure:"drain"`
	Loud    bool          `mapstructure:"loud"`
	Level   slog.Level    `mapstructure:"log_level"`
	Gateway struct {
		Token  config.Secret `mapstructure:"token"`
		Shards int           `mapstructure:"shards"`
	} `mapstructure:"gateway"`
}

const defaults = `
nats_url: nats://127.0.0.1:4222
drain: 5s
loud: false
log_level: info
gateway:
  token: ""
  shards: 0
`

func TestLaterSourcesWin(t *testing.T) {
	file := write(t, "gateway:\n  shards: 2\ndrain: 7s\n")
	var s settings
	err := config.Load([]byte(defaults), file, []string{"ANTIRAID_GATEWAY_SHARDS=3", "ANTIRAID_GATEWAY_TOKEN=abc", "HOME=/", "ANTIRAID_MONGO_URI=x"}, &s)
	if err != nil {
		t.Fatal(err)
	}
	if s.NATSURL != "nats://127.0.0.1:4222" || s.Drain != 7*time.Second || s.Gateway.Shards != 3 || s.Gateway.Token.Reveal() != "abc" {
		t.Errorf("got %+v", s)
	}
}

func TestMisspeltKeysAreErrorsThatNameThem(t *testing.T) {
	for name, tc := range map[string]struct {
		file string
		env  []string
		want []string
	}{
		"file":   {file: "natz_url: x\n", want: []string{`"natz_url"`, "did you mean nats_url?"}},
		"nested": {file: "gateway:\n  tokn: x\n", want: []string{`"gateway.tokn"`, "did you mean gateway.token?"}},
		"env":    {env: []string{"ANTIRAID_GATEWAY_TOKN=x"}, want: []string{"ANTIRAID_GATEWAY_TOKN", "did you mean ANTIRAID_GATEWAY_TOKEN?"}},
		"twice":  {file: "Nats_URL: x\nnats_url: y\n", want: []string{`"Nats_URL"`, "did you mean nats_url?"}},
		"dotted": {file: "gateway:\n  shards: 1\ngateway.shards: 2\n", want: []string{`"gateway.shards"`, "twice"}},
		"other":  {env: []string{"ANTIRAID_FOO=x"}, want: []string{"ANTIRAID_FOO", "known are ANTIRAID_DRAIN, ANTIRAID_GATEWAY_SHARDS, "}},
		"others": {env: []string{"ANTIRAID_CALLS_AT_ONCE=x"}, want: []string{"ANTIRAID_CALLS_AT_ONCE", "known are "}},
		"yaml":   {file: "a: [", want: []string{"antiraid.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := ""
			if tc.file != "" {
				file = write(t, tc.file)
			}
			var s settings
			err := config.Load([]byte(defaults), file, tc.env, &s)
			if err == nil {
				t.Fatalf("accepted: %+v", s)
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
	var s settings
	if err := config.Load([]byte(defaults), filepath.Join(t.TempDir(), "none.yaml"), nil, &s); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("a missing file gave %v", err)
	}
}

func TestWrongValuesAreErrorsThatNamePlaceValueAndForm(t *testing.T) {
	for name, tc := range map[string]struct {
		file string
		env  []string
		want []string
	}{
		"number":   {env: []string{"ANTIRAID_GATEWAY_SHARDS=many"}, want: []string{`variable ANTIRAID_GATEWAY_SHARDS is "many", want a whole number`}},
		"in file":  {file: "gateway:\n  shards: many\n", want: []string{"gateway.shards in ", `antiraid.yaml is "many", want a whole number`}},
		"list":     {file: "nats_url: [hunter2]\n", want: []string{"nats_url in ", "antiraid.yaml is a list, want text"}},
		"duration": {env: []string{"ANTIRAID_DRAIN=soon"}, want: []string{`variable ANTIRAID_DRAIN is "soon", want a duration such as`}},
		"no unit":  {file: "drain: 5\n", want: []string{`antiraid.yaml is "5", want a duration such as`}},
		"level":    {env: []string{"ANTIRAID_LOG_LEVEL=loud"}, want: []string{`variable ANTIRAID_LOG_LEVEL is "loud", want debug, info, warn or error`}},
		"secrets":  {file: "gateway:\n  token: [hunter2]\n", want: []string{"gateway.token in ", "is a list, want text in quotes"}},
		"secret":   {file: "gateway:\n  token: 48\n", want: []string{"is [redacted], want text in quotes"}},
		"switch":   {env: []string{"ANTIRAID_LOUD=perhaps"}, want: []string{`variable ANTIRAID_LOUD is "perhaps", want true or false`}},
		"section":  {file: "gateway: hunter\n", want: []string{`"gateway" does not exist; known are`}},
	} {
		t.Run(name, func(t *testing.T) {
			file := ""
			if tc.file != "" {
				file = write(t, tc.file)
			}
			var s settings
			err := config.Load([]byte(defaults), file, tc.env, &s)
			if err == nil {
				t.Fatalf("accepted: %+v", s)
			}
			t.Log(err)
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q says too much", err)
			}
		})
	}
}

func TestWhatIsLeftEmptyKeepsItsDefault(t *testing.T) {
	var s settings
	if err := config.Load([]byte(defaults), write(t, "nats_url:\ngateway:\n"), nil, &s); err != nil || s.NATSURL != "nats://127.0.0.1:4222" {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestForeignVariablesOfAProgramThatReadsItsOwn(t *testing.T) {
	for pair, ok := range map[string]bool{
		"ANTIRAID_FOO=1": false, "ANTIRAID_TOKEN=x": false,
		"ANTIRAID_TOY_X=1": true, "ANTIRAID_NATS_URL=x": true, "ANTIRAID_MONGO_URI=x": true, "ANTIRAID_HEALTH_ADDR=:8080": true, "HOME=/": true,
	} {
		if err := config.CheckForeign([]string{pair}, "ANTIRAID_TOY_"); (err == nil) != ok {
			t.Errorf("%s gave %v", pair, err)
		}
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	s := struct{ Token config.Secret }{config.NewSecret("hunter2")}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb, s)
		fmt.Fprintf(&out, verb, s.Token)
		fmt.Fprintf(&out, verb, &s)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "token", s.Token, "all", s)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", s.Token, "all", s)
	if err := json.NewEncoder(&out).Encode(s); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Contains(got, "hunter2") || strings.Contains(got, "68756e74657232") || !strings.Contains(got, "[redacted]") {
		t.Errorf("printed %s", got)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "antiraid.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
