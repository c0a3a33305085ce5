package rest

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"antiraid/services/simulator/internal/account"
	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/gateway"
	"antiraid/services/simulator/internal/world"
	"antiraid/shared/config"
)

// FuzzRequests asks every route with any ids and any form: there is an answer with a status of Discord's and JSON, or with no body.
func FuzzRequests(f *testing.F) {
	for _, form := range []string{
		`{"content":"x","embeds":[{"fields":[{}]}],"components":[{"type":1,"components":[{"type":2}]}],"nonce":5,"enforce_nonce":true}`,
		`{"content":"<@1> <@&5> @everyone","allowed_mentions":{"parse":["users"]},"message_reference":{"message_id":"1"}}`,
		`{"poll":{"answers":[{}]},"flags":32768}`, `{"type":4,"data":{"content":"x"}}`, `{"type":9,"data":{"components":[]}}`, `{"nick":""}`,
		`{"communication_disabled_until":"2026-01-01T00:00:00Z"}`, `{"communication_disabled_until":null,"roles":[]}`, `{"recipient_id":"5"}`,
		`[{"name":"x","description":"y"}]`, `{"name":"x","type":4}`, `null`, `{`, ``, `{"components":[[[{"type":17}]],5,null]}`, `{"embeds":[5]}`,
	} {
		for i := range uint8(len(routes())) {
			f.Add(i, "5", "7", "5", form, "limit=5&before=7&with_response=1")
			f.Add(i|0x80, "5", "7", "5", form, "")
		}
	}
	all := routes()
	f.Fuzz(func(t *testing.T, i uint8, one, two, three, form, query string) {
		api, in, message := newAPI(t)
		if i&0x80 != 0 { // the follow-up routes want an answer first
			if _, err := api.world.Answer(in.ID, in.Token, world.Answer{Type: 5}); err != nil {
				t.Fatal(err)
			}
		}
		real := map[string]string{"{token}": in.Token, "{interaction}": in.ID.String(), "{application}": "1", "{message}": message.String(), "{channel}": "7", "{guild}": "5"}
		route := all[int(i&0x7f)%len(all)]
		names := []string{one, two, three}
		path := ""
		for step := range strings.SplitSeq(strings.TrimPrefix(route.path, "/"), "/") {
			if strings.HasPrefix(step, "{") {
				wild := step
				step, names = url.PathEscape(names[0]), append(names[1:], names[0])
				if known := real[wild]; known != "" && (step == "5" || step == "7") {
					step = known
				}
			}
			path += "/" + step
		}
		r := &http.Request{Method: route.method, URL: &url.URL{}, Header: http.Header{}, Host: "x"}
		var err error
		if r.URL, err = url.Parse("http://x/api/v10" + path); err != nil {
			return
		}
		r.URL.RawQuery = query
		r.Body = http.NoBody
		r = r.WithContext(t.Context())
		r.Body = readCloser{strings.NewReader(form)}
		r.Header.Set("User-Agent", "DiscordBot (x, 1)")
		r.Header.Set("Authorization", "Bot MQ.x.y")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		switch body := w.Body.Bytes(); {
		case w.Code >= 300 && w.Code < 400: // the path was cleaned
		case w.Code >= 500:
			t.Errorf("%s %s answered %d: %s", route.method, path, w.Code, body)
		case len(body) > 0 && !json.Valid(body):
			t.Errorf("%s %s answered no JSON: %s", route.method, path, body)
		}
	})
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// newAPI is the API of a world with guild and owner 5, a message in channel 7, and an interaction that waits.
func newAPI(t testing.TB) (*API, discord.Interaction, discord.ID) {
	a, err := account.New(1, config.NewSecret("MQ.x.y"))
	if err != nil {
		t.Fatal(err)
	}
	w := world.New(world.Config{
		Application: 1, BotName: "bot", Now: time.Now, MessagesKept: 10, CallbackWithin: time.Minute, TokenLife: time.Minute,
	})
	w.AddUser(discord.User{ID: 5})
	_, err1 := w.AddGuild(discord.Guild{ID: 5, OwnerID: 5})
	_, err2 := w.AddChannel(5, discord.Channel{ID: 7})
	m, err3 := w.Post(7, world.Draft{Embeds: &[]json.RawMessage{[]byte(`{}`)}})
	in, err4 := w.Interact(world.Use{User: 5, Guild: 5, Channel: 7, Type: 3, Message: m.ID, Command: "x"})
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	g := gateway.New(gateway.Config{
		MaxConcurrency: 1, IdentifyBudget: 1, Shards: 1, Now: time.Now,
	}, w, a, slog.New(slog.DiscardHandler))
	return New(Config{Unlimited: true, Privileged: gateway.Privileged, JournalSize: 10, Now: time.Now}, w, a, g), in, m.ID
}
