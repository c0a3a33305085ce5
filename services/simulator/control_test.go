package simulator_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"antiraid/services/simulator"
)

// control asks what a Discord does not have.
func control(t *testing.T, s *simulator.Simulator, request, form string) (status int, body []byte) {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	req := must(http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(form)))
	res := must(http.DefaultClient.Do(req))
	defer res.Body.Close()
	return res.StatusCode, must(io.ReadAll(res.Body))
}

func TestControl(t *testing.T) {
	s := free(t)
	for request, want := range map[string]int{
		"GET /healthz":                  200,
		"GET /":                         200,
		"GET /nothing":                  404,
		"GET /simulator/signals":        200,
		"GET /simulator/signals?from=x": 400,
		"POST /simulator/scenario/sample?every=1ms&times=2": 200,
		"POST /simulator/scenario/nothing":                  404,
		"POST /simulator/scenario/raid?count=x":             400,
		"POST /simulator/scenario/raid?every=x":             400,
		"POST /simulator/gateway/drop":                      200,
		"POST /simulator/gateway/freeze":                    200,
		"POST /simulator/gateway/mute":                      200,
		"POST /simulator/gateway/reconnect":                 200,
		"POST /simulator/gateway/invalidate":                200,
		"POST /simulator/gateway/invalidate-resumable":      200,
		"POST /simulator/gateway/close-4009?shard=0":        200,
		"POST /simulator/gateway/close-4009?shard=x":        400,
		"POST /simulator/gateway/dance":                     404,
		"DELETE /simulator/faults":                          200,
		`POST /simulator/faults {"status":503}`:             200,
		`POST /simulator/faults {"statsu":503}`:             400,
		`POST /simulator/faults {"delay":"soon"}`:           400,
		`POST /simulator/behaviour {"no_ack":true}`:         200,
		`POST /simulator/behaviour nothing`:                 400,
		`POST /simulator/act/dance {}`:                      404,
		`POST /simulator/act/join {"user":"1"}`:             404,
	} {
		parts := strings.SplitN(request, " ", 3)
		form := append(parts, "")[2]
		if status, body := control(t, s.Simulator, parts[0]+" "+parts[1], form); status != want {
			t.Errorf("%s answered %d, want %d: %s", request, status, want, body)
		}
	}
}

func TestFaultsByControl(t *testing.T) {
	s := free(t)
	control(t, s.Simulator, "POST /simulator/faults", `{"route":"/channels/{channel}/messages","status":429,"scope":"user","retry_after":"1.2s"}`)
	a, err := s.bot.try("POST", s.messages, text("x"))
	if err != nil || a.status != 429 || a.header.Get("Retry-After") != "2" {
		t.Errorf("got %d %v, %v", a.status, a.header, err)
	}
	control(t, s.Simulator, "POST /simulator/behaviour?next=1", `{"delay_hello":"1ms","identify":"refuse"}`)
	c := hello(t, s.Simulator)
	c.say(2, ident(s.Simulator))
	if f := c.next(); f.Op != 9 {
		t.Errorf("IDENTIFY got op %d, want 9", f.Op)
	}
}

func TestActsByControl(t *testing.T) {
	s := free(t)
	c, _ := session(t, s.Simulator)
	m := simulator.Message{}
	for _, x := range []struct{ request, form, event string }{
		{"POST /simulator/act/write", `{"content":"!count"}`, "MESSAGE_CREATE"},
		{"POST /simulator/act/join", `{"name":"mallory"}`, "GUILD_MEMBER_ADD"},
		{"POST /simulator/act/react", `{"message":"%d","emoji":"👋"}`, "MESSAGE_REACTION_ADD"},
		{"POST /simulator/act/use", `{"command":"remind","user_installed":true}`, "INTERACTION_CREATE"},
		{"POST /simulator/act/use", `{"command":"ban","guild":"1100000000000000000"}`, "INTERACTION_CREATE"},
		{"POST /simulator/act/leave", `{}`, "GUILD_MEMBER_REMOVE"},
		{"POST /simulator/dispatch", `{"guild":"1100000000000000000","type":"SOMETHING","d":{"x":1}}`, "SOMETHING"},
	} {
		if strings.Contains(x.form, "%d") {
			x.form = fmt.Sprintf(x.form, m.ID)
		}
		status, body := control(t, s.Simulator, x.request, x.form)
		if status != 200 {
			t.Fatalf("%s answered %d: %s", x.request, status, body)
		}
		if x.event == "MESSAGE_CREATE" {
			m = as[simulator.Message](t, body)
		}
		if f := c.next(); f.T != x.event {
			t.Errorf("%s %s brought %s, want %s", x.request, x.form, f.T, x.event)
		}
	}
}

// TestRaid is five thousand joins, of which none may be missing.
func TestRaid(t *testing.T) {
	s := free(t)
	c, _ := session(t, s.Simulator)
	played := make(chan simulator.Report, 1)
	go func() { played <- must(s.Play(t.Context(), "raid", simulator.Options{})) }()
	joins := 0
	for joins < 5000 {
		if c.next().T == "GUILD_MEMBER_ADD" {
			joins++
		}
	}
	if r := receive(t, played); r.Steps != 5500 || len(r.Users) != 5000 {
		t.Errorf("the raid had %d steps and %d users, want 5500 and 5000", r.Steps, len(r.Users))
	}
}
