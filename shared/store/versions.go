package store

import (
	"context"
	"errors"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"antiraid/shared/tenant"
)

// Commit makes v the version that is in force, if nobody committed one of that number: else [ErrConflict], and nothing changed.
// v.Bundle.Version must be the version of [Store.Head] plus 1, and marked by [Store.AddPending] before.
func (s *Store) Commit(ctx context.Context, v Version) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	b := v.Bundle
	_, err := s.versions.InsertOne(ctx, encode(versionID(b.Tenant, b.Version), v))
	return s.fail(err, "commit version %d of %s", b.Version, b.Tenant)
}

// Version reads one version of a tenant; [ErrNotFound] when it was never committed.
func (s *Store) Version(ctx context.Context, t tenant.ID, version uint64) (Version, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	var doc versionDoc
	err := s.versions.FindOne(ctx, byID(versionID(t, version))).Decode(&doc)
	if err != nil {
		return Version{}, s.fail(err, "read version %d of %s", version, t)
	}
	v, err := doc.decode()
	return v, s.fail(err, "read version %d of %s", version, t)
}

// Head is the highest version of a tenant; version 0 right after [Store.Register]; [ErrNotFound] for a tenant that is not registered.
func (s *Store) Head(ctx context.Context, t tenant.ID) (Version, error) {
	head, err := s.snapshot(ctx, t)
	if err != nil {
		return Version{}, err
	}
	for {
		next, err := s.Version(ctx, t, head.Bundle.Version+1)
		switch {
		case errors.Is(err, ErrNotFound):
			return head, nil
		case err != nil:
			return Version{}, err
		}
		head = next
	}
}

func versionID(t tenant.ID, version uint64) string {
	return t.String() + "/" + strconv.FormatUint(version, 10)
}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }
