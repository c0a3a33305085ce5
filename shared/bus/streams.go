package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// streams is how each stream keeps its messages. The duplicate window is longer than a gateway session can be resumed.
func streams() []jetstream.StreamConfig {
	return []jetstream.StreamConfig{
		{Name: subject.Events, Subjects: []string{subject.AllEvents}, MaxAge: 72 * time.Hour, Duplicates: 5 * time.Minute, Retention: jetstream.LimitsPolicy},
		{Name: subject.Effects, Subjects: []string{subject.AllEffects}, MaxAge: 24 * time.Hour, Duplicates: 2 * time.Minute, Retention: jetstream.WorkQueuePolicy},
		{Name: subject.Runs, Subjects: []string{subject.AllRuns}, MaxAge: 72 * time.Hour, Duplicates: 2 * time.Minute, MaxBytes: 4 << 30, Retention: jetstream.LimitsPolicy},
		{Name: subject.Dead, Subjects: []string{subject.AllDead}, MaxAge: 30 * 24 * time.Hour, Duplicates: 2 * time.Minute, MaxBytes: 4 << 30, Retention: jetstream.LimitsPolicy},
	}
}

func (b *Bus) ensureStreams(ctx context.Context) error {
	for _, cfg := range streams() {
		cfg.Storage = jetstream.FileStorage
		cfg.Replicas = b.cfg.Replicas
		cfg.AllowDirect = true
		cfg.MaxConsumers = 10_000
		if cfg.Retention == jetstream.WorkQueuePolicy {
			cfg.MaxConsumers = -1
		}
		if err := b.ensureStream(ctx, cfg); err != nil {
			return fmt.Errorf("make stream %s: %w", cfg.Name, err)
		}
	}
	return nil
}

// asking is how long one request about a stream may take: an answer that was lost when the server restarted never comes.
const asking = 3 * time.Second

// ensureStream tries again while a cluster elects its leaders, or a server reads its files.
func (b *Bus) ensureStream(ctx context.Context, cfg jetstream.StreamConfig) error {
	for {
		err := b.tryStream(ctx, cfg)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (b *Bus) tryStream(ctx context.Context, cfg jetstream.StreamConfig) error {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	if _, err := b.js.Stream(ctx, cfg.Name); err == nil {
		return nil
	}
	_, err := b.js.CreateStream(ctx, cfg)
	return err
}
