package cli

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// Name is how the program is called in texts, before it is known how a person called it.
const Name = "antiraid"

// CalledAs is the program for somebody who has called it as arg0: commands that it tells to type begin with what works for them.
func CalledAs(arg0 string) func(ctx context.Context, args, environ []string, out, errout io.Writer) int {
	return func(ctx context.Context, args, environ []string, out, errout io.Writer) int {
		return (&app{program: program(arg0), environ: environ, out: out, errout: errout}).main(ctx, args)
	}
}

// program is what to type. `go run` builds into a folder that is gone afterwards.
func program(arg0 string) string {
	if strings.Contains(filepath.ToSlash(arg0), "/go-build") && filepath.Base(arg0) == Name {
		return "go run ./services/antiraid"
	}
	return quote(arg0)
}

// called puts what works in place of the program's name where a text tells to type a command.
func (a *app) called(text string) string {
	return strings.ReplaceAll(text, ": "+Name+" ", ": "+a.program+" ")
}

// rename does the same with the help of all commands.
func (a *app) rename(root *cobra.Command) {
	root.Long = a.called(root.Long)
	for _, cmd := range root.Commands() {
		cmd.Example = strings.ReplaceAll(cmd.Example, Name+" ", a.program+" ")
	}
}

// again is a command with the flags that say where the system is, as they were given.
func (a *app) again(words ...string) string {
	for _, flag := range []struct{ name, value string }{{"--config", a.file}, {"--nats-url", a.natsURL}, {"--data", a.data}} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	return commandLine(words...)
}

// quote is a word as a shell takes it for one word. It is the same for sh, bash and zsh.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:,@%+=", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) && !strings.HasPrefix(word, "=") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// commandLine is words as a shell takes them.
func commandLine(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return strings.Join(quoted, " ")
}
