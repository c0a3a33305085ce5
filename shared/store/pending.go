package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"antiraid/shared/tenant"
)

// Pending marks a version that may not be published yet: it may not even be committed.
type Pending struct {
	Tenant  tenant.ID
	Version uint64
	Since   time.Time
}

type pendingDoc struct {
	ID      string    `bson:"_id"`
	Tenant  string    `bson:"tenant"`
	Version int64     `bson:"version"`
	Since   time.Time `bson:"since"`
}

// AddPending marks a version, before it is committed. A marked one stays as it is.
func (s *Store) AddPending(ctx context.Context, t tenant.ID, version uint64) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	_, err := s.pending.InsertOne(ctx, pendingDoc{ID: versionID(t, version), Tenant: t.String(), Version: int64(version), Since: now()})
	if err = s.fail(err, "mark version %d of %s as pending", version, t); errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// RemovePending removes the mark, after the version was published.
func (s *Store) RemovePending(ctx context.Context, t tenant.ID, version uint64) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	_, err := s.pending.DeleteOne(ctx, byID(versionID(t, version)))
	return s.fail(err, "mark version %d of %s as published", version, t)
}

// IsPending reports whether a version is marked.
func (s *Store) IsPending(ctx context.Context, t tenant.ID, version uint64) (bool, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	err := s.fail(s.pending.FindOne(ctx, byID(versionID(t, version))).Err(), "look for the mark of version %d of %s", version, t)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Pending lists all marks, by tenant and then by version. There are as many as there are deploys under way, and some that died.
func (s *Store) Pending(ctx context.Context) ([]Pending, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	cursor, err := s.pending.Find(ctx, bson.D{})
	if err != nil {
		return nil, s.fail(err, "list pending versions")
	}
	var docs []pendingDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, s.fail(err, "list pending versions")
	}
	list := make([]Pending, len(docs))
	for i, doc := range docs {
		t, err := tenant.Parse(doc.Tenant)
		if err != nil {
			return nil, fmt.Errorf("list pending versions: %w", err)
		}
		list[i] = Pending{t, uint64(doc.Version), doc.Since}
	}
	slices.SortFunc(list, func(a, b Pending) int {
		return cmp.Or(cmp.Compare(a.Tenant.String(), b.Tenant.String()), cmp.Compare(a.Version, b.Version))
	})
	return list, nil
}
