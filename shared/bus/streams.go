package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/subject"
)

// streams is how each stream keeps its messages. The duplicate window is longer than a gateway session can be resumed. When a stream with
// a limit in bytes is full, its oldest messages go.
func streams() []jetstream.StreamConfig {
	return []jetstream.StreamConfig{
		{Name: subject.Events, Subjects: []string{subject.AllEvents}, MaxAge: 72 * time.Hour, Duplicates: 5 * time.Minute, MaxBytes: 16 << 30, Retention: jetstream.LimitsPolicy},
		{Name: subject.Effects, Subjects: []string{subject.AllEffects}, MaxAge: 24 * time.Hour, Duplicates: 2 * time.Minute, Retention: jetstream.WorkQueuePolicy},
		{Name: subject.Runs, Subjects: []string{subject.AllRuns}, MaxAge: 72 * time.Hour, Duplicates: 2 * time.Minute, MaxBytes: 4 << 30, Retention: jetstream.LimitsPolicy},
		{Name: subject.Dead, Subjects: []string{subject.AllDead}, MaxAge: 30 * 24 * time.Hour, Duplicates: 2 * time.Minute, MaxBytes: 4 << 30, Retention: jetstream.LimitsPolicy},
	}
}

// codeStorage is the server's word for a reservation that does not fit into its store.
const codeStorage = 10047

func (b *Bus) ensureStreams(ctx context.Context) error {
	for _, cfg := range streams() {
		cfg.Storage = jetstream.FileStorage
		cfg.Replicas = b.cfg.Replicas
		cfg.AllowDirect = true
		cfg.MaxConsumers = 10_000
		if cfg.Retention == jetstream.WorkQueuePolicy {
			cfg.MaxConsumers = -1
		}
		err := b.ensureStream(ctx, cfg)
		if api, ok := errors.AsType[*jetstream.APIError](err); ok && api.ErrorCode == codeStorage {
			err = fmt.Errorf("%w; it reserves %d GiB: raise max_file_store in the server's configuration", err, cfg.MaxBytes>>30)
		}
		if err != nil {
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
	s, err := b.js.Stream(ctx, cfg.Name)
	if err == nil {
		return b.reconcile(ctx, s.CachedInfo().Config, cfg)
	}
	_, err = b.js.CreateStream(ctx, cfg)
	return err
}

// reconcile gives a stream that is there the replicas it lacks. It takes none away, since a client that does not know the cluster may ask;
// and what else differs is told and left alone: an operator may have chosen it, and to change it may drop messages.
func (b *Bus) reconcile(ctx context.Context, has, want jetstream.StreamConfig) error {
	if has.Replicas < want.Replicas {
		more := has
		more.Replicas = want.Replicas
		if _, err := b.js.UpdateStream(ctx, more); err != nil {
			return fmt.Errorf("raise its replicas from %d to %d: %w", has.Replicas, want.Replicas, err)
		}
		b.log.Info("stream has more replicas", "stream", has.Name, "had", has.Replicas, "has", want.Replicas)
	}
	for _, f := range []struct {
		key       string
		has, want any
	}{
		{"max_age", has.MaxAge, want.MaxAge},
		{"max_bytes", has.MaxBytes, cmp.Or(want.MaxBytes, -1)},
		{"duplicate_window", has.Duplicates, want.Duplicates},
		{"retention", has.Retention, want.Retention},
		{"subjects", strings.Join(has.Subjects, " "), strings.Join(want.Subjects, " ")},
	} {
		if f.has != f.want {
			b.log.Info("stream is left as it is; a new one would be made otherwise", "stream", has.Name, "key", f.key, "has", f.has, "new", f.want)
		}
	}
	return nil
}
