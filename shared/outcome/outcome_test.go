package outcome_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"antiraid/shared/outcome"
)

func TestErrorDecidesTheMessagesFate(t *testing.T) {
	cause := errors.New("cause")
	for name, tc := range map[string]struct {
		err    error
		reject bool
		after  time.Duration
		retry  bool
	}{
		"done":            {err: nil},
		"plain":           {err: cause},
		"retry":           {err: outcome.Retry(cause, time.Second), after: time.Second, retry: true},
		"wrapped retry":   {err: fmt.Errorf("send: %w", outcome.Retry(cause, 2*time.Second)), after: 2 * time.Second, retry: true},
		"reject":          {err: outcome.Reject(cause), reject: true},
		"wrapped reject":  {err: fmt.Errorf("send: %w", outcome.Reject(cause)), reject: true},
		"nil stays a nil": {err: errors.Join(outcome.Reject(nil), outcome.Retry(nil, time.Second))},
	} {
		t.Run(name, func(t *testing.T) {
			after, retry := outcome.RetryAfter(tc.err)
			if got := outcome.IsReject(tc.err); got != tc.reject || retry != tc.retry || after != tc.after {
				t.Errorf("reject %v, retry %v after %v; want %v, %v, %v", got, retry, after, tc.reject, tc.retry, tc.after)
			}
			if tc.err != nil && !errors.Is(tc.err, cause) {
				t.Errorf("%v hides its cause", tc.err)
			}
		})
	}
}
