// Package gate gives out permits to begin sessions, such that all gateway processes together keep Discord's limits: so many IDENTIFYs
// per 5 s in each concurrency bucket (shard modulo max_concurrency), and so many a day. Passing the daily limit ends every session and
// resets the bot's token, so the gate stops well before.
//
// The next free time of a bucket is one key of the KV bucket `gateway`, `permit.<bucket>`, moved on by compare-and-set. Times are those
// of the NATS server, learned from the time of a write, so the clocks of the processes do not matter.
package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/metric"
	"antiraid/shared/kv"
	"antiraid/shared/subject"
)

// spacing is the time between two places of a bucket: Discord's 5 s and a margin for the way there.
const spacing = 5*time.Second + late

// longest is the longest line that is believed: a time further ahead was not written by a gateway of ours.
const longest = 24 * time.Hour

// ErrBudget says that too few sessions may be begun before Discord resets the limit.
type ErrBudget struct {
	Remaining, Total, Floor int
	ResetAfter              time.Duration
}

func (e *ErrBudget) Error() string {
	return fmt.Sprintf("only %d of %d session starts are left and gateway.identify_floor keeps %d of them back: wait %s until Discord resets the limit, or lower the floor",
		e.Remaining, e.Total, e.Floor, e.ResetAfter.Round(time.Second))
}

type asker interface {
	Info(ctx context.Context) (discord.Info, error)
}

// lead is how long before its time a shard may connect: long enough to be greeted, short enough not to be thrown out for saying nothing.
const lead = 3 * time.Second

// late is how much after its time a place may still be used: the next one in line comes spacing after that time.
const late = 500 * time.Millisecond

// Gate is one process's view of the permits that all share.
type Gate struct {
	bucket *kv.Bucket
	ask    asker
	floor  int
	metric *metric.Set

	mu     sync.Mutex
	places map[int]time.Time // each shard's time to identify, until it is used: a connection that breaks does not cost the place
}

// New makes a gate that keeps floor session starts back.
func New(bucket *kv.Bucket, ask asker, floor int, m *metric.Set) *Gate {
	return &Gate{bucket: bucket, ask: ask, floor: floor, metric: m, places: map[int]time.Time{}}
}

// Approach takes a place in the line for a shard, if it has none, and returns when it is time to connect. It fails with *[ErrBudget] when
// too few session starts are left.
func (g *Gate) Approach(ctx context.Context, shard int) error {
	at, err := g.place(ctx, shard)
	if err != nil {
		return err
	}
	return until(ctx, at.Add(-lead))
}

// Acquire returns when the shard may identify, which it then must do at once: its place is used up. It fails as Approach does.
func (g *Gate) Acquire(ctx context.Context, shard int) error {
	at, err := g.place(ctx, shard)
	if err != nil {
		return err
	}
	if err := until(ctx, at); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.places, shard)
	return nil
}

func until(ctx context.Context, at time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(at)):
		return nil
	}
}

// place is a shard's time to identify: the one it has, or a new one.
func (g *Gate) place(ctx context.Context, shard int) (time.Time, error) {
	g.mu.Lock()
	at, ok := g.places[shard]
	g.mu.Unlock()
	if ok && time.Since(at) < late {
		return at, nil
	}
	info, err := g.ask.Info(ctx)
	if err != nil {
		return time.Time{}, err
	}
	g.metric.Remaining.Set(float64(info.Remaining))
	if info.Remaining <= g.floor {
		return time.Time{}, &ErrBudget{info.Remaining, info.Total, g.floor, info.ResetAfter}
	}
	wait, err := g.reserve(ctx, shard%info.Concurrency)
	if err != nil {
		return time.Time{}, fmt.Errorf("reserve a permit to identify: %w", err)
	}
	at = time.Now().Add(wait)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.places[shard] = at
	return at, nil
}

// permit is the stored form.
type permit struct {
	Next time.Time `json:"next"` // from when on the next one may identify, in the server's time
}

// reserve takes the next place in a bucket's line and returns how long it is until then.
func (g *Gate) reserve(ctx context.Context, bucket int) (time.Duration, error) {
	key := subject.GatewayPermit(bucket)
	for {
		now, err := g.now(ctx)
		if err != nil {
			return 0, err
		}
		var p permit
		e, err := g.bucket.Get(ctx, key)
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return 0, err
		}
		if err == nil && json.Unmarshal(e.Value, &p) != nil {
			p = permit{Next: now.Add(spacing)}
		}
		wait := max(p.Next.Sub(now), 0)
		if wait > longest {
			wait = spacing
		}
		value, err := json.Marshal(permit{now.Add(wait + spacing)})
		if err != nil {
			return 0, err
		}
		if _, err = g.bucket.Update(ctx, key, value, e.Revision); !errors.Is(err, kv.ErrConflict) {
			return wait, err
		}
	}
}

// now is the server's time.
func (g *Gate) now(ctx context.Context) (time.Time, error) {
	if _, err := g.bucket.Put(ctx, subject.GatewayClock, nil); err != nil {
		return time.Time{}, err
	}
	e, err := g.bucket.Get(ctx, subject.GatewayClock)
	return e.Time, err
}
