package engine

import (
	"context"

	"antiraid/shared/subject"
)

// rewind brings a position back that lies beyond the end of the stream: a power cut took away what lay between. What is stored from now on has
// those places again, and is new.
func (p *partition) rewind(ctx context.Context) error {
	last, err := p.bus.LastSeq(ctx, subject.Events)
	if err != nil || p.start.Seq <= last {
		return err
	}
	p.log.Error("events were lost by their stream; the partition goes on behind what is left", "partition", p.number, "position", p.start.Seq, "last", last)
	p.start.Seq = last
	for lane, first := range p.start.Parked {
		p.start.Parked[lane] = min(first, last+1)
	}
	return nil
}
