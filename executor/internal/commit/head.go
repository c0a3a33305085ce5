package commit

import (
	"encoding/json"
	"fmt"
	"slices"

	"antiraid/shared/run"
)

// Lane is one of a tenant's FIFOs.
type Lane int

const (
	Main        Lane = iota // everything but interactions
	Interactive             // interactions, whose answer is due within 3 s
	lanes
)

// head is a tenant's last commit and how far it has come.
type head struct {
	Bundle uint64          `json:"bundle"` // version the last commit ran with: a successor runs with no older one
	Lanes  [lanes]progress `json:"lanes"`
	Last   run.Record      `json:"last"` // the last commit: its writes, its effects, and what is told of it
}

// progress says up to where a lane is done.
type progress struct {
	Seq  uint64   `json:"seq"`            // the event of the lane's last commit; everything before it is done
	Done []string `json:"done,omitempty"` // templates that committed for that very event
}

func decodeHead(data []byte) (head, error) {
	var h head
	if err := json.Unmarshal(data, &h); err != nil {
		return h, fmt.Errorf("decode head: %w", err)
	}
	return h, nil
}

// done reports whether a template's run for an event of a lane is committed, or lies before what is.
func (h *head) done(lane Lane, seq uint64, template string) bool {
	p := &h.Lanes[lane]
	return seq < p.Seq || seq == p.Seq && slices.Contains(p.Done, template)
}

// with is the head after a transaction.
func (h *head) with(tx *Tx, rec *run.Record) head {
	next := head{Bundle: max(h.Bundle, tx.Bundle), Lanes: h.Lanes, Last: *rec}
	p := &next.Lanes[tx.Lane]
	if p.Seq != tx.Event.Seq {
		*p = progress{Seq: tx.Event.Seq}
	}
	p.Done = append(slices.Clip(p.Done), tx.Template)
	return next
}
