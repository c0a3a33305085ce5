package show_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"antiraid/services/antiraid/internal/show"
	"antiraid/shared/bundle"
	"antiraid/shared/effect"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

func record(t *testing.T) *run.Record {
	t.Helper()
	g, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	return &run.Record{
		Tenant: g, Template: "welcome", Type: "MESSAGE_CREATE", Outcome: run.OK, Bundle: 3,
		Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local), Took: 1500 * time.Microsecond,
	}
}

func TestARunIsOneLineAndWhatItsAuthorMustSeeIsBelow(t *testing.T) {
	ok := record(t)
	ok.Effects = []effect.Effect{{Op: "create_message", Args: json.RawMessage(`{"channel_id":"5","content":"count 3\n"}`)}, {Op: "ban", Args: json.RawMessage(`{"user_id":"9","reason":"spam"}`)}}
	ok.Writes = []run.Write{{Key: "n", Value: json.RawMessage("3")}, {Key: "old"}}
	failed := record(t)
	failed.Outcome = run.Error
	failed.Failure = &run.Failure{Message: "attempt to call nil", File: "init.lua", Line: 3, Column: 7, Source: "\tx()", Traceback: "init.lua:3: in main chunk\n"}
	failed.Usage = run.Usage{Instructions: 1234, Wall: 1400 * time.Microsecond, Memory: 3 << 19, KVOps: 2, LogLines: 1, LogBytes: 8}
	failed.Log = []run.Line{{Level: "info", Message: "red \x1b[31m"}}
	dry, idle, announcement := record(t), record(t), record(t)
	dry.Dry, dry.Log = true, []run.Line{{Level: "warn", Message: "x"}}
	announcement.Template = bundle.Announcement
	for name, tc := range map[string]struct {
		record *run.Record
		want   string
	}{
		"ok": {ok, "03:04:05  g-7  MESSAGE_CREATE → welcome  ok in 1.5 ms  create_message \"count 3\\n\"  ban 9 \"spam\"  n = 3  old deleted\n"},
		"failed": {failed, "03:04:05  g-7  MESSAGE_CREATE → welcome  error in 1.5 ms\n" +
			"          init.lua:3:7: attempt to call nil\n          3 |     x()\n          init.lua:3: in main chunk\n" +
			"          used 1234 instructions, 1.4 ms, 1.5 MiB, 2 kv calls, 1 log lines, 8 bytes of log\n          info  red \\x1b[31m\n"},
		"dry":    {dry, "03:04:05  g-7  MESSAGE_CREATE → welcome  would be ok in 1.5 ms\n          warn  x\n"},
		"idle":   {idle, "03:04:05  g-7  MESSAGE_CREATE → welcome  ok in 1.5 ms  did nothing\n"},
		"bundle": {announcement, "03:04:05  g-7  version 3 is in force\n"},
	} {
		var out strings.Builder
		show.New(&out, show.PaintFor(&out, nil)).Record(tc.record)
		if out.String() != tc.want {
			t.Errorf("%s:\n%q, want\n%q", name, out.String(), tc.want)
		}
	}
}

func TestAReplayedRunIsShownByItsEvent(t *testing.T) {
	r := record(t)
	r.Dry, r.Seq, r.Event, r.Log = true, 77, "0.abc.5", []run.Line{{Level: "warn", Message: "x"}}
	const line = "77  MESSAGE_CREATE → welcome  would be ok in 1.5 ms  event 0.abc.5\n          warn  x\n"
	for want, at := range map[string]time.Time{line: {}, "01:02:03  " + line: time.Date(2026, 1, 2, 1, 2, 3, 0, time.Local)} {
		var out strings.Builder
		show.New(&out, show.Paint{}).Replayed(r, at)
		if out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	}
}

func TestDurationsHaveTheUnitThatPeopleWouldChoose(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 µs", 999 * time.Microsecond: "999 µs", 1230 * time.Microsecond: "1.2 ms", 123 * time.Millisecond: "123 ms", 61 * time.Second: "61.00 s",
	} {
		if got := show.Duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func FuzzNothingReachesTheTerminalButText(f *testing.F) {
	f.Add("plain", `{"content":"\u001b]0;x\u0007","user_id":"\u202e9","emoji":"⚠️"}`)
	f.Add("\x1b[2J\r\n", `{"data":{"content":7}}`)
	f.Fuzz(func(t *testing.T, text, args string) {
		for _, shown := range []string{
			show.Clean(text), show.Quote(text), show.Effect(effect.Effect{Op: "ban", Args: json.RawMessage(args)}, nil),
			show.Write(run.Write{Key: text, Value: json.RawMessage(args)}),
		} {
			for _, r := range shown {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
					t.Errorf("%q from %q and %q", shown, text, args)
				}
			}
		}
	})
}
