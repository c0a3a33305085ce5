package rest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"antiraid/shared/config"
	"antiraid/shared/service"
)

func load(t *testing.T, environ ...string) Config {
	t.Helper()
	var c Config
	if err := config.Load(Defaults, "", environ, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheDefaultsFileAndTheDefaultsAgree(t *testing.T) {
	file := load(t, "ANTIRAID_TOKEN=x")
	zero := Config{Common: file.Common, Token: file.Token, APIURL: file.APIURL}.withDefaults()
	if !reflect.DeepEqual(file, zero) {
		t.Errorf("the file says %+v, zero values get %+v", file, zero)
	}
	if err := file.Validate(); err != nil {
		t.Error(err)
	}
}

func TestWrongSettingsAreNamed(t *testing.T) {
	good := load(t, "ANTIRAID_TOKEN=hunter2")
	for key, change := range map[string]func(*Config){
		"api_url":              func(c *Config) { c.APIURL = "discord.com/api" },
		"token is empty":       func(c *Config) { c.Token = config.Secret{} },
		"token has spaces":     func(c *Config) { c.Token = config.NewSecret("Bot hunter2") },
		"user_agent":           func(c *Config) { c.UserAgent = "curl" },
		"requests_per_second":  func(c *Config) { c.RequestsPerSecond = -1 },
		"invalid_limit":        func(c *Config) { c.InvalidLimit = 10_000 },
		"tenant_share":         func(c *Config) { c.TenantShare = 1.5 },
		"tenant_invalid_limit": func(c *Config) { c.TenantInvalidLimit = -1 },
		"channel_cache":        func(c *Config) { c.ChannelCache = -1 },
		"lane_window":          func(c *Config) { c.LaneWindow = 1 << 30 },
		"request_timeout":      func(c *Config) { c.RequestTimeout = c.NonceWindow },
		"retry_after":          func(c *Config) { c.RetryAfter = -1 },
		"nonce_window":         func(c *Config) { c.NonceWindow = -time.Second },
	} {
		c := good
		change(&c)
		err := c.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), "check settings: ") || !strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestRunRefusesWrongSettingsBeforeItConnects(t *testing.T) {
	err := Run(t.Context(), Config{Common: service.Common{NATSURL: "nats://127.0.0.1:1"}}, nil)
	if err == nil || !strings.Contains(err.Error(), "api_url") {
		t.Errorf("got %v", err)
	}
}
