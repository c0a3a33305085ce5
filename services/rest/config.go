package rest

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "embed"

	"antiraid/shared/config"
	"antiraid/shared/service"
)

// Defaults lists every setting; see package config.
//
//go:embed defaults.yaml
var Defaults []byte

// Config is rest's settings; defaults.yaml says what each means. Zero values get its defaults, but for the addresses and the token.
type Config struct {
	service.Common `mapstructure:",squash"`

	Token     config.Secret `mapstructure:"token"`
	APIURL    string        `mapstructure:"api_url"`
	UserAgent string        `mapstructure:"user_agent"`

	RequestsPerSecond float64 `mapstructure:"requests_per_second"`
	InvalidLimit      int     `mapstructure:"invalid_limit"`

	TenantShare        float64 `mapstructure:"tenant_share"`
	TenantInvalidLimit int     `mapstructure:"tenant_invalid_limit"`

	RequestTimeout time.Duration `mapstructure:"request_timeout"`
	GiveUpAfter    time.Duration `mapstructure:"give_up_after"`
	NonceWindow    time.Duration `mapstructure:"nonce_window"`
	RetryAfter     time.Duration `mapstructure:"retry_after"`

	ChannelCache int           `mapstructure:"channel_cache"`
	ChannelTTL   time.Duration `mapstructure:"channel_ttl"`
	LaneWindow   int           `mapstructure:"lane_window"`
}

func (c Config) withDefaults() Config {
	c.APIURL = strings.TrimRight(c.APIURL, "/")
	orDefault(&c.UserAgent, "DiscordBot (https://github.com/antiraid, 1)")
	orDefault(&c.RequestsPerSecond, 50)
	orDefault(&c.InvalidLimit, 2000)
	orDefault(&c.TenantShare, 0.5)
	orDefault(&c.TenantInvalidLimit, 100)
	orDefault(&c.RequestTimeout, 10*time.Second)
	orDefault(&c.GiveUpAfter, 10*time.Minute)
	orDefault(&c.NonceWindow, 2*time.Minute)
	orDefault(&c.RetryAfter, 250*time.Millisecond)
	orDefault(&c.ChannelCache, 10_000)
	orDefault(&c.ChannelTTL, 10*time.Minute)
	orDefault(&c.LaneWindow, 20_000)
	return c
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Validate refuses settings that cannot work; the error names the key.
func (c Config) Validate() error {
	u, err := url.Parse(c.APIURL)
	token := c.Token.Reveal()
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.RawQuery != "" || u.User != nil:
		return fmt.Errorf("check settings: api_url is %q; want an address such as https://discord.com/api/v10", c.APIURL)
	case token == "":
		return fmt.Errorf("check settings: token is empty; set ANTIRAID_TOKEN to the bot's token from Discord's developer portal")
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("check settings: token has spaces or line breaks in it; want it as Discord's developer portal shows it, without \"Bot\" before it")
	case c.UserAgent != "" && !strings.HasPrefix(c.UserAgent, "DiscordBot ("):
		return fmt.Errorf("check settings: user_agent is %q; want the form DiscordBot (url, version)", c.UserAgent)
	case c.RequestsPerSecond < 0 || c.RequestsPerSecond > 50_000:
		return fmt.Errorf("check settings: requests_per_second is %g; want a number above 0", c.RequestsPerSecond)
	case c.InvalidLimit < 0 || c.InvalidLimit > 9000:
		return fmt.Errorf("check settings: invalid_limit is %d; want 1 to 9000, well below the 10000 at which Discord bans", c.InvalidLimit)
	case c.TenantShare < 0 || c.TenantShare > 1:
		return fmt.Errorf("check settings: tenant_share is %g; want more than 0 and at most 1", c.TenantShare)
	case c.TenantInvalidLimit < 0 || c.TenantInvalidLimit > 9000:
		return fmt.Errorf("check settings: tenant_invalid_limit is %d; want 1 to 9000, and a small part of invalid_limit", c.TenantInvalidLimit)
	case c.ChannelCache < 0:
		return fmt.Errorf("check settings: channel_cache is %d; want a number above 0", c.ChannelCache)
	case c.LaneWindow < 0 || c.LaneWindow > 100_000:
		return fmt.Errorf("check settings: lane_window is %d; want 1 to 100000", c.LaneWindow)
	}
	if d := c.withDefaults(); d.RequestTimeout >= d.NonceWindow {
		return fmt.Errorf("check settings: request_timeout is %s; want less than nonce_window, %s: a late request must still be known as a repetition", d.RequestTimeout, d.NonceWindow)
	}
	for key, d := range map[string]time.Duration{
		"request_timeout": c.RequestTimeout, "give_up_after": c.GiveUpAfter, "nonce_window": c.NonceWindow, "retry_after": c.RetryAfter, "channel_ttl": c.ChannelTTL,
	} {
		if d < 0 {
			return fmt.Errorf("check settings: %s is %s; want a time above 0, such as 10s", key, d)
		}
	}
	return nil
}
