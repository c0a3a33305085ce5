// Package bus carries messages between the parts: JetStream streams that keep them, and calls that wait for an answer.
//
// Publishing returns when the stream has stored the message (on its replicas). A message id given with it makes a
// repeated publish within the stream's duplicate window harmless. Streams are made by whoever connects first, to one table.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/shared/event"
	"antiraid/shared/health"
)

// minPayload is the smallest max_payload of a server that takes every message of ours, headers included.
const minPayload = event.MaxPayload + 64<<10

// Config says where the servers are.
type Config struct {
	URL      string        // nats://host:port, several with commas
	Name     string        // shown in the server's connection list
	Replicas int           // of each stream and bucket; default 1, 3 in a cluster
	Wait     time.Duration // how long Connect tries before it gives up; default 15 s
}

// ackWait is how long an acknowledgement is waited for. In a cluster one can be lost without the connection noticing, and its message is stored
// or not: whoever waits must ask again.
const ackWait = 5 * time.Second

// Bus is one connection. It reconnects for ever; while it is away, publishing fails or waits as the context allows.
type Bus struct {
	cfg Config
	nc  *nats.Conn
	js  jetstream.JetStream
	log *slog.Logger

	health *health.State
}

// Connect dials, tries again until cfg.Wait is over, and makes the streams that are missing. While the connection is away, now or later,
// it is reported to the [health.State] of ctx.
func Connect(ctx context.Context, cfg Config, log *slog.Logger) (*Bus, error) {
	if cfg.Replicas == 0 {
		cfg.Replicas = 1
	}
	if cfg.Wait == 0 {
		cfg.Wait = 15 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.Wait)
	defer cancel()
	state := health.Of(ctx)
	state.Away(cfg.connection())
	nc, err := dial(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if limit := nc.MaxPayload(); limit < minPayload {
		nc.Close()
		return nil, fmt.Errorf("connect to NATS at %s: it takes messages of at most %d bytes, %d are needed; set max_payload: 1MB in its configuration", redact(cfg.URL), limit, minPayload)
	}
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(4096), jetstream.WithPublishAsyncTimeout(ackWait))
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("open JetStream at %s: %w", redact(cfg.URL), err)
	}
	b := &Bus{cfg, nc, js, log, state}
	if err := b.ensureStreams(ctx); err != nil {
		nc.Close()
		return nil, err
	}
	state.Back(cfg.connection())
	return b, nil
}

// connection is what it is called where it is missed.
func (c Config) connection() string {
	if c.Name == "" {
		return "the connection to NATS"
	}
	return fmt.Sprintf("the connection to NATS (%s)", c.Name)
}

func dial(ctx context.Context, cfg Config, log *slog.Logger) (*nats.Conn, error) {
	state := health.Of(ctx)
	options := []nats.Option{
		nats.Name(cfg.Name), nats.MaxReconnects(-1), nats.ReconnectWait(100 * time.Millisecond), nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond),
		nats.PingInterval(5 * time.Second), nats.MaxPingsOutstanding(2), nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil: closed by us
				state.Away(cfg.connection())
				log.Warn("nats connection lost", "err", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			state.Back(cfg.connection())
			log.Info("nats connection is back")
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log.Debug("nats error", "err", err) }),
	}
	for {
		nc, err := nats.Connect(cfg.URL, options...)
		if err == nil {
			return nc, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("connect to NATS at %s: %w; start a nats-server with JetStream there or set nats_url (ANTIRAID_NATS_URL)", redact(cfg.URL), readable(err))
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// redact shows addresses without the credentials that each may hold: a lone user is a token.
func redact(list string) string {
	shown := strings.Split(list, ",")
	for i, address := range shown {
		address = address[strings.LastIndexByte(address, '@')+1:]
		if _, err := url.Parse("nats://" + address[strings.LastIndexByte(address, '/')+1:]); err != nil {
			address = "an address that cannot be read"
		}
		shown[i] = address
	}
	return strings.Join(shown, ",")
}

// readable is err, unless that repeats an address it could not read, credentials included.
func readable(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok && e.Op == "parse" {
		return errors.New("want nats://host:port, several with commas")
	}
	return err
}

// JetStream is the connection as shared/kv and shared/lease need it.
func (b *Bus) JetStream() jetstream.JetStream { return b.js }

// Replicas is how many copies each stream and bucket has.
func (b *Bus) Replicas() int { return b.cfg.Replicas }

// Connected reports whether the connection is up at this moment.
func (b *Bus) Connected() bool { return b.nc.IsConnected() }

// Close sends what is buffered and ends the connection.
func (b *Bus) Close() {
	if err := b.nc.FlushTimeout(2 * time.Second); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		b.log.Debug("flush before closing", "err", err)
	}
	b.nc.Close()
	b.health.Back(b.cfg.connection())
}
