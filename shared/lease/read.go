package lease

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"antiraid/shared/subject"
)

// Slice is what the records say about one slice, for people and tools. Who wants to work on a slice has to hold it.
type Slice struct {
	Owner    string          // the name of the member that owns it; empty: nobody who lives
	Epoch    uint64          // 0: it never had an owner
	Position json.RawMessage // last committed; nil: nothing
}

// Read tells who owns the slices of a group now. slices is their number.
func Read(ctx context.Context, c Connection, group string, slices int) ([]Slice, error) {
	cfg := Config{Group: group, Slices: slices, Member: "reader"}.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	store, err := openStore(ctx, c, cfg)
	if err != nil {
		return nil, err
	}
	v, err := store.read(ctx, cfg)
	if err != nil {
		return nil, err
	}
	list := make([]Slice, slices)
	for n, s := range v.slices {
		list[n] = Slice{v.members[s.Owner].Name, s.Epoch, s.Position}
	}
	return list, nil
}

// read shows the group as it is. Unlike a member's view it may mix states of one moment and the next.
func (s *store) read(ctx context.Context, cfg Config) (*view, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	source, err := s.kv.Watch(ctx, subject.LeaseKeys(cfg.Group))
	if err != nil {
		return nil, fmt.Errorf("watch group %s: %w", cfg.Group, err)
	}
	v := newView(cfg.Slices)
	complete := false
	for e := range source.Updates() {
		switch {
		case complete: // the library blocks on what nobody reads, until the watch has ended
		case e == nil:
			complete = true
			cancel()
		default:
			v.apply(e)
		}
	}
	if !complete {
		return nil, fmt.Errorf("watch group %s: %w", cfg.Group, errors.Join(errors.New("it ended early"), ctx.Err()))
	}
	return v, nil
}
