// Package store is the truth about tenants, in MongoDB: every version of every bundle, and every revision of every template.
//
// Collections, all addressed by _id:
//
//	revisions  sha256              content of a template in its canonical form; write-once
//	versions   <tenant>/<version>  a bundle and the change that made it; write-once; the highest is in force
//	tenants    <tenant>            a snapshot of some version, from which the highest one is found by counting up
//	pending    <tenant>/<version>  versions that may not be published yet; written before the version, removed after
//
// A version is committed by inserting it: of two that insert the same number, one succeeds and the other gets [ErrConflict]. This is the
// compare-and-set, not an update with the old version in its filter: FerretDB on SQLite reads and writes in two steps there, so that
// two such updates both succeed and one is lost. Each operation touches one document by its _id, since that is also all that FerretDB
// finds without reading the whole collection. Nothing is ever deleted but pending marks.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// Errors callers branch on.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("somebody else was first")
)

// Config says where the database is.
type Config struct {
	URI      string        // mongodb:// or mongodb+srv://; may hold credentials, which are never shown
	Database string        // default antiraid
	Wait     time.Duration // how long Open waits for the server; default 15 s
	Timeout  time.Duration // of one operation; default 10 s
}

func (c Config) withDefaults() Config {
	if c.Database == "" {
		c.Database = "antiraid"
	}
	if c.Wait == 0 {
		c.Wait = 15 * time.Second
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	return c
}

// Store is a connection to the database. Its methods may be called side by side.
type Store struct {
	cfg    Config
	client *mongo.Client

	revisions, versions, tenants, pending *mongo.Collection
}

// Open connects and waits until the server answers, for cfg.Wait at most.
// Reads and writes are those of a majority of replicas, whatever the URI says: what was committed stays committed.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*Store, error) {
	cfg = cfg.withDefaults()
	var last atomic.Pointer[error]
	opts := options.Client().ApplyURI(cfg.URI).
		SetAppName("antiraid").
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(writeconcern.Majority()).
		SetServerSelectionTimeout(cfg.Wait).
		SetServerMonitor(&event.ServerMonitor{ServerHeartbeatFailed: func(e *event.ServerHeartbeatFailedEvent) {
			last.Store(&e.Failure)
			log.Debug("mongodb does not answer", "err", redactError(e.Failure, cfg.URI))
		}})
	if err := opts.Validate(); err != nil {
		return nil, fmt.Errorf("read mongo_uri: %w; want mongodb://host:port/, set it in ANTIRAID_MONGO_URI", redactError(err, cfg.URI))
	}
	client, err := mongo.Connect(opts)
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB at %s: %w", redact(cfg.URI), redactError(err, cfg.URI))
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.Wait)
	defer cancel()
	if err := client.Ping(ctx, nil); err != nil {
		if cause := last.Load(); cause != nil && timedOut(err) {
			err = *cause
		}
		client.Disconnect(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("connect to MongoDB at %s: %w; start a MongoDB there or set mongo_uri (ANTIRAID_MONGO_URI)",
			redact(cfg.URI), redactError(err, cfg.URI))
	}
	db := client.Database(cfg.Database)
	return &Store{
		cfg: cfg, client: client,
		revisions: db.Collection("revisions"), versions: db.Collection("versions"),
		tenants: db.Collection("tenants"), pending: db.Collection("pending"),
	}, nil
}

// Close ends the connection.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := s.client.Disconnect(ctx); err != nil && !errors.Is(err, mongo.ErrClientDisconnected) {
		return fmt.Errorf("disconnect from MongoDB: %w", err)
	}
	return nil
}

func (s *Store) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.cfg.Timeout)
}
