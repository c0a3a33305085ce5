package service

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exec runs a program that reads its own command line, and exits with the code it returns. SIGINT or SIGTERM ends ctx; a second signal
// ends the process at once, unless it said [HeedFirstSignalOnly].
func Exec(fn func(ctx context.Context, args, environ []string, out, errout io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(fn(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// HeedFirstSignalOnly is for a process that is stopped together with another one which sees to its end: a second SIGINT or SIGTERM then only
// says once more what the first has said.
func HeedFirstSignalOnly() { signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM) }
