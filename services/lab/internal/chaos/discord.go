package chaos

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"

	"antiraid/services/lab/internal/history"
	"antiraid/services/simulator"
)

// spoils are the ways in which Discord is made to fail.
var spoils = [...]struct {
	name  string
	fault simulator.Fault
}{
	{"500", simulator.Fault{Status: 500, Times: 5}},
	{"500 after the message was made", simulator.Fault{Status: 500, Apply: true, Times: 3}},
	{"cut after the message was made", simulator.Fault{Cut: true, Apply: true, Times: 3}},
	{"429", simulator.Fault{Scope: "user", RetryAfter: 300 * time.Millisecond, Times: 3}},
	{"slow", simulator.Fault{Delay: 1500 * time.Millisecond, Honest: true, Times: 5}},
}

// discord is the simulated one, in this process: it is not attacked, and so its messages are the truth.
type discord struct {
	*simulator.Simulator
	stop context.CancelFunc
	done chan error
}

func openDiscord(log *slog.Logger, clients []*client) (*discord, error) {
	s, err := simulator.New(simulator.Config{Unlimited: true, Empty: true, MessagesKept: math.MaxInt32, JournalSize: 1000}, log)
	if err != nil {
		return nil, err
	}
	for _, c := range clients {
		guild, err := s.World().AddGuild(simulator.Guild{ID: c.guild, Name: c.id.String()})
		for _, f := range c.flows {
			if err == nil {
				_, err = s.World().AddChannel(guild.ID, simulator.Channel{ID: f.channel, Name: "counted"})
			}
		}
		if err != nil {
			return nil, fmt.Errorf("make a server and channels for %s: %w", c.id, err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &discord{Simulator: s, stop: stop, done: make(chan error, 1)}
	go func() { d.done <- s.Run(ctx) }()
	select {
	case <-s.Ready():
		return d, nil
	case err := <-d.done:
		stop()
		return nil, err
	}
}

func (d *discord) close() {
	d.stop()
	<-d.done
}

// spoil makes the next requests that create messages fail.
func (d *discord) spoil(which int) {
	f := spoils[which].fault
	f.Method, f.Route = "POST", "/channels/{channel}/messages"
	d.REST().Spoil(f)
}

// effects are the messages of a flow's channel in the order in which they were made.
func (d *discord) effects(f *flow) (list []history.Effect, err error) {
	messages, err := d.World().Messages(f.channel, simulator.Page{Limit: math.MaxInt32})
	if err != nil {
		return nil, fmt.Errorf("read the messages of %s: %w", f, err)
	}
	for _, m := range slices.Backward(messages) {
		name, text, _ := strings.Cut(m.Content, " ")
		e := history.Effect{Tenant: name}
		if _, err := fmt.Sscan(text, &e.Number); err != nil || name != f.String() {
			return nil, fmt.Errorf("read the messages of %s: %q is not one of ours", f, m.Content)
		}
		list = append(list, e)
	}
	return list, nil
}
