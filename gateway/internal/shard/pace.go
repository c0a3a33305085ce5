package shard

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"

	"antiraid/gateway/internal/socket"
	"antiraid/gateway/internal/wire"
)

// pace is how long to wait between two connections.
type pace struct {
	random func() float64
	grow   *backoff.ExponentialBackOff
}

func newPace(random func() float64) *pace {
	if random == nil {
		random = rand.Float64
	}
	grow := backoff.NewExponentialBackOff()
	grow.InitialInterval, grow.Multiplier, grow.MaxInterval = 250*time.Millisecond, 2, time.Minute
	return &pace{random, grow}
}

// How long a connection must have lived for the next one to be made at once. Resuming is free; identifying has a daily limit.
const (
	steady         = 5 * time.Second
	steadyIdentify = 30 * time.Second
)

// wait waits before the next connection.
func (p *pace) wait(ctx context.Context, end socket.End) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(p.after(end)):
		return nil
	}
}

// after is nothing after a connection that lived a while, else longer each time; at least 1 to 5 s where Discord asks for it.
func (p *pace) after(end socket.End) time.Duration {
	var d time.Duration
	if end.Live && (end.Lasted >= steadyIdentify || end.Lasted >= steady && end.Next == wire.ThenResume) {
		p.grow.Reset()
	} else {
		d = p.grow.NextBackOff()
	}
	if end.Pause {
		d = max(d, time.Second+time.Duration(p.random()*float64(4*time.Second)))
	}
	return max(d, pause(end.Err))
}
