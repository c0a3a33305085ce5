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
	Gateway struct {
		Token  config.Secret `mapstructure:"token"`
		Shards int           `mapstructure:"shards"`
	} `mapstructure:"gateway"`
}

const defaults = `
nats_url: nats://127.0.0.1:4222
drain: 5s
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
		"type":   {env: []string{"ANTIRAID_GATEWAY_SHARDS=many"}, want: []string{"gateway.shards"}},
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
