package guard_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"context"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/discordtest"
	"antiraid/services/rest/internal/guard"
	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/request"
	"antiraid/shared/config"
	"antiraid/shared/outcome"
	"antiraid/shared/tenant"
)

func id(t *testing.T, s string) tenant.ID {
	t.Helper()
	v, err := tenant.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func setup(t *testing.T) (*guard.Guard, *discordtest.Server) {
	t.Helper()
	d := discordtest.Start(t)
	c := api.New(api.Config{URL: d.URL, Token: config.NewSecret("x"), UserAgent: "DiscordBot (x, 1)", Timeout: time.Minute}, limit.New(limit.Config{PerSecond: 10_000}), nil)
	t.Cleanup(c.Close)
	g, err := guard.New(guard.Config{Channels: 100, TTL: time.Hour}, c)
	if err != nil {
		t.Fatal(err)
	}
	return g, d
}

func TestOnlyTheTenantsOwnChannelsPass(t *testing.T) {
	g, d := setup(t)
	d.Channel("70", "7")
	d.Channel("80", "8")
	d.Direct("90", "9")
	d.Direct("91", "9", "10") // a group
	d.Direct("92", "7")       // with a user whose id is the guild's
	d.Fail("GET /channels/403", discordtest.Answer(403, `{"code":50001,"message":"Missing Access"}`))
	for _, tc := range []struct {
		who, channels string
		ok            bool
	}{
		{"g-7", "70", true}, {"g-7", "70 70", true}, {"u-9", "90", true}, {"g-8", "80", true},
		{"g-7", "80", false}, {"g-7", "70 80", false}, {"g-7", "90", false}, {"g-7", "92", false}, {"g-7", "404", false}, {"g-7", "403", false},
		{"u-9", "91", false}, {"u-9", "92", false}, {"u-9", "70", false}, {"u-7", "70", false}, {"u-10", "90", false},
	} {
		err := g.Check(t.Context(), id(t, tc.who), strings.Fields(tc.channels))
		if (err == nil) != tc.ok || err != nil && !outcome.IsReject(err) {
			t.Errorf("%s and %s: %v", tc.who, tc.channels, err)
		}
		if err != nil && !strings.Contains(err.Error(), "that the bot can see") {
			t.Errorf("%s learns more about %s than it should: %v", tc.who, tc.channels, err)
		}
	}
	if n := len(d.Calls("GET ")); n != 7 {
		t.Errorf("Discord was asked %d times about 7 channels", n)
	}
}

func TestWhatIsNotKnownNowIsNotRefusedForGood(t *testing.T) {
	g, d := setup(t)
	d.Channel("70", "7")
	d.Fail("GET /channels/70", discordtest.Answer(500, ""), discordtest.HangUp, discordtest.Answer(200, `{"guild_id":7}`), discordtest.HangUp, discordtest.HangUp)
	failed := 0
	for range 6 {
		err := g.Check(t.Context(), id(t, "g-7"), []string{"70"})
		if outcome.IsReject(err) {
			t.Fatalf("refused for good: %v", err)
		}
		if err != nil {
			failed++
		}
	}
	// A GET whose connection is cut may be sent again by net/http itself: fewer failures than faults are seen.
	if failed < 2 {
		t.Errorf("%d of the faults were seen", failed)
	}
	if err := g.Check(t.Context(), id(t, "g-7"), []string{"70"}); err != nil {
		t.Error(err)
	}
}

// static answers every request alike.
type static struct {
	status, calls int
	body          string
}

func (s *static) Do(context.Context, request.Request, func(context.Context) error) (api.Answer, error) {
	s.calls++
	return api.Answer{Status: s.status, Body: []byte(s.body)}, nil
}

func TestAnAnswerIsRememberedForItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &static{status: 404, body: "{}"}
		g, err := guard.New(guard.Config{Channels: 2, TTL: time.Minute}, d)
		if err != nil {
			t.Fatal(err)
		}
		check := func(channel string, ok bool, calls int) {
			t.Helper()
			if err := g.Check(t.Context(), id(t, "g-7"), []string{channel}); (err == nil) != ok || d.calls != calls {
				t.Errorf("%v after %d calls, want %d", err, d.calls, calls)
			}
		}
		check("70", false, 1)
		d.status, d.body = 200, `{"guild_id":"7"}` // the bot was given access
		check("70", false, 1)
		<-time.After(guard.Absent)
		check("70", true, 2)
		<-time.After(guard.Absent)
		check("70", true, 2)
		check("71", true, 3)
		check("72", true, 4) // the oldest is forgotten
		check("72", true, 4)
		check("70", true, 5)
	})
}
