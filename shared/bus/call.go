package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"antiraid/shared/plain"
	"antiraid/shared/subject"
)

// ErrNobody says that no process answers calls on a subject.
var ErrNobody = errors.New("nobody answers")

// callWait bounds a call whose context has no deadline.
const callWait = 10 * time.Second

// What a server that stops waits for: its calls under way, and the nats-server's word that no more are coming.
const (
	answerWait = 5 * time.Second
	drainWait  = 2 * time.Second
)

// Call sends request as JSON and reads the answer into reply. It fails with [ErrNobody] when no process serves the subject, and after
// 10 s when ctx sets no deadline of its own.
func (b *Bus) Call(ctx context.Context, subj string, request, reply any) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callWait)
		defer cancel()
	}
	data, err := plain.JSON(request)
	if err != nil {
		return fmt.Errorf("call %s: %w", subj, err)
	}
	m, err := b.nc.RequestWithContext(ctx, subj, data)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("call %s: %w", subj, ErrNobody)
	case err != nil:
		return fmt.Errorf("call %s: %w", subj, err)
	}
	if text := m.Header.Get(subject.HeaderError); text != "" {
		return fmt.Errorf("call %s: %s", subj, text)
	}
	if err := json.Unmarshal(m.Data, reply); err != nil {
		return fmt.Errorf("call %s: read the answer: %w", subj, err)
	}
	return nil
}

// Serve answers calls on a subject until ctx ends, side by side with every other process that serves it: each call reaches one of them.
// Each call has its own goroutine, bounded by limit. An error of fn is the caller's error.
//
// When ctx ends the other processes get what is called from then on. What had been delivered is answered before Serve returns; the
// context of these calls ends [answerWait] later.
func (b *Bus) Serve(ctx context.Context, subj string, limit int, fn func(ctx context.Context, request []byte) (any, error)) error {
	calls := make(chan *nats.Msg, 256)
	sub, err := b.nc.ChanQueueSubscribe(subj, "serve", calls)
	if err != nil {
		return fmt.Errorf("serve %s: %w", subj, err)
	}
	defer sub.Unsubscribe()
	if err := b.nc.FlushTimeout(callWait); err != nil {
		return fmt.Errorf("serve %s: %w", subj, err)
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(answerWait, cancel) })()
	var answers sync.WaitGroup
	defer answers.Wait()
	slots := make(chan struct{}, limit)
	take := func(m *nats.Msg) {
		answers.Go(func() {
			defer func() { <-slots }()
			b.answer(work, m, fn)
		})
	}
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			continue
		}
		select {
		case m := <-calls:
			take(m)
		case <-ctx.Done():
			<-slots
		}
	}
	b.drain(sub)
	for len(calls) > 0 {
		slots <- struct{}{}
		take(<-calls)
	}
	return nil
}

// drain ends the delivery of calls and returns when those on their way are here; none are while the connection is away.
func (b *Bus) drain(sub *nats.Subscription) {
	if !b.nc.IsConnected() {
		return
	}
	ended := sub.StatusChanged(nats.SubscriptionClosed)
	if err := sub.Drain(); err != nil {
		b.log.Debug("calls are not drained", "subject", sub.Subject, "err", err)
		return
	}
	select {
	case <-ended:
	case <-time.After(drainWait):
		b.log.Warn("calls may be lost: the server does not answer", "subject", sub.Subject)
	}
}

func (b *Bus) answer(ctx context.Context, m *nats.Msg, fn func(context.Context, []byte) (any, error)) {
	value, err := fn(ctx, m.Data)
	reply := nats.NewMsg(m.Reply)
	if err == nil {
		reply.Data, err = plain.JSON(value)
	}
	if err != nil {
		reply.Header.Set(subject.HeaderError, headerSafe(err.Error()))
	}
	if err := m.RespondMsg(reply); err != nil {
		b.log.Warn("answer was not sent", "subject", m.Subject, "err", err)
	}
}

// Send delivers data to whoever listens on an inbox at this moment, and to nobody else.
func (b *Bus) Send(inbox string, data []byte) error {
	if err := b.nc.Publish(inbox, data); err != nil {
		return fmt.Errorf("send to %s: %w", inbox, err)
	}
	return nil
}

// Inbox receives what is sent to an address of its own until Close.
type Inbox struct {
	Address string
	sub     *nats.Subscription
}

// Inbox opens an address that others can [Bus.Send] to.
func (b *Bus) Inbox() (*Inbox, error) {
	address := b.nc.NewInbox()
	sub, err := b.nc.SubscribeSync(address)
	if err != nil {
		return nil, fmt.Errorf("open an inbox: %w", err)
	}
	return &Inbox{address, sub}, nil
}

// Next waits for one message.
func (i *Inbox) Next(ctx context.Context) ([]byte, error) {
	m, err := i.sub.NextMsgWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("wait on an inbox: %w", err)
	}
	return m.Data, nil
}

// Close gives the address up.
func (i *Inbox) Close() { i.sub.Unsubscribe() }
