package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"antiraid/services/simulator"
)

// bot asks the HTTP API as the bot, and holds every answer against Discord's description.
type bot struct {
	t     *testing.T
	s     *simulator.Simulator
	token string
	edit  func(*http.Request) // what a test changes of each request; nil: nothing
}

func newBot(t *testing.T, s *simulator.Simulator) *bot {
	return &bot{t: t, s: s, token: s.Token().Reveal()}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// code is Discord's error code.
func (a answer) code() int {
	var body struct{ Code int }
	json.Unmarshal(a.body, &body)
	return body.Code
}

// do asks with a form, nil for none, and checks the answer.
func (b *bot) do(method, path string, form any) answer {
	b.t.Helper()
	a, err := b.try(method, path, form)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	api, err := openAPI()
	if err != nil {
		b.t.Fatal(err)
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		return a
	}
	plain, _, _ := strings.Cut(path, "?")
	api.check(b.t, method, plain, a.status, a.body)
	return a
}

// want asks and wants a status.
func (b *bot) want(status int, method, path string, form any) answer {
	b.t.Helper()
	a := b.do(method, path, form)
	if a.status != status {
		b.t.Fatalf("%s %s answered %d, want %d: %s", method, path, a.status, status, a.body)
	}
	return a
}

// refuse asks and wants a refusal.
func (b *bot) refuse(status, code int, method, path string, form any) {
	b.t.Helper()
	if a := b.want(status, method, path, form); a.code() != code {
		b.t.Errorf("%s %s was refused with code %d, want %d: %s", method, path, a.code(), code, a.body)
	}
}

func (b *bot) try(method, path string, form any) (answer, error) {
	var body io.Reader
	if form != nil {
		data, err := json.Marshal(form)
		if err != nil {
			return answer{}, err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.s.API()+path, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
	req.Header.Set("Authorization", "Bot "+b.token)
	if form != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.edit != nil {
		b.edit(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, data}, err
}

// text is a message with nothing but text.
func text(content string) map[string]any { return map[string]any{"content": content} }
