package session

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Keeper holds a shard's session in memory and saves it: at once when it begins or is dropped, else at most once in a while.
// Its methods may be called side by side.
type Keeper struct {
	lease Lease
	every time.Duration
	log   *slog.Logger

	begun chan struct{} // holds one element when there is something to save at once
	moved chan struct{} // holds one element when the position has moved

	mu    sync.Mutex
	state State
}

// NewKeeper takes up the session that the lease carries, if it was made with the same settings. Positions are saved at most once in every.
func NewKeeper(l Lease, settings string, every time.Duration, log *slog.Logger) *Keeper {
	return &Keeper{
		lease: l, every: every, log: log, begun: make(chan struct{}, 1), moved: make(chan struct{}, 1), state: load(l, settings),
	}
}

// Current is the session as it is now; without an ID there is none.
func (k *Keeper) Current() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

// Begin replaces the session by a new one, made with the same settings.
func (k *Keeper) Begin(s State) {
	k.mu.Lock()
	s.Settings = k.state.Settings
	changed := s != k.state
	k.state = s
	k.mu.Unlock()
	if changed {
		raise(k.begun)
	}
}

// Drop forgets the session.
func (k *Keeper) Drop() { k.Begin(State{}) }

// Advance says that everything up to the dispatch seq of a session is stored. Positions of former sessions are ignored.
func (k *Keeper) Advance(id string, seq int64) {
	k.mu.Lock()
	moved := k.state.ID == id && seq > k.state.Seq
	if moved {
		k.state.Seq = seq
	}
	k.mu.Unlock()
	if moved {
		raise(k.moved)
	}
}

func raise(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run saves until ctx ends. What cannot be saved is tried again: until then a successor would repeat more.
func (k *Keeper) Run(ctx context.Context) {
	var rest <-chan time.Time // set while the next save of the position has to wait
	moved, failing := k.moved, false
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.begun:
		case <-moved:
		case <-rest:
			rest, moved = nil, k.moved
			continue
		}
		err := k.Save(ctx)
		if err != nil && ctx.Err() == nil {
			if !failing {
				k.log.Warn("session cannot be saved for now", "err", err)
			}
			raise(k.moved)
		}
		failing = err != nil
		rest, moved = time.After(k.every), nil
	}
}

// Save writes the session as it is now.
func (k *Keeper) Save(ctx context.Context) error { return save(ctx, k.lease, k.Current()) }
