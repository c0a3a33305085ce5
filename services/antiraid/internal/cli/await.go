package cli

import (
	"context"
	"fmt"
	"os/user"
	"time"

	"antiraid/services/antiraid/internal/client"
	"antiraid/shared/tenant"
)

const (
	defaultWait = 30 * time.Second       // is how long a command waits until its change is in force
	patience    = 700 * time.Millisecond // is how long a person waits without a word
)

// awaited is a version that was just made.
type awaited struct {
	tenant  tenant.ID
	version uint64
	place   uint64 // see [client.Client.Place]; from before it was made
}

// await waits for the version's STARTUP event to have run in the tenant's lane, for a time; 0: not at all.
func (a *app) await(ctx context.Context, c *client.Client, within time.Duration, v awaited) error {
	if within <= 0 {
		return nil
	}
	impatient := time.AfterFunc(patience, func() {
		fmt.Fprintf(a.errout, "version %d of %s is stored; waiting for an executor to come to it\n", v.version, v.tenant)
	})
	defer impatient.Stop()
	waiting, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := c.AwaitVersion(waiting, v.tenant, v.version, v.place)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("stopped waiting; version %d of %s will come into force by itself", v.version, v.tenant)
	case waiting.Err() != nil:
		return fmt.Errorf("version %d of %s is stored and will come into force by itself, but no executor came to it within %s; see what is before it with: %s %s",
			v.version, v.tenant, within, Name, a.again("logs", "--tenant", v.tenant.String()))
	}
	return err
}

// force is what a version is after [app.await].
func (a *app) force(within time.Duration) string {
	if within <= 0 {
		return a.paint().Good("stored")
	}
	return a.paint().Good("in force")
}

// author is who asks, for the tenant's history.
func author() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}
