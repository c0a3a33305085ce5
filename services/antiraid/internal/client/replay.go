package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"antiraid/shared/api"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// Bounds of a replay: the whole of it, and one step.
const (
	replayWait = time.Hour
	stepWait   = time.Minute
)

// Replay has an executor run kept events again, dry, and gives each run to fn with the time of its event, zero when that is not known. A
// refusal is an *api.Error.
func (c *Client) Replay(ctx context.Context, req api.ReplayRequest, fn func(*run.Record, time.Time)) (api.ReplayEnd, error) {
	inbox, err := c.bus.Inbox()
	if err != nil {
		return api.ReplayEnd{}, err
	}
	defer inbox.Close()
	req.Inbox = inbox.Address
	ctx, cancel := context.WithTimeout(ctx, replayWait)
	defer cancel()
	refused := make(chan error, 1)
	go func() { // the answer comes when the replay is over, or cannot begin
		if err := c.ask(ctx, req); err != nil {
			refused <- err
			cancel()
		}
	}()
	end, err := steps(ctx, inbox, fn)
	select {
	case why := <-refused:
		return api.ReplayEnd{}, why
	default:
		return end, err
	}
}

func (c *Client) ask(ctx context.Context, req api.ReplayRequest) error {
	var reply api.ReplayReply
	err := c.bus.Call(ctx, subject.CallReplay, req, &reply)
	switch {
	case errors.Is(err, bus.ErrNobody):
		return errors.New("ask an executor: none is running; start one, or everything with: antiraid up")
	case err != nil:
		return fmt.Errorf("ask an executor: %w", err)
	case reply.Error != nil:
		return reply.Error
	}
	return nil
}

func steps(ctx context.Context, inbox *bus.Inbox, fn func(*run.Record, time.Time)) (api.ReplayEnd, error) {
	for {
		f, err := step(ctx, inbox)
		switch {
		case err != nil:
			return api.ReplayEnd{}, err
		case f.Error != "":
			return api.ReplayEnd{}, errors.New(f.Error)
		case f.End != nil:
			return *f.End, nil
		case f.Record != nil:
			fn(f.Record, f.Time)
		}
	}
}

func step(ctx context.Context, inbox *bus.Inbox) (api.ReplayFrame, error) {
	ctx, cancel := context.WithTimeout(ctx, stepWait)
	defer cancel()
	data, err := inbox.Next(ctx)
	if err != nil {
		return api.ReplayFrame{}, fmt.Errorf("the replay stopped half-way (%w); the executor may have ended, ask again", err)
	}
	var f api.ReplayFrame
	if err := json.Unmarshal(data, &f); err != nil {
		return api.ReplayFrame{}, fmt.Errorf("read a step of the replay: %w", err)
	}
	return f, nil
}
