// Package client asks a running system what people want of it: over NATS, through the calls of shared/api and the stream of run records.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Target is a system's NATS.
type Target struct {
	URL  string
	From string // where the address comes from, for the person who has to correct it
}

// Client is a connection to a system.
type Client struct{ bus *bus.Bus }

// dialWait is how long a person waits to hear that nobody is there.
const dialWait = 1500 * time.Millisecond

// Dial connects. The caller must Close the client.
func Dial(ctx context.Context, t Target, log *slog.Logger) (*Client, error) {
	b, err := bus.Connect(ctx, bus.Config{URL: t.URL, Name: "antiraid", Wait: dialWait}, log)
	if err != nil {
		cause, _, _ := strings.Cut(err.Error(), ";") // its remedy is not this program's
		return nil, fmt.Errorf("find a running system: %s (address: %s); start one with: antiraid up, or say where it is with --nats-url", cause, t.From)
	}
	return &Client{b}, nil
}

// On is a client on a connection that somebody else closes.
func On(b *bus.Bus) *Client { return &Client{b} }

// Close ends the connection.
func (c *Client) Close() { c.bus.Close() }

// callWait is longer than the dispatcher's own bound, so that its reason arrives.
const callWait = 25 * time.Second

func (c *Client) call(ctx context.Context, subj, who string, request, reply any) error {
	ctx, cancel := context.WithTimeout(ctx, callWait)
	defer cancel()
	err := c.bus.Call(ctx, subj, request, reply)
	switch {
	case errors.Is(err, bus.ErrNobody):
		return fmt.Errorf("ask %s: none is running; start one, or everything with: antiraid up", who)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("ask %s: it did not answer within %s; look at its log, then try again", who, callWait)
	case err != nil:
		return fmt.Errorf("ask %s: %w", who, err)
	}
	return nil
}

// Deploy asks for a deploy. A refusal is an *api.Error.
func (c *Client) Deploy(ctx context.Context, req api.DeployRequest) (api.DeployReply, error) {
	var reply api.DeployReply
	if err := c.call(ctx, subject.CallDeploy, "the dispatcher", req, &reply); err != nil {
		return api.DeployReply{}, err
	}
	if reply.Error != nil {
		return api.DeployReply{}, reply.Error
	}
	return reply, nil
}

// Limits changes what a tenant's runs may use, and tells what it is. A refusal is an *api.Error.
func (c *Client) Limits(ctx context.Context, req api.LimitsRequest) (api.LimitsReply, error) {
	var reply api.LimitsReply
	if err := c.call(ctx, subject.CallLimits, "the dispatcher", req, &reply); err != nil {
		return api.LimitsReply{}, err
	}
	if reply.Error != nil {
		return api.LimitsReply{}, reply.Error
	}
	return reply, nil
}

// Remove takes a template from a tenant. A refusal is an *api.Error.
func (c *Client) Remove(ctx context.Context, req api.RemoveRequest) (api.ChangeReply, error) {
	return c.change(ctx, subject.CallRemove, req)
}

// Rollback gives a tenant older templates again. A refusal is an *api.Error.
func (c *Client) Rollback(ctx context.Context, req api.RollbackRequest) (api.ChangeReply, error) {
	return c.change(ctx, subject.CallRollback, req)
}

func (c *Client) change(ctx context.Context, subj string, req any) (api.ChangeReply, error) {
	var reply api.ChangeReply
	if err := c.call(ctx, subj, "the dispatcher", req, &reply); err != nil {
		return api.ChangeReply{}, err
	}
	if reply.Error != nil {
		return api.ChangeReply{}, reply.Error
	}
	return reply, nil
}

// errFound ends a reading.
var errFound = errors.New("found")

// Place is where the run records end now: who makes a version afterwards need not look for it before that.
func (c *Client) Place(ctx context.Context) (uint64, error) { return c.bus.LastSeq(ctx, subject.Runs) }

// AwaitVersion returns when an executor has said, behind a place, that the tenant runs with the version, or a newer one.
func (c *Client) AwaitVersion(ctx context.Context, t tenant.ID, version, place uint64) error {
	reading := bus.Reading{Stream: subject.Runs, Subjects: []string{subject.Run(t, bundle.Announcement, string(run.OK))}, From: place + 1}
	err := c.bus.Read(ctx, reading, func(m *bus.Message) error {
		var r run.Record
		if err := json.Unmarshal(m.Data, &r); err != nil {
			return fmt.Errorf("read a run record: %w", err)
		}
		if r.Bundle >= version {
			return errFound
		}
		return nil
	})
	switch {
	case errors.Is(err, errFound):
		return nil
	case err == nil:
		return ctx.Err()
	}
	return err
}

// Templates gives the bundles of one tenant, or of all for the zero ID, to fn.
func (c *Client) Templates(ctx context.Context, t tenant.ID, fn func(bundle.Bundle)) error {
	req := api.TemplatesRequest{Tenant: t}
	for {
		var page api.TemplatesReply
		if err := c.call(ctx, subject.CallTemplates, "the dispatcher", req, &page); err != nil {
			return err
		}
		if page.Error != nil {
			return page.Error
		}
		for _, b := range page.Bundles {
			fn(b)
		}
		if page.Next.IsZero() {
			return nil
		}
		req.After = page.Next
	}
}

// AwaitDispatcher returns when a dispatcher answers.
func (c *Client) AwaitDispatcher(ctx context.Context) error {
	return c.awaitAnswer(ctx, subject.CallTemplates, api.TemplatesRequest{})
}

// AwaitExecutor returns when an executor answers.
func (c *Client) AwaitExecutor(ctx context.Context) error {
	return c.awaitAnswer(ctx, subject.CallInspect, api.InspectRequest{Template: "probe", Files: bundle.Revision{bundle.Entry: "return {}"}})
}

func (c *Client) awaitAnswer(ctx context.Context, subj string, request any) error {
	for {
		err := c.bus.Call(ctx, subj, request, &struct{}{})
		if err == nil {
			return nil
		}
		if !errors.Is(err, bus.ErrNobody) {
			return fmt.Errorf("wait for an answer: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
