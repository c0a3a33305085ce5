package gateway

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/setting"
	"antiraid/shared/config"
)

//go:embed defaults.yaml
var defaults string

// Defaults lists every setting of the program with a comment, as YAML. Those of this package stand under `gateway`.
func Defaults() []byte { return []byte(defaults) }

// Config is the gateway's settings. Zero fields but Token get the values of [Defaults]; an empty list of Intents that is not nil stays
// empty: no intent at all is a sensible choice for a bot that only answers commands.
type Config struct {
	Token         config.Secret `mapstructure:"token"`
	API           string        `mapstructure:"api"`
	Intents       []string      `mapstructure:"intents"`
	Shards        int           `mapstructure:"shards"`
	Member        string        `mapstructure:"member"`
	IdentifyFloor int           `mapstructure:"identify_floor"`
	Window        int           `mapstructure:"window"`
	WindowBytes   int           `mapstructure:"window_bytes"`
	SaveEvery     time.Duration `mapstructure:"save_every"`
	Drain         time.Duration `mapstructure:"drain"`
}

func (c Config) withDefaults() (Config, error) {
	var d struct {
		Gateway Config         `mapstructure:"gateway"`
		Others  map[string]any `mapstructure:",remain"`
	}
	if err := config.Load(Defaults(), "", nil, &d); err != nil {
		return Config{}, err
	}
	host, _ := os.Hostname()
	c.API = cmp.Or(c.API, d.Gateway.API)
	c.Member = cmp.Or(c.Member, host[:min(len(host), 64)], "gateway")
	c.IdentifyFloor = cmp.Or(c.IdentifyFloor, d.Gateway.IdentifyFloor)
	c.Window = cmp.Or(c.Window, d.Gateway.Window)
	c.WindowBytes = cmp.Or(c.WindowBytes, d.Gateway.WindowBytes)
	c.SaveEvery = cmp.Or(c.SaveEvery, d.Gateway.SaveEvery)
	c.Drain = cmp.Or(c.Drain, d.Gateway.Drain)
	if c.Intents == nil {
		c.Intents = d.Gateway.Intents
	}
	return c, nil
}

// SettingError is an error whose remedy is a setting: its Key, under `gateway`. Others that a gateway gives name the program's own keys.
type SettingError = setting.Error

// Validate says which setting cannot be meant, and what to do about it.
func (c Config) Validate() error {
	switch {
	case !c.Token.IsSet():
		return errors.New("read the configuration: gateway.token is empty; set it, or ANTIRAID_GATEWAY_TOKEN, to the bot's token from the developer portal")
	case strings.ContainsFunc(c.Token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }):
		return &SettingError{Key: "token", Before: "read the configuration: ", After: " has characters that no token has; copy it again from the developer portal"}
	case c.Shards < 0:
		return fmt.Errorf("read the configuration: gateway.shards is %d; want 0 (ask Discord) or more", c.Shards)
	case c.IdentifyFloor < 0:
		return fmt.Errorf("read the configuration: gateway.identify_floor is %d; want 0 or more", c.IdentifyFloor)
	case c.Window < 0 || c.WindowBytes < 0:
		return errors.New("read the configuration: gateway.window and gateway.window_bytes must be above 0")
	case c.SaveEvery < 0 || c.Drain < 0:
		return errors.New("read the configuration: gateway.save_every and gateway.drain must be above 0")
	}
	if c.API != "" {
		if _, err := discord.New(c.API, c.Token, nil); err != nil {
			return err
		}
	}
	_, err := discord.Intents(c.Intents)
	return err
}

// settings is a fingerprint of what sessions are made with: a session of another bot, of another Discord, with other intents or of
// another number of shards is not resumed. It does not tell what it was made of.
func (c Config) settings(intents int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d\n%d", c.Token.Reveal(), c.API, intents, c.Shards))
	return hex.EncodeToString(sum[:8])
}
