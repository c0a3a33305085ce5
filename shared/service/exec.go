package service

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exec runs a program that reads its own command line, and exits with the code it returns. SIGINT or SIGTERM ends ctx; a second signal
// ends the process at once.
func Exec(fn func(ctx context.Context, args, environ []string, out, errout io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(fn(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}
