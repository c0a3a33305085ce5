package system

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// endWithin is how long parts may take to end. What has not ended then is left to the end of the process: nothing that was acknowledged
// is lost by that, as by kill -9.
const endWithin = 4 * time.Second

// user is the name of what uses the system, beside the parts.
const user = "what used the system"

// end is a part that has ended.
type end struct {
	name string
	err  error
}

// together runs parts and use side by side until use returns, ctx ends, or a part does; then it ends the others and waits for them.
// What use returns, or why a part ended by itself, is the error; what goes wrong in an end that was asked for is logged.
func together(ctx context.Context, parts []part, use func(context.Context) error, log *slog.Logger) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ends := make(chan end, len(parts)+1)
	var alive []string
	for _, p := range append(slices.Clone(parts), part{name: user, run: use}) {
		alive = append(alive, p.name)
		go func() { ends <- end{p.name, p.run(running)} }()
	}
	first := <-ends
	alive = without(alive, first.name)
	var err error
	if ctx.Err() == nil {
		err = why(first)
	} else {
		first.note(log)
	}
	stop()
	return errors.Join(err, wait(ends, alive, log))
}

// note logs what went wrong in an end that was asked for.
func (e end) note(log *slog.Logger) {
	if e.err != nil && !errors.Is(e.err, context.Canceled) {
		log.Warn("part ended with an error", "service", e.name, "err", e.err)
	}
}

// why is what an end that nobody asked for says about the whole.
func why(e end) error {
	switch {
	case e.name == user:
		return e.err
	case e.err == nil:
		return fmt.Errorf("%s ended by itself", e.name)
	}
	return fmt.Errorf("%s: %w", e.name, e.err)
}

// wait waits for the others, and names those that do not end.
func wait(ends <-chan end, alive []string, log *slog.Logger) error {
	late := time.NewTimer(endWithin)
	defer late.Stop()
	for len(alive) > 0 {
		select {
		case e := <-ends:
			alive = without(alive, e.name)
			e.note(log)
		case <-late.C:
			return fmt.Errorf("end %s: not done within %s", strings.Join(alive, ", "), endWithin)
		}
	}
	return nil
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return n == name })
}
