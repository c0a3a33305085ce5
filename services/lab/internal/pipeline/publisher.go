package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"antiraid/shared/bus"
)

// order is what a publisher process is to do.
type order struct {
	URL    string  `json:"url"`
	Events int     `json:"events"`
	Rate   float64 `json:"rate"` // events in a second; 0: as fast as it goes
	traffic
}

// published is what it did.
type published struct {
	First time.Time `json:"first"` // the first call
	Last  time.Time `json:"last"`  // the last acknowledgement

	cpu time.Duration // of the process
}

// Publisher is the command that a publisher process runs: it publishes as the gateway does, and its memory is not the executor's.
func Publisher() *cobra.Command {
	return &cobra.Command{
		Use: "publisher ORDER", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var o order
			if err := json.Unmarshal([]byte(args[0]), &o); err != nil {
				return fmt.Errorf("read the order: %w", err)
			}
			done, err := o.publish(cmd.Context())
			if err != nil {
				return err
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(done)
		},
	}
}

// run has a process of its own publish.
func (o order) run(ctx context.Context) (published, error) {
	var done published
	program, err := os.Executable()
	if err != nil {
		return done, fmt.Errorf("find this program: %w", err)
	}
	text, err := json.Marshal(o)
	if err != nil {
		return done, fmt.Errorf("encode the order: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, "bench", "publisher", string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return done, fmt.Errorf("publish: %w", err)
	}
	if err := json.Unmarshal(out, &done); err != nil {
		return done, fmt.Errorf("read what was published: %w", err)
	}
	done.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return done, nil
}

// window is how many acknowledgements may be open.
const window = 2048

func (o order) publish(ctx context.Context) (published, error) {
	b, err := bus.Connect(ctx, bus.Config{URL: o.URL, Name: "publisher"}, slog.New(slog.DiscardHandler))
	if err != nil {
		return published{}, err
	}
	defer b.Close()
	s := o.source()
	open := make([]bus.Pending, 0, window)
	send := func(m bus.Outgoing) error {
		if len(open) == window {
			for _, p := range open[:window/2] {
				if _, err := p.Wait(ctx); err != nil {
					return err
				}
			}
			open = open[:copy(open, open[window/2:])]
		}
		p, err := b.PublishAsync(m)
		open = append(open, p)
		return err
	}
	done := published{First: time.Now()}
	for n := range o.Events {
		o.pace(done.First, n)
		if err := send(s.next(n)); err != nil {
			return done, err
		}
	}
	for i, rank := range o.ofPartition() { // when these are through, all that was before them is
		if err := send(s.event(o.Events+i, rank, matching)); err != nil {
			return done, err
		}
	}
	for _, p := range open {
		if _, err := p.Wait(ctx); err != nil {
			return done, err
		}
	}
	done.Last = time.Now()
	return done, nil
}

// pace waits until event n is due.
func (o order) pace(first time.Time, n int) {
	if o.Rate == 0 {
		return
	}
	if early := time.Until(first.Add(time.Duration(float64(n) / o.Rate * float64(time.Second)))); early > 200*time.Microsecond {
		time.Sleep(early)
	}
}
