package discord

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is Discord's refusal of a request.
type Error struct {
	Status  int    // HTTP
	Code    int    // Discord's own
	Message string // for people
	Fields  Fields // what is wrong with the form; only with code 50035
}

// Fields are faults of a form: by path, such as `content` or `embeds.0.title`.
type Fields map[string]Fault

// Fault is what is wrong with one field.
type Fault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Refusals, by Discord's codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes.
var (
	ErrUnauthorized        = &Error{http.StatusUnauthorized, 0, "401: Unauthorized", nil}
	ErrNotFound            = &Error{http.StatusNotFound, 0, "404: Not Found", nil}
	ErrMethod              = &Error{http.StatusMethodNotAllowed, 0, "405: Method Not Allowed", nil}
	ErrBadJSON             = &Error{http.StatusBadRequest, 50109, "The request body contains invalid JSON.", nil}
	ErrUnknownApplication  = &Error{http.StatusNotFound, 10002, "Unknown Application", nil}
	ErrUnknownChannel      = &Error{http.StatusNotFound, 10003, "Unknown Channel", nil}
	ErrUnknownGuild        = &Error{http.StatusNotFound, 10004, "Unknown Guild", nil}
	ErrUnknownMember       = &Error{http.StatusNotFound, 10007, "Unknown Member", nil}
	ErrUnknownMessage      = &Error{http.StatusNotFound, 10008, "Unknown Message", nil}
	ErrUnknownRole         = &Error{http.StatusNotFound, 10011, "Unknown Role", nil}
	ErrUnknownUser         = &Error{http.StatusNotFound, 10013, "Unknown User", nil}
	ErrUnknownEmoji        = &Error{http.StatusBadRequest, 10014, "Unknown Emoji", nil}
	ErrUnknownWebhook      = &Error{http.StatusNotFound, 10015, "Unknown Webhook", nil}
	ErrUnknownBan          = &Error{http.StatusNotFound, 10026, "Unknown Ban", nil}
	ErrUnknownInteraction  = &Error{http.StatusNotFound, 10062, "Unknown interaction", nil}
	ErrUnknownCommand      = &Error{http.StatusNotFound, 10063, "Unknown application command", nil}
	ErrTooManyCommands     = &Error{http.StatusBadRequest, 30032, "Maximum number of application commands reached (100)", nil}
	ErrVersion             = &Error{http.StatusBadRequest, 50041, "Invalid API version provided.", nil}
	ErrTooLarge            = &Error{http.StatusRequestEntityTooLarge, 40005, "Request entity too large", nil}
	ErrBanned              = &Error{http.StatusForbidden, 40007, "The user is banned from this guild", nil}
	ErrFollowUps           = &Error{http.StatusBadRequest, 40094, "Maximum number of follow-up messages reached for this interaction", nil}
	ErrAcknowledged        = &Error{http.StatusBadRequest, 40060, "Interaction has already been acknowledged.", nil}
	ErrBlocked             = &Error{http.StatusForbidden, 40333, "internal network error", nil}
	ErrMissingAccess       = &Error{http.StatusForbidden, 50001, "Missing Access", nil}
	ErrNotAuthor           = &Error{http.StatusForbidden, 50005, "Cannot edit a message authored by another user", nil}
	ErrEmptyMessage        = &Error{http.StatusBadRequest, 50006, "Cannot send an empty message", nil}
	ErrCannotMessageUser   = &Error{http.StatusForbidden, 50007, "Cannot send messages to this user", nil}
	ErrMissingPermissions  = &Error{http.StatusForbidden, 50013, "Missing Permissions", nil}
	ErrInvalidWebhookToken = &Error{http.StatusUnauthorized, 50027, "Invalid Webhook Token", nil}
)

// Invalid is an invalid form.
func Invalid(fields Fields) *Error {
	return &Error{http.StatusBadRequest, 50035, "Invalid Form Body", fields}
}

// InvalidField is an invalid form with one fault.
func InvalidField(path, code, format string, args ...any) *Error {
	return Invalid(Fields{path: {code, fmt.Sprintf(format, args...)}})
}

func (e *Error) Error() string { return fmt.Sprintf("discord %d/%d: %s", e.Status, e.Code, e.Message) }

// MarshalJSON writes {code, message, errors?}, faults nested along their path.
func (e *Error) MarshalJSON() ([]byte, error) {
	body := map[string]any{"code": e.Code, "message": e.Message}
	if len(e.Fields) > 0 {
		body["errors"] = e.Fields.nested()
	}
	return json.Marshal(body)
}
