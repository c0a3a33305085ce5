// Package settings is what `antiraid` can be told besides its flags, by a file and by the environment.
package settings

import (
	_ "embed"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"antiraid/shared/config"
)

// Defaults lists every setting; see package config.
//
//go:embed defaults.yaml
var Defaults []byte

// Settings are those of defaults.yaml, which says what each means.
type Settings struct {
	NATSURL      string        `mapstructure:"nats_url"`
	MongoURI     config.Secret `mapstructure:"mongo_uri"`
	DiscordToken config.Secret `mapstructure:"discord_token"`
	DiscordAPI   string        `mapstructure:"discord_api"`
	Intents      []string      `mapstructure:"discord_intents"`
	Data         string        `mapstructure:"data"`
	NATSPort     int           `mapstructure:"nats_port"`
	MongoPort    int           `mapstructure:"mongo_port"`
	DiscordPort  int           `mapstructure:"discord_port"`
	Without      []string      `mapstructure:"without"`
	LogLevel     slog.Level    `mapstructure:"log_level"`
}

// Load reads the file (empty: none) and the environment, also the two names by which Discord is known everywhere: DISCORD_TOKEN and
// DISCORD_API. The error names the key and the remedy.
func Load(file string, environ []string) (Settings, error) {
	environ = slices.Clone(environ)
	for _, name := range []string{"DISCORD_TOKEN", "DISCORD_API"} {
		if at := slices.IndexFunc(environ, func(pair string) bool { return strings.HasPrefix(pair, name+"=") }); at >= 0 {
			environ = slices.Insert(environ, 0, "ANTIRAID_"+environ[at]) // behind it, our own name for it comes first
		}
	}
	var s Settings
	if err := config.Load(Defaults, file, environ, &s); err != nil {
		return Settings{}, err
	}
	return s, s.Validate()
}

// Validate refuses settings that cannot work; the error names the key.
func (s Settings) Validate() error {
	if s.Data == "" {
		return fmt.Errorf("check settings: data is empty; name a folder, such as .antiraid")
	}
	for _, p := range []struct {
		key  string
		port int
	}{{"nats_port", s.NATSPort}, {"mongo_port", s.MongoPort}, {"discord_port", s.DiscordPort}} {
		if p.port < 0 || p.port > 65535 {
			return fmt.Errorf("check settings: %s is %d; want 1 to 65535, or 0 for a free port", p.key, p.port)
		}
	}
	for _, name := range s.Without {
		if !slices.Contains(Parts, name) {
			return fmt.Errorf("check settings: without: there is no part %q; there are %s", name, strings.Join(Parts, ", "))
		}
	}
	return nil
}

// Parts are the names of what `up` can do without.
var Parts = []string{"gateway", "dispatcher", "executor", "rest"}
