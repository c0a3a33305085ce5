package commit

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"

	"antiraid/shared/kv"
	"antiraid/shared/plain"
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
	// Runs are the last commit: its runs' records, with their writes and effects. They are here only while a head is written or read.
	Runs []json.RawMessage `json:"runs,omitempty"`
}

// progress says up to where a lane is done.
type progress struct {
	Seq  uint64   `json:"seq"`            // the event of the lane's last commit; everything before it is done
	Done []string `json:"done,omitempty"` // templates that committed for that very event
}

// redo is one run of a commit, as it is stored and read.
type redo struct {
	run.Record
	data []byte
}

func encodeRun(rec *run.Record) (redo, error) {
	data, err := plain.JSON(rec)
	if err != nil {
		return redo{}, fmt.Errorf("encode run record %s: %w", rec.Run, err)
	}
	return redo{*rec, data}, nil
}

// decodeHead reads a head and takes its runs out of it.
func decodeHead(data []byte) (head, []redo, error) {
	var h head
	if err := json.Unmarshal(data, &h); err != nil {
		return h, nil, fmt.Errorf("decode head: %w", err)
	}
	runs := make([]redo, len(h.Runs))
	for i, data := range h.Runs {
		if err := json.Unmarshal(data, &runs[i].Record); err != nil {
			return h, nil, fmt.Errorf("decode head: %w", err)
		}
		runs[i].data = data
	}
	h.Runs = nil
	return h, runs, nil
}

// encode is the head as it is stored, with the runs of its commit, which are JSON already.
func (h head) encode(runs []redo) ([]byte, error) {
	data, err := plain.JSON(h)
	if err != nil {
		return nil, fmt.Errorf("encode head: %w", err)
	}
	sep := `,"runs":[`
	data = data[:len(data)-1]
	for i := range runs {
		data = append(append(data, sep...), runs[i].data...)
		sep = ","
	}
	return append(data, "]}"...), nil
}

// markOf tells the commit of a head from every other one: two that have the same revision, because a power cut took the first away, differ in
// what they hold.
func markOf(revision uint64, data []byte) kv.Mark {
	return kv.Mark{Commit: revision, Sum: crc32.ChecksumIEEE(data)}
}

// done reports whether a template's run for an event of a lane is committed, or lies before what is.
func (h *head) done(lane Lane, seq uint64, template string) bool {
	p := &h.Lanes[lane]
	return seq < p.Seq || seq == p.Seq && slices.Contains(p.Done, template)
}

// with is the head after a transaction.
func (h head) with(tx *Tx) head {
	h.Bundle = max(h.Bundle, tx.Bundle)
	p := &h.Lanes[tx.Lane]
	if p.Seq != tx.Event.Seq {
		*p = progress{Seq: tx.Event.Seq}
	}
	p.Done = append(slices.Clip(p.Done), tx.Template)
	return h
}
