// Package session keeps what is needed to go on with a shard's session after any interruption, also in another process.
//
// The position that is kept is that of the last dispatch up to which everything is stored in the stream: a successor asks Discord for
// what follows, and what its predecessor had already published carries the same message ids. It is kept as the position of the shard's
// lease (group `gateway`), as JSON: who is not the owner any more can change nothing.
package session

import (
	"context"
	"encoding/json"
	"fmt"
)

// State is a session and the position in it. The zero State is no session.
type State struct {
	ID        string `json:"id,omitempty"`         // Discord's session id
	ResumeURL string `json:"resume_url,omitempty"` // where to resume it
	Bot       uint64 `json:"bot,string,omitempty"` // the user id of the bot itself
	Seq       int64  `json:"seq,omitempty"`        // everything up to this dispatch is stored
	Settings  string `json:"settings,omitempty"`   // fingerprint of the settings it was made with; with others it is not resumed
}

// Lease is the right to a shard; *lease.Holding is one.
type Lease interface {
	Position() json.RawMessage
	Commit(ctx context.Context, position json.RawMessage) error
}

// load reads the session that the lease carries. One that cannot be read, or was made with other settings, is worth no more than none.
func load(l Lease, settings string) State {
	var s State
	if p := l.Position(); p == nil || json.Unmarshal(p, &s) != nil || s.Settings != settings || s.ID == "" || s.Seq <= 0 {
		return State{Settings: settings}
	}
	return s
}

func save(ctx context.Context, l Lease, s State) error {
	position, err := json.Marshal(s)
	if err == nil {
		err = l.Commit(ctx, position)
	}
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}
