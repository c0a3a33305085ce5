package pattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/gopher-lua/pm"
)

// counter is an account with an end.
type counter struct{ steps, limit int }

type stopped struct{}

func (c *counter) Steps(n int) {
	if c.steps += n; c.limit > 0 && c.steps > c.limit {
		panic(stopped{})
	}
}

func (c *counter) Malformed(message string) { panic(fmt.Errorf("%s", message)) }

// find is string.find: the match and its captures in one text, or an error.
func find(text, pattern string, account *counter) (result string, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = r
		default:
			panic(r)
		}
	}()
	anchored := strings.HasPrefix(pattern, "^")
	var m Matcher
	m.Set(text, strings.TrimPrefix(pattern, "^"), account)
	defer m.Done()
	for at := 0; at <= len(text); at++ {
		if end := m.Match(at); end >= 0 {
			result = fmt.Sprintf("%d-%d", at, end)
			for i := range m.Captures() {
				if start, end, isPosition := m.Capture(i); isPosition {
					result += fmt.Sprintf(" @%d", start)
				} else {
					result += fmt.Sprintf(" %q", text[start:end])
				}
			}
			return result, nil
		}
		if anchored {
			break
		}
	}
	return "none", nil
}

func TestMatches(t *testing.T) {
	for _, test := range []struct{ text, pattern, want string }{
		{"hello world", "o w", "4-7"},
		{"hello", "l+", "2-4"},
		{"hello", "l-", "0-0"},
		{"hello", "^l", "none"},
		{"hello", "o$", "4-5"},
		{"a$b", "$b", "1-3"},
		{"key = value", "(%w+) = (%w+)", `0-11 "key" "value"`},
		{"abc", "()b()", "1-2 @2 @3"},
		{"f(a(b)c)d", "%b()", "1-8"},
		{"THE (quick) fox", "%f[%a]%a+%f[%A]", "0-3"},
		{"the end", "%f[%w]end%f[%z]", "4-7"},
		{`say "hi"`, `(["'])(.-)%1`, `4-8 "\"" "hi"`},
		{"x-y", "[a-]y", "1-3"},
		{"x]y", "[]]", "1-2"},
		{"x^y", "[x^]+", "0-2"},
		{"abc123", "[^%d]+", "0-3"},
		{"-12", "^[+-]?%d+$", "0-3"},
		{"\x00a", "%z%a", "0-2"},
		{"", ".*", "0-0"},
		{"äö", "[\xc3][\xa4]", "0-2"},
		{"aaa", "a?a?a?a", "0-3"},
		{"abab", "(ab)%1", `0-4 "ab"`},
		{"((", "()%1", "none"},
		{"ab", "((a)(b))", `0-2 "ab" "a" "b"`},
		{"x", "%", "error: malformed pattern (ends with '%')"},
		{"x", "[a", "error: malformed pattern (missing ']')"},
		{"x", "[a%", "error: malformed pattern (missing ']')"},
		{"x", "(x", "error: unfinished capture"},
		{"x", "x)", "error: invalid pattern capture"},
		{"x", "%1", "error: invalid capture index"},
		{"x", "(%1)", "error: invalid capture index"},
		{"x", "%b", "error: unbalanced pattern"},
		{"x", "%fx", "error: missing '[' after '%f' in pattern"},
		{"x", strings.Repeat("()", 33), "error: too many captures"},
		{strings.Repeat("x", 300), strings.Repeat("x?", 300), "error: pattern too complex"},
	} {
		got, err := find(test.text, test.pattern, &counter{})
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != test.want {
			t.Errorf("%q in %q: %s, want %s", test.pattern, test.text, got, test.want)
		}
	}
}

// Patterns that backtrack for ever end with the account, and a long text costs what it should.
func TestStepsArePaid(t *testing.T) {
	for name, test := range map[string]struct{ text, pattern string }{
		"nested repetition": {strings.Repeat("a", 28), strings.Repeat("a*", 28) + "b"},
		"optional":          {strings.Repeat("a", 40), strings.Repeat("a?", 40) + strings.Repeat("a", 40) + "b"},
		"shortest":          {strings.Repeat("a", 400), strings.Repeat(".-", 20) + "b"},
		"balanced":          {strings.Repeat("(", 100_000), "%b()"},
		"set":               {strings.Repeat("b", 10_000), "[" + strings.Repeat("a", 10_000) + "]*c"},
		"back reference":    {strings.Repeat("a", 20_000), "(.*)%1b"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() != (stopped{}) {
					t.Error("it was not stopped")
				}
			}()
			find(test.text, test.pattern, &counter{limit: 1_000_000})
		})
	}
}

// FuzzMatch compares with gopher-lua's matcher where the two should agree.
func FuzzMatch(f *testing.F) {
	for _, p := range []string{"o w", "l+", "(%w+) = (%w+)", "%b()", "[^%d]+", "a-b", "(a*(.)%w(%s*))", "^x?$", "[a-z]*", "%s%S", "[]]", "()ll()"} {
		f.Add("hello world = (x) abc", p)
	}
	f.Fuzz(func(t *testing.T, text, pattern string) {
		if len(text) > 60 || len(pattern) > 20 || !benign(pattern) {
			return
		}
		var got string
		var gotErr error
		ok := func() (ok bool) {
			defer func() { ok = recover() == nil }()
			got, gotErr = find(text, pattern, &counter{limit: 200_000})
			return
		}()
		if !ok {
			return
		}
		found, err := pm.Find(pattern, []byte(text), 0, 1)
		if gotErr != nil || err != nil {
			return // they are strict about different things
		}
		want := "none"
		if len(found) > 0 {
			md := found[0]
			want = fmt.Sprintf("%d-%d", md.Capture(0), md.Capture(1))
			for i := 2; i < md.CaptureLength(); i += 2 {
				if md.IsPosCapture(i) {
					want += fmt.Sprintf(" @%d", md.Capture(i))
				} else {
					want += fmt.Sprintf(" %q", text[md.Capture(i):md.Capture(i+1)])
				}
			}
		}
		if got != want {
			t.Errorf("%q in %q: %s, gopher-lua has %s", pattern, text, got, want)
		}
	})
}

// benign leaves out what gopher-lua has otherwise than Lua 5.1: frontiers, zero bytes, sets with special members, references, and
// repetitions of what cannot be repeated.
func benign(p string) bool {
	for _, odd := range []string{"%f", "%z", "%Z", "%b", "\x00", "[^]", "[]", "-]", "[^", "[-", "%-", "--", "(*", "(+", "(-", "(?", "^*", "^+", "^-", "^?", ")*", ")+", ")-", ")?", "**", "++", "??", "*+", "*-", "*?", "+*", "+-", "+?", "-*", "-+", "-?", "?*", "?+", "?-"} {
		if strings.Contains(p, odd) {
			return false
		}
	}
	if strings.ContainsAny(p, "0123456789") && strings.Contains(p, "%") {
		return false
	}
	return !strings.ContainsAny(p, "[") || strings.Count(p, "[") == 1 && !strings.ContainsAny(p, "-%^")
}
