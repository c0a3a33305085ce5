package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/plain"
	"antiraid/shared/subject"
)

// awaiter asks for effects whose results runs wait for. All results come to one inbox and are told apart by their ids.
type awaiter struct {
	bus   *bus.Bus
	inbox *bus.Inbox

	mu      sync.Mutex
	waiting map[string][]chan effect.Result
}

func newAwaiter(b *bus.Bus) (*awaiter, error) {
	inbox, err := b.Inbox()
	if err != nil {
		return nil, err
	}
	return &awaiter{bus: b, inbox: inbox, waiting: map[string][]chan effect.Result{}}, nil
}

func (a *awaiter) run(ctx context.Context) error {
	defer a.inbox.Close()
	for {
		data, err := a.inbox.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("receive results of effects: %w", err)
		}
		var r effect.Result
		if err := json.Unmarshal(data, &r); err == nil {
			a.deliver(r)
		}
	}
}

func (a *awaiter) deliver(r effect.Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, ch := range a.waiting[r.ID] {
		ch <- r // has room for its one result
	}
	delete(a.waiting, r.ID)
}

// Await publishes the effect without a message id: a repeated run must get its answer, and whoever performs effects does each id once.
func (a *awaiter) Await(ctx context.Context, e effect.Effect) (effect.Result, error) {
	data, err := plain.JSON(e)
	if err != nil {
		return effect.Result{}, fmt.Errorf("encode effect %s: %w", e.ID, err)
	}
	ch := make(chan effect.Result, 1)
	a.mu.Lock()
	a.waiting[e.ID] = append(a.waiting[e.ID], ch)
	a.mu.Unlock()
	defer a.forget(e.ID, ch)
	_, err = a.bus.Publish(ctx, bus.Outgoing{
		Subject: subject.Effect(e.Lane(), e.Tenant, e.Op), Header: map[string]string{subject.HeaderReply: a.inbox.Address}, Data: data,
	})
	if err != nil {
		return effect.Result{}, err
	}
	select {
	case r := <-ch:
		return r, nil
	case <-ctx.Done():
		return effect.Result{}, fmt.Errorf("wait for effect %s: %w", e.Op, ctx.Err())
	}
}

func (a *awaiter) forget(id string, ch chan effect.Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	left := a.waiting[id][:0]
	for _, other := range a.waiting[id] {
		if other != ch {
			left = append(left, other)
		}
	}
	if len(left) == 0 {
		delete(a.waiting, id)
	} else {
		a.waiting[id] = left
	}
}
