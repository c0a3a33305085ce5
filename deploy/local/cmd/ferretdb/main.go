// Command ferretdb is a MongoDB-compatible server for containers where MongoDB's own image cannot be had.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"antiraid/shared/ferret"
	"antiraid/shared/service"
)

func main() { service.Exec(run) }

// run serves until ctx ends, and returns the exit code.
func run(ctx context.Context, args, _ []string, out, errout io.Writer) int {
	f := flag.NewFlagSet("ferretdb", flag.ContinueOnError)
	f.SetOutput(out)
	addr := f.String("addr", "127.0.0.1:27017", "`host:port` to listen on")
	data := f.String("data", "ferretdb", "`folder` for the data")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case f.NArg() > 0:
		fmt.Fprintf(errout, "ferretdb: unexpected argument %q; see ferretdb --help\n", f.Arg(0))
		return 2
	}
	log := service.Logger(errout, slog.LevelInfo)
	s, err := ferret.Start(*data, *addr, log)
	if err != nil {
		fmt.Fprintf(errout, "ferretdb: %v\n", err)
		return 1
	}
	log.Info("started", "addr", *addr, "data", *data)
	<-ctx.Done()
	s.Close()
	return 0
}
