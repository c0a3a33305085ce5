package engine

import (
	"context"

	"antiraid/executor/internal/commit"
	"antiraid/executor/internal/lane"
	"antiraid/shared/subject"
)

// position is what a partition's record holds.
type position struct {
	lane.Position
	Cut *commit.Cut `json:"cut,omitempty"` // the last time that events were lost
}

// rewind brings a position back that lies beyond the end of the stream: a power cut took away what lay between. What is stored from now on has
// those places again, and is new.
func (p *partition) rewind(ctx context.Context) error {
	last, err := p.bus.LastSeq(ctx, subject.Events)
	if err != nil || p.start.Seq <= last {
		return err
	}
	cut, err := p.store.Cut(ctx, last)
	if err != nil {
		return err
	}
	p.log.Error("events were lost by their stream; the partition goes on behind what is left", "partition", p.number, "position", p.start.Seq, "last", last)
	p.start.Seq, p.start.Cut = last, cut
	for lane, first := range p.start.Parked {
		p.start.Parked[lane] = min(first, last+1)
	}
	return nil
}
