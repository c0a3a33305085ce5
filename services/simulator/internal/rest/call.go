package rest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

// maxBody is how large a request may be, in bytes.
const maxBody = 25 << 20

// call is one request on its way.
type call struct {
	api   *API
	r     *http.Request
	route route
	at    time.Time
	ids   map[string]discord.ID // of the path
	form  []byte                // JSON
	files []discord.Attachment

	applied bool
	faulted bool
}

// reply is what a route answers: a body as JSON, or none with nil.
type reply struct {
	status int
	body   any
}

func ok(body any) (reply, error) { return reply{http.StatusOK, body}, nil }

func none(err error) (reply, error) { return reply{http.StatusNoContent, nil}, err }

// either is the body of a call that may have failed.
func either[T any](body T, err error) (reply, error) { return reply{http.StatusOK, body}, err }

// readIDs reads the path's ids: every wildcard but the token and the emoji.
func (c *call) readIDs() error {
	c.ids = map[string]discord.ID{}
	for _, step := range strings.Split(c.route.path, "/") {
		name, wild := strings.CutPrefix(strings.TrimSuffix(step, "}"), "{")
		if !wild || name == "token" || name == "emoji" {
			continue
		}
		id, err := discord.ParseID(c.r.PathValue(name))
		if err != nil {
			return discord.InvalidField(name+"_id", "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", c.r.PathValue(name))
		}
		c.ids[name] = id
	}
	return nil
}

// readBody reads the form, whatever becomes of the request.
func (c *call) readBody() error {
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	switch {
	case err != nil:
		return discord.ErrBadJSON
	case len(body) > maxBody:
		return discord.ErrTooLarge
	case len(body) == 0:
		return nil
	}
	kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		c.form = body
		return nil
	case "multipart/form-data":
		return c.readParts(body, params["boundary"])
	}
	return discord.InvalidField("", "CONTENT_TYPE_INVALID",
		`Expected "Content-Type" header to be one of {'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'}.`)
}

// into reads the form.
func (c *call) into(v any) error {
	if len(c.form) == 0 {
		return nil
	}
	if !json.Valid(c.form) {
		return discord.ErrBadJSON
	}
	if err := json.Unmarshal(c.form, v); err != nil {
		field := ""
		if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
			field = kind.Field
		}
		return discord.InvalidField(field, "BASE_TYPE_INVALID", "The value has the wrong type.")
	}
	return nil
}

// draft reads the form as a message.
func (c *call) draft() (world.Draft, error) {
	var d world.Draft
	err := c.into(&d)
	d.Files = c.files
	return d, err
}

// json is the form for the journal.
func (c *call) json() json.RawMessage {
	if json.Valid(c.form) {
		return c.form
	}
	return nil
}

// number is a query's number, or a default.
func (c *call) number(name string, otherwise discord.ID) (discord.ID, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	id, err := discord.ParseID(text)
	if err != nil {
		return 0, discord.InvalidField(name, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", text)
	}
	return id, nil
}

// limit is a query's limit between 1 and most.
func (c *call) limit(otherwise, most int) (int, error) {
	n, err := c.number("limit", discord.ID(otherwise))
	if err != nil {
		return 0, err
	}
	if n < 1 || n > discord.ID(most) {
		return 0, discord.InvalidField("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and %d.", most)
	}
	return int(n), nil
}

// yes is a query's boolean: True, true or 1.
func (c *call) yes(name string) bool {
	text := c.r.URL.Query().Get(name)
	return strings.EqualFold(text, "true") || text == "1"
}
