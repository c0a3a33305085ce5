package rest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// Request is a request as Discord received it, and what came of it.
type Request struct {
	Number  int             `json:"number"`
	Time    time.Time       `json:"time"`
	Method  string          `json:"method"`
	Route   string          `json:"route"` // such as /channels/{channel}/messages
	Path    string          `json:"path"`  // below the version, without the query
	Query   string          `json:"query,omitempty"`
	Guild   discord.ID      `json:"guild,omitzero"`   // that it is about, found by its channel or interaction if need be
	User    discord.ID      `json:"user,omitzero"`    // the other one in a DM, or whose interaction it is
	Channel discord.ID      `json:"channel,omitzero"` // that it is about
	Reason  string          `json:"reason,omitempty"` // for the audit log
	Body    json.RawMessage `json:"body,omitempty"`   // as sent, when it is JSON
	Status  int             `json:"status"`           // answered; 0: the connection was cut
	Code    int             `json:"code,omitempty"`   // Discord's error code
	Answer  json.RawMessage `json:"answer,omitempty"` // when it is JSON
	Applied bool            `json:"applied"`          // it took effect, whatever was answered
	Fault   bool            `json:"fault,omitempty"`  // the answer was made by a [Fault]
}

// entry is what a call leaves in the journal.
func (c *call) entry(status int, answer []byte) Request {
	e := Request{
		Time: c.at, Method: c.r.Method, Route: c.route.path, Path: c.r.URL.Path, Query: c.r.URL.RawQuery, Body: c.json(),
		Status: status, Applied: c.applied, Fault: c.faulted, Reason: reason(c.r), Channel: c.ids["channel"], Guild: c.ids["guild"],
	}
	switch {
	case e.Channel != 0:
		e.Guild, e.User = c.api.world.Whereabouts(e.Channel)
	case c.r.PathValue("token") != "":
		e.Guild, e.User, e.Channel = c.api.world.Whence(c.r.PathValue("token"))
	}
	if json.Valid(answer) && len(answer) > 0 {
		e.Answer = answer
		var refusal struct{ Code int }
		if status >= 400 && json.Unmarshal(answer, &refusal) == nil {
			e.Code = refusal.Code
		}
	}
	return e
}

// reason is the audit log reason, which travels URL-encoded.
func reason(r *http.Request) string {
	text, err := url.PathUnescape(r.Header.Get("X-Audit-Log-Reason"))
	if err != nil {
		return r.Header.Get("X-Audit-Log-Reason")
	}
	return text
}
