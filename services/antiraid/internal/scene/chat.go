package scene

import (
	"context"
	"fmt"
	"time"

	"antiraid/services/simulator"
)

// Chat has the sample server's owner write !count every so often, until ctx ends; never for 0.
func Chat(ctx context.Context, d *simulator.Simulator, every time.Duration) error {
	if every <= 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if _, err := d.World().Write(simulator.SampleChannel, simulator.SampleOwner, "!count"); err != nil {
				return fmt.Errorf("write !count: %w", err)
			}
		}
	}
}
