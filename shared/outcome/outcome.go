// Package outcome lets a consumer's returned error decide the fate of the message it was given.
//
// nil: done. [Retry]: not now, again after a delay, order kept. [Reject]: never; the message becomes a dead letter.
// Any other error is an infrastructure fault and is retried with the consumer's own backoff. One place acts on it: the consumer.
package outcome

import (
	"errors"
	"time"
)

type retry struct {
	err   error
	after time.Duration
}

func (r *retry) Error() string { return r.err.Error() }
func (r *retry) Unwrap() error { return r.err }

type reject struct{ err error }

func (r *reject) Error() string { return r.err.Error() }
func (r *reject) Unwrap() error { return r.err }

// Retry says that the same message may succeed after the delay. It returns nil for a nil err.
func Retry(err error, after time.Duration) error {
	if err == nil {
		return nil
	}
	return &retry{err, after}
}

// Reject says that the message can never succeed. It returns nil for a nil err.
func Reject(err error) error {
	if err == nil {
		return nil
	}
	return &reject{err}
}

// IsReject reports whether err, or an error it wraps, was made by [Reject].
func IsReject(err error) bool {
	var r *reject
	return errors.As(err, &r)
}

// RetryAfter is the delay asked for by [Retry]; ok is false for every other error.
func RetryAfter(err error) (after time.Duration, ok bool) {
	var r *retry
	if !errors.As(err, &r) {
		return 0, false
	}
	return r.after, true
}
