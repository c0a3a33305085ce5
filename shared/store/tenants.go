package store

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"antiraid/shared/bundle"
	"antiraid/shared/tenant"
)

// Register makes a tenant known, with a bundle of version 0 that holds nothing. A known tenant stays as it is.
func (s *Store) Register(ctx context.Context, t tenant.ID) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	empty := Version{Bundle: bundle.Bundle{Schema: bundle.Schema, Tenant: t, Status: bundle.Active, Updated: now()}}
	_, err := s.tenants.InsertOne(ctx, encode(t.String(), empty))
	if err = s.fail(err, "register tenant %s", t); errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// SaveSnapshot lets [Store.Head] start looking at v, which must have been committed. It is a matter of speed: a snapshot that is older
// than the one before, as two writers side by side may leave it, changes no answer.
func (s *Store) SaveSnapshot(ctx context.Context, v Version) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	t := v.Bundle.Tenant
	_, err := s.tenants.ReplaceOne(ctx, byID(t.String()), encode(t.String(), v), options.Replace().SetUpsert(true))
	if err = s.fail(err, "save snapshot %d of %s", v.Bundle.Version, t); errors.Is(err, ErrConflict) {
		return nil // two writers made the missing document side by side; either snapshot is right
	}
	return err
}

func (s *Store) snapshot(ctx context.Context, t tenant.ID) (Version, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	var doc versionDoc
	if err := s.tenants.FindOne(ctx, byID(t.String())).Decode(&doc); err != nil {
		return Version{}, s.fail(err, "read tenant %s", t)
	}
	v, err := doc.decode()
	return v, s.fail(err, "read tenant %s", t)
}

// Tenants lists at most limit tenants behind after (zero: from the beginning), in the order of their spelling.
func (s *Store) Tenants(ctx context.Context, after tenant.ID, limit int) ([]tenant.ID, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	find := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "_id", Value: 1}})
	cursor, err := s.tenants.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after.String()}}}}, find)
	if err != nil {
		return nil, s.fail(err, "list tenants")
	}
	var docs []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, s.fail(err, "list tenants")
	}
	list := make([]tenant.ID, len(docs))
	for i, doc := range docs {
		if list[i], err = tenant.Parse(doc.ID); err != nil {
			return nil, fmt.Errorf("list tenants: %w", err)
		}
	}
	return list, nil
}
