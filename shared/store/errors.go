package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// fail names the operation (a verb phrase with its subject) and maps what the driver says to the errors callers branch on.
func (s *Store) fail(err error, operation string, args ...any) error {
	if err == nil {
		return nil
	}
	operation = fmt.Sprintf(operation, args...)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return fmt.Errorf("%s: %w", operation, ErrNotFound)
	case mongo.IsDuplicateKeyError(err):
		return fmt.Errorf("%s: %w", operation, ErrConflict)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", operation, context.Canceled)
	case timedOut(err), mongo.IsNetworkError(err):
		return fmt.Errorf("%s: MongoDB at %s does not answer: %w", operation, redact(s.cfg.URI), redactError(err, s.cfg.URI))
	}
	return fmt.Errorf("%s: %w", operation, redactError(err, s.cfg.URI))
}

func timedOut(err error) bool {
	return mongo.IsTimeout(err) || errors.Is(err, context.DeadlineExceeded)
}

// redact shows where a URI leads: hosts and database, without credentials and options.
func redact(uri string) string {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return "an address that cannot be read"
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = "[redacted]" + rest[at:]
	}
	rest, _, _ = strings.Cut(rest, "?") // a password may have one, too
	return scheme + "://" + rest
}

// redacted is an error whose text holds no credentials; it wraps nothing, since what it would wrap holds them.
type redacted struct{ text string }

func (r redacted) Error() string { return r.text }

// redactError keeps err as it is unless it repeats the credentials of the URI.
func redactError(err error, uri string) error {
	text := err.Error()
	for _, secret := range secrets(uri) {
		text = strings.ReplaceAll(text, secret, "[redacted]")
	}
	if text == err.Error() {
		return err
	}
	return redacted{text}
}

// secrets are the URI's credentials, longest first, as they are written in it and as they are meant.
func secrets(uri string) []string {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		rest = uri
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return nil
	}
	both := rest[:at]
	_, password, _ := strings.Cut(both, ":")
	plain, err := url.PathUnescape(password)
	if err != nil {
		plain = password
	}
	var list []string
	for _, s := range []string{both, password, plain} {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}
