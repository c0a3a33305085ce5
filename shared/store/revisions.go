package store

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"antiraid/shared/bundle"
)

type revisionDoc struct {
	Key     string    `bson:"_id"`
	Content []byte    `bson:"content"`
	Created time.Time `bson:"created"`
}

// SaveRevision stores content (see [bundle.Revision.Encode]) under its key. The same content again changes nothing.
func (s *Store) SaveRevision(ctx context.Context, key string, content []byte) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	_, err := s.revisions.InsertOne(ctx, revisionDoc{Key: key, Content: content, Created: now()})
	if err = s.fail(err, "save revision %.12s", key); errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// Revision reads the content stored under a key and refuses it when it is not what the key says; [ErrNotFound] without one.
func (s *Store) Revision(ctx context.Context, key string) ([]byte, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	var doc revisionDoc
	err := s.revisions.FindOne(ctx, bson.D{{Key: "_id", Value: key}}).Decode(&doc)
	if err == nil {
		_, err = bundle.DecodeRevision(doc.Content, key)
	}
	if err != nil {
		return nil, s.fail(err, "read revision %.12s", key)
	}
	return doc.Content, nil
}

// now is the present as MongoDB keeps it: UTC, in whole milliseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
