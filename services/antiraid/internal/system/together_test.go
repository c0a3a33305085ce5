package system

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func untilToldTo(ctx context.Context) error { <-ctx.Done(); return nil }

func TestTheFirstEndEndsAllAndSaysWhose(t *testing.T) {
	boom := errors.New("boom")
	for name, tc := range map[string]struct {
		rest, use func(ctx context.Context) error
		stop      bool
		want      string
	}{
		"told to stop":          {untilToldTo, untilToldTo, true, ""},
		"stopped in the middle": {untilToldTo, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, true, ""},
		"used up":               {untilToldTo, func(context.Context) error { return nil }, false, ""},
		"use failed":            {untilToldTo, func(context.Context) error { return boom }, false, "boom"},
		"a part failed":         {func(context.Context) error { return boom }, untilToldTo, false, "rest: boom"},
		"a part ended":          {func(context.Context) error { return nil }, untilToldTo, false, "rest ended by itself"},
		"a part is slow":        {func(ctx context.Context) error { <-ctx.Done(); time.Sleep(endWithin - time.Second); return nil }, untilToldTo, true, ""},
		"a part does not end":   {func(ctx context.Context) error { <-ctx.Done(); time.Sleep(2 * endWithin); return nil }, untilToldTo, true, "end rest: not done within 4s"},
		"it fails on the way":   {func(ctx context.Context) error { <-ctx.Done(); return boom }, untilToldTo, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				if tc.stop {
					time.AfterFunc(time.Minute, cancel)
				}
				got := together(ctx, []part{{name: "gateway", run: untilToldTo}, {name: "rest", run: tc.rest}}, tc.use, slog.New(slog.DiscardHandler))
				if text := errorText(got); text != tc.want {
					t.Errorf("ended with %q, want %q", text, tc.want)
				}
				cancel()
				time.Sleep(3 * endWithin) // simulated: the slow one ends
			})
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
