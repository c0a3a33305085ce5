// Package show writes runs, effects and templates for people: one line each, and below it what its author must see.
//
// Text that scripts or strangers wrote reaches a terminal only with its control characters made visible.
package show

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"antiraid/shared/bundle"
	"antiraid/shared/effect"
	"antiraid/shared/run"
)

// Printer writes to one place.
type Printer struct {
	out   io.Writer
	paint Paint
}

// New makes a printer.
func New(out io.Writer, p Paint) *Printer { return &Printer{out, p} }

// Record writes a run.
func (p *Printer) Record(r *run.Record) {
	fmt.Fprintf(p.out, "%s  %s  %s\n", p.paint.Dim(r.Started.Local().Format("15:04:05")), r.Tenant, p.summary(r))
	p.Below(r)
}

// Replayed writes a run of a replay, by its event: when that was, if it is known, its place in the stream and its id.
func (p *Printer) Replayed(r *run.Record, at time.Time) {
	when := ""
	if !at.IsZero() {
		when = at.Local().Format("15:04:05") + "  "
	}
	fmt.Fprintf(p.out, "%s  %s  %s\n", p.paint.Dim(fmt.Sprintf("%s%d", when, r.Seq)), p.summary(r), p.paint.Dim("event "+Clean(r.Event)))
	p.Below(r)
}

// Below writes what belongs below a run's line: how it failed and what it had used by then, and what it logged.
func (p *Printer) Below(r *run.Record) {
	if r.Failure != nil {
		p.failure(r.Failure)
		if used := Usage(r.Usage); used != "" {
			fmt.Fprintf(p.out, "          %s\n", p.paint.Dim("used "+used))
		}
	}
	for _, l := range r.Log {
		fmt.Fprintf(p.out, "          %s %s\n", p.paint.Dim(fmt.Sprintf("%-5s", l.Level)), Clean(l.Message))
	}
}

func (p *Printer) summary(r *run.Record) string {
	if r.Template == bundle.Announcement {
		return p.paint.Dim(fmt.Sprintf("version %d is in force", r.Bundle))
	}
	parts := []string{fmt.Sprintf("%s → %s", r.Type, p.paint.Bold(r.Template)), p.Outcome(r) + p.paint.Dim(" in "+Duration(r.Took))}
	for _, e := range r.Effects {
		parts = append(parts, Effect(e, nil))
	}
	for _, w := range r.Writes {
		parts = append(parts, Write(w))
	}
	if !r.Noteworthy() {
		parts = append(parts, p.paint.Dim("did nothing"))
	}
	return strings.Join(parts, "  ")
}

// Outcome is how a run ended.
func (p *Printer) Outcome(r *run.Record) string {
	word := string(r.Outcome)
	if r.Dry {
		word = "would be " + word
	}
	if r.Outcome == run.OK {
		return p.paint.Good(word)
	}
	return p.paint.Bad(word)
}

// failure tells an author what went wrong, and where.
func (p *Printer) failure(f *run.Failure) {
	place := Clean(f.Place())
	if place != "" {
		place += ": "
	}
	fmt.Fprintf(p.out, "          %s%s\n", p.paint.Bold(place), p.paint.Bad(Clean(f.Message)))
	p.Where(f)
}

// Where writes the line that failed, and who called it: what belongs below the sentence that says what went wrong.
func (p *Printer) Where(f *run.Failure) {
	if f.Source != "" {
		fmt.Fprintf(p.out, "          %s %s\n", p.paint.Dim(fmt.Sprintf("%d |", f.Line)), Clean(strings.ReplaceAll(f.Source, "\t", "    ")))
	}
	for line := range strings.Lines(f.Traceback) {
		fmt.Fprintf(p.out, "          %s\n", p.paint.Dim(Clean(strings.TrimRight(line, "\n"))))
	}
}

// Effect is an effect in some words: its operation and what tells it from others. name is what an id is called; nil: the id.
func Effect(e effect.Effect, name func(id string) string) string {
	var a struct {
		Content string `json:"content"`
		Emoji   string `json:"emoji"`
		User    string `json:"user_id"`
		Role    string `json:"role_id"`
		Reason  string `json:"reason"`
		Data    struct {
			Content string `json:"content"`
		} `json:"data"`
	}
	words := []string{e.Op}
	if json.Unmarshal(e.Args, &a) != nil { // some other shape: the operation says enough
		return e.Op
	}
	for _, w := range []string{a.Emoji, called(a.User, name), called(a.Role, name)} {
		if w != "" {
			words = append(words, Clean(w))
		}
	}
	for _, text := range []string{a.Content, a.Data.Content, a.Reason} {
		if text != "" {
			words = append(words, Quote(text))
		}
	}
	return strings.Join(words, " ")
}

func called(id string, name func(string) string) string {
	if id == "" || name == nil {
		return id
	}
	return name(id)
}

// Write is a change of state in some words.
func Write(w run.Write) string {
	if w.Value == nil {
		return Clean(w.Key) + " deleted"
	}
	return Clean(w.Key) + " = " + Clean(short(string(w.Value), 40))
}

// Usage is what a run used of its budgets, in some words; empty when it is not known.
func Usage(u run.Usage) string {
	if u == (run.Usage{}) {
		return ""
	}
	words := []string{fmt.Sprintf("%d instructions", u.Instructions), Duration(u.Wall), Size(u.Memory)}
	for _, part := range []struct {
		n    int64
		unit string
	}{
		{u.KVOps, "kv calls"}, {u.KVBytes, "bytes to kv"}, {u.Effects, "effects"}, {u.LogLines, "log lines"}, {u.LogBytes, "bytes of log"},
		{u.Coroutines, "coroutines"},
	} {
		if part.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", part.n, part.unit))
		}
	}
	return strings.Join(words, ", ")
}

// Size is a number of bytes in the unit that people would choose.
func Size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// Quote is text in quotation marks, shortened to a line's length.
func Quote(text string) string { return strconv.Quote(short(text, 80)) }

func short(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// Clean makes control characters visible.
func Clean(text string) string {
	if !strings.ContainsFunc(text, notPlain) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if notPlain(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func notPlain(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }

// Duration is a time in the unit that people would choose.
func Duration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
