// Package setting is an error whose remedy is one of the gateway's settings. Who calls the setting by another name can say that instead.
package setting

// Error is one sentence: Before, the setting's name, After.
type Error struct {
	Key           string // under `gateway`: token, api, intents or shards
	Before, After string
}

// Error calls the setting what the gateway's program calls it.
func (e *Error) Error() string { return e.Named("gateway." + e.Key) }

// Named calls the setting something else.
func (e *Error) Named(name string) string { return e.Before + name + e.After }

// BadToken says that Discord does not know the token.
func BadToken() *Error {
	return &Error{"token", "the token is not valid; set ", " to the bot's token from the developer portal"}
}
