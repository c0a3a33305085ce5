package ferret

import (
	"context"
	"log/slog"
	"strings"
)

// quiet lets through what an operator can act on. FerretDB warns of each refused command in many lines, and of each connection that
// ends; the client gets, and handles, the same as an error.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, "Response ") || r.Message == "Connection stopped" {
		return nil
	}
	r.AddAttrs(slog.String("part", "ferretdb"))
	return q.Handler.Handle(ctx, r)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }
func (q quiet) WithGroup(name string) slog.Handler       { return quiet{q.Handler.WithGroup(name)} }
