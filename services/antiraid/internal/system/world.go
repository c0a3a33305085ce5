package system

import (
	"context"
	"fmt"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/kv"
	"antiraid/shared/lease"
	"antiraid/shared/subject"
)

// newWorld makes the queue ready for a simulated Discord, which knows nothing of what was before it. It does nothing for another Discord.
func (s *System) newWorld(ctx context.Context, r *Running) error {
	if r.Discord == nil {
		return nil
	}
	if s.cfg.NATSURL != "" { // what is queued there may be somebody else's
		if err := alone(ctx, r.Bus); err != nil {
			return err
		}
	} else if err := r.drop(ctx); err != nil {
		return err
	}
	return forget(ctx, r.Bus)
}

// ghosts is longer than the lease of a part that was killed.
const ghosts = 3 * time.Second

// alone refuses a NATS on which another system is connected to a Discord of its own: its gateway would keep ours waiting, and its effects
// would be performed in our world.
func alone(ctx context.Context, b *bus.Bus) error {
	for until := time.Now().Add(ghosts); ; {
		part, member, err := connected(ctx, b)
		switch {
		case err != nil || part == "":
			return err
		case time.Now().After(until):
			return fmt.Errorf("use the NATS of ANTIRAID_NATS_URL: the %s of another system works there (%s), and a simulated Discord needs a NATS of its own; "+
				"unset ANTIRAID_NATS_URL, or set DISCORD_TOKEN to take part in that system", part, member)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// connected is a part that is connected to some Discord, if there is one, and the name of its process.
func connected(ctx context.Context, b *bus.Bus) (part, member string, err error) {
	for _, group := range []struct {
		part   string
		slices int
	}{{"gateway", 1}, {"rest", effect.Lanes}} {
		slices, err := lease.Read(ctx, b, group.part, group.slices)
		if err != nil {
			return "", "", fmt.Errorf("look for another system: %w", err)
		}
		for _, s := range slices {
			if s.Owner != "" {
				return group.part, s.Owner, nil
			}
		}
	}
	return "", "", nil
}

// drop takes the effects out of the queue that were meant for the Discord of an earlier run: its channels, members and messages are gone.
func (r *Running) drop(ctx context.Context) error {
	queue, err := r.Bus.JetStream().Stream(ctx, subject.Effects)
	if err != nil {
		return fmt.Errorf("look for effects of an earlier run: %w", err)
	}
	r.Dropped = queue.CachedInfo().State.Msgs
	if r.Dropped == 0 {
		return nil
	}
	if err := queue.Purge(ctx); err != nil {
		return fmt.Errorf("drop effects of an earlier run: %w", err)
	}
	return nil
}

// forget empties the line of those who want to identify: the simulated Discord is a new one and knows of no earlier connection. The
// record is replaced, not deleted: it is moved on by compare-and-set.
func forget(ctx context.Context, b *bus.Bus) error {
	bucket, err := kv.Open(ctx, b, subject.Gateway)
	if err != nil {
		return err
	}
	_, err = bucket.Put(ctx, subject.GatewayPermit(0), []byte("{}"))
	return err
}
