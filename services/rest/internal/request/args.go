package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"antiraid/shared/tenant"
)

// args reads an operation's arguments: each read takes its argument away, the first mistake is kept, what is left over is a mistake too.
// An argument that is null is not there. Keys are exact, and only checked values travel on.
type args struct {
	fields   map[string]json.RawMessage
	asked    []string // names that were read, for the message about unknown ones
	channels []string // channels named inside, beside the operation's own
	err      error
}

func readArgs(data []byte) *args {
	a := &args{}
	if err := json.Unmarshal(data, &a.fields); err != nil || a.fields == nil {
		a.fail("the arguments are not an object")
	}
	maps.DeleteFunc(a.fields, func(_ string, v json.RawMessage) bool { return string(v) == "null" })
	return a
}

func (a *args) fail(format string, values ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(format, values...)
	}
}

// done is the first mistake.
func (a *args) done() error {
	if a.err != nil {
		return a.err
	}
	if left := slices.Sorted(maps.Keys(a.fields)); len(left) > 0 {
		slices.Sort(a.asked)
		return fmt.Errorf("unknown argument %.64q; known are %s", left[0], strings.Join(a.asked, ", "))
	}
	return nil
}

// shown is an argument as a message shows it: short, on one line.
func shown(raw json.RawMessage) string {
	return fmt.Sprintf("%.64s", strings.Join(strings.Fields(string(raw)), " "))
}

func (a *args) take(name string) (json.RawMessage, bool) {
	a.asked = append(a.asked, name)
	v, ok := a.fields[name]
	delete(a.fields, name)
	return v, ok
}

// snowflake is a required id: the only text that reaches a path as it is.
func (a *args) snowflake(name string) string {
	raw, ok := a.take(name)
	if !ok {
		a.fail("%s is missing", name)
		return "0"
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		a.fail("%s: want an id as a string, got %s", name, shown(raw))
		return "0"
	}
	if _, err := tenant.ParseSnowflake(s); err != nil {
		a.fail("%s: %v", name, err)
		return "0"
	}
	return s
}

// text is an optional string of at most limit characters.
func (a *args) text(name string, limit int) (string, bool) {
	raw, ok := a.take(name)
	if !ok {
		return "", false
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		a.fail("%s: want a string, got %s", name, shown(raw))
		return "", false
	}
	if n := utf8.RuneCountInString(s); n > limit {
		a.fail("%s: has %d characters, at most %d are allowed", name, n, limit)
	}
	return s, true
}

// integer is an optional whole number.
func (a *args) integer(name string, low, high int64) (int64, bool) {
	raw, ok := a.take(name)
	if !ok {
		return 0, false
	}
	var f float64 // Lua has no integers: 60.0 is 60
	if json.Unmarshal(raw, &f) != nil || f != float64(int64(f)) || int64(f) < low || int64(f) > high {
		a.fail("%s: want a whole number from %d to %d, got %s", name, low, high, shown(raw))
	}
	return int64(f), true
}

func (a *args) boolean(name string) (value, ok bool) {
	raw, ok := a.take(name)
	if ok && json.Unmarshal(raw, &value) != nil {
		a.fail("%s: want true or false, got %s", name, shown(raw))
	}
	return value, ok
}

// objects is an optional list of objects, which Discord checks.
func (a *args) objects(name string, limit int) ([]json.RawMessage, bool) {
	raw, ok := a.take(name)
	if !ok {
		return nil, false
	}
	var items list[json.RawMessage]
	if err := json.Unmarshal(raw, &items); err != nil {
		a.fail("%s: want a list, got %s", name, shown(raw))
	}
	if len(items) > limit {
		a.fail("%s: has %d entries, at most %d are allowed", name, len(items), limit)
	}
	for i, item := range items {
		if item[0] != '{' {
			a.fail("%s: entry %d: want an object, got %s", name, i+1, shown(item))
		}
	}
	return items, len(items) > 0
}

// object is an optional object, read by another args.
func (a *args) object(name string) (*args, bool) {
	raw, ok := a.take(name)
	if !ok {
		return nil, false
	}
	if string(raw) == "[]" { // how an empty Lua table may be written
		raw = json.RawMessage("{}")
	}
	return readArgs(raw), true
}

// close takes over the mistakes of an args made by [args.object].
func (a *args) close(name string, inner *args) {
	if err := inner.done(); err != nil {
		a.fail("%s: %w", name, err)
	}
	a.channels = append(a.channels, inner.channels...)
}

// reason is for the audit log: 1 to 512 characters in one header.
func (a *args) reason() string {
	s, _ := a.text("reason", 512)
	return s
}

var (
	customEmoji      = regexp.MustCompile(`^(a:)?[A-Za-z0-9_]{2,32}:[1-9][0-9]{0,19}$`)
	interactionToken = regexp.MustCompile(`^[A-Za-z0-9_=-][A-Za-z0-9_.=-]{0,511}$`)
)

// emoji is a required emoji: name:id, or Unicode. Dots and slashes are in neither, so it cannot climb out of its place in a path.
func (a *args) emoji(name string) string {
	s, ok := a.text(name, 64)
	if !ok {
		a.fail("%s is missing", name)
	}
	ascii := func(r rune) bool { return r < 0x80 && !strings.ContainsRune("0123456789#*", r) } // keycaps begin with those
	unicode := func(r rune) bool { return r >= 0x2000 || r == '©' || r == '®' }
	if !customEmoji.MatchString(s) && (strings.ContainsFunc(s, ascii) || !strings.ContainsFunc(s, unicode) || !utf8.ValidString(s)) {
		a.fail("%s: want a Unicode emoji or name:id, got %.64q", name, s)
	}
	return s
}

func (a *args) encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		a.fail("encode the request: %w", err)
	}
	return data
}

// list is a JSON array, or the `{}` that an empty Lua table may be written as.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("{}")) {
		*l = list[T]{}
		return nil
	}
	return json.Unmarshal(data, (*[]T)(l))
}
