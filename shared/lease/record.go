package lease

import (
	"encoding/json"
	"fmt"
)

// version of both records. A record with another version is never written over.
const version = 1

// memberRecord is what a member says about itself.
type memberRecord struct {
	V       int    `json:"v"`
	Name    string `json:"name"`
	Slices  int    `json:"slices"`
	Leaving bool   `json:"leaving,omitempty"` // it hands over what it has and takes nothing
}

// sliceRecord is who owns a slice and how far the work on it has come.
type sliceRecord struct {
	V        int             `json:"v"`
	Owner    string          `json:"owner"` // a member's id; empty: free
	Epoch    uint64          `json:"epoch"` // one more at each new owner
	Position json.RawMessage `json:"position,omitempty"`
}

func parseMember(b []byte) (memberRecord, error) {
	var r memberRecord
	if err := json.Unmarshal(b, &r); err != nil {
		return memberRecord{}, fmt.Errorf("parse member record: %w", err)
	}
	if r.V != version {
		return memberRecord{}, fmt.Errorf("parse member record: version %d, want %d", r.V, version)
	}
	return r, nil
}

func parseSlice(b []byte) (sliceRecord, error) {
	var r sliceRecord
	if err := json.Unmarshal(b, &r); err != nil {
		return sliceRecord{}, fmt.Errorf("parse slice record: %w", err)
	}
	if r.V != version {
		return sliceRecord{}, fmt.Errorf("parse slice record: version %d, want %d", r.V, version)
	}
	return r, nil
}
