package discord_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/gatewaytest"
	"antiraid/shared/config"
)

func TestInfo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := gatewaytest.StartInBubble(t)
		server.Set(func(i *gatewaytest.Info) { i.Shards, i.Remaining, i.ResetAfter, i.Concurrency = 3, 77, 1500, 16 })
		c, err := discord.New(server.API()+"/", config.NewSecret("tok"), server.Client())
		if err != nil {
			t.Fatal(err)
		}
		info, err := c.Info(t.Context())
		want := discord.Info{URL: "ws://discord.test", Shards: 3, Remaining: 77, Total: 1000, ResetAfter: 1500 * time.Millisecond, Concurrency: 16}
		if err != nil || info != want {
			t.Errorf("info %+v, %v", info, err)
		}
		server.Set(func(i *gatewaytest.Info) { i.Remaining = 70 })
		if info, _ := c.Info(t.Context()); info.Remaining != 77 || server.Asks() != 1 {
			t.Errorf("asked again at once: %+v", info)
		}
		<-time.After(5 * time.Second)
		if info, _ := c.Info(t.Context()); info.Remaining != 70 {
			t.Errorf("after 5 s still %+v", info)
		}
	})
}

func TestInfoRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"token":           {401, `{"message":"401: Unauthorized","code":0}`, "gateway.token"},
		"outage":          {503, `<html>`, "503"},
		"rate limit":      {429, `<html>`, "429"},
		"no JSON":         {200, `<html>`, "read the answer"},
		"no URL":          {200, `{}`, "gateway URL"},
		"http URL":        {200, `{"url":"http://x"}`, "gateway URL"},
		"shards are text": {200, `{"url":"ws://x","shards":"1"}`, "read the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bot tok" || !strings.HasPrefix(r.Header.Get("User-Agent"), "DiscordBot (") {
					t.Errorf("asked with %v", r.Header)
				}
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			}))
			defer s.Close()
			c, err := discord.New(s.URL, config.NewSecret("tok"), s.Client())
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Info(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "tok\"") {
				t.Errorf("gave %v", err)
			}
			if errors.Is(err, discord.ErrRefused) != (tc.status == 401) {
				t.Errorf("%v: refused for good?", err)
			}
		})
	}
}

func TestTheTokenIsNotSentInTheClear(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"url":"ws://gateway.example"}`)
	}))
	defer s.Close()
	c, err := discord.New(s.URL, config.NewSecret("tok"), s.Client())
	if err != nil {
		t.Fatal(err)
	}
	if info, err := c.Info(t.Context()); err == nil || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("gave %+v, %v", info, err)
	}
}

func TestNewRefusesAddresses(t *testing.T) {
	for _, api := range []string{"discord.com", "ftp://discord.com", "", "://", "https://"} {
		if _, err := discord.New(api, config.Secret{}, nil); err == nil || !strings.Contains(err.Error(), "gateway.api") {
			t.Errorf("%q gave %v", api, err)
		}
	}
}

func TestIntents(t *testing.T) {
	if n, err := discord.Intents([]string{"GUILDS", " GUILD_MESSAGES", "DIRECT_MESSAGE_POLLS"}); err != nil || n != 1|1<<9|1<<25 {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := discord.Intents(nil); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := discord.Intents([]string{"GUILD_MESSAGE"}); err == nil || !strings.Contains(err.Error(), `"GUILD_MESSAGE"`) || !strings.Contains(err.Error(), "GUILD_MESSAGES") {
		t.Errorf("a misspelt intent gave %v", err)
	}
}
