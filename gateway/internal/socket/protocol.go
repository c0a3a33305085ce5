package socket

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"antiraid/gateway/internal/wire"
)

// take acts on one message.
func (l *life) take(ctx context.Context, m message, all *sync.WaitGroup) *End {
	if m.fault != nil {
		l.handOn(Dispatch{Fault: m.fault.Error(), Data: m.buffer.bytes, Buffer: m.buffer})
		return nil
	}
	if m.frame.Op == wire.Dispatch {
		return l.dispatch(m)
	}
	defer m.buffer.Release()
	switch m.frame.Op {
	case wire.Hello:
		return l.hello(ctx, m.frame, all)
	case wire.HeartbeatACK:
		l.acked = true
	case wire.Heartbeat:
		return l.answer(ctx)
	case wire.Reconnect:
		return &End{Next: wire.ThenResume, Cause: "reconnect", Err: errors.New("the gateway asks to reconnect")}
	case wire.InvalidSession:
		return l.invalid(string(m.frame.Data) == "true")
	default:
		l.log.Debug("frame is ignored", "op", int(m.frame.Op))
	}
	return nil
}

// hello starts the heartbeats and then goes on with the session or asks to begin one.
func (l *life) hello(ctx context.Context, f wire.Frame, all *sync.WaitGroup) *End {
	if l.greeted {
		return nil
	}
	each, err := wire.ReadHello(f.Data)
	if err != nil {
		return &End{Next: wire.ThenResume, Cause: "protocol", Err: err}
	}
	l.greeted, l.each = true, each
	l.late.Stop()
	l.beat.Reset(time.Duration(l.cfg.Random() * float64(each))) // so that a fleet does not beat in step
	if l.session.ID == "" {
		all.Go(func() { l.permit <- l.hooks.Permit(ctx) })
		return nil
	}
	payload, err := wire.SayResume(l.cfg.Token, l.session.ID, l.session.Seq)
	if err == nil {
		err = l.send(ctx, payload, sendOrdinary)
	}
	return l.unsent(err)
}

// identify begins a session, now that it is permitted.
func (l *life) identify(ctx context.Context, err error) *End {
	if err != nil {
		return &End{Next: wire.ThenIdentify, Cause: "permit", Err: err}
	}
	payload, err := wire.SayIdentify(l.cfg.Token, l.cfg.Intents, l.cfg.Shard, l.cfg.Shards)
	if err == nil {
		l.asked = true
		err = l.send(ctx, payload, sendOrdinary)
	}
	return l.unsent(err)
}

// beatNow sends the heartbeat that is due, unless the last one was not answered. While reading has to wait, the answer may be among what
// is unread: then nothing can be said of the connection.
func (l *life) beatNow(ctx context.Context) *End {
	if !l.acked && !l.stalled {
		return &End{Next: wire.ThenResume, Cause: "zombie", Err: fmt.Errorf("a heartbeat was not answered within %s", l.each)}
	}
	l.acked, l.stalled = false, l.waiting
	l.beat.Reset(l.each)
	return l.answer(ctx)
}

// answer sends a heartbeat. It tells how far everything is stored, not how far it was read: that is where a successor would resume.
func (l *life) answer(ctx context.Context) *End {
	err := l.send(ctx, wire.SayHeartbeat(l.hooks.Stored()), sendAll)
	if errors.Is(err, errFull) { // the gateway asks faster than it allows to answer
		l.log.Warn("heartbeat is left out", "err", err)
		return nil
	}
	return l.unsent(err)
}

func (l *life) unsent(err error) *End {
	if err == nil {
		return nil
	}
	return &End{Next: wire.ThenResume, Cause: "dropped", Err: err}
}

// invalid answers op 9.
func (l *life) invalid(resumable bool) *End {
	next := wire.ThenIdentify
	if resumable && l.session.ID != "" {
		next = wire.ThenResume
	}
	return &End{Next: next, Cause: "invalid_session", Err: fmt.Errorf("the gateway calls the session invalid, resumable: %t", resumable), Pause: true}
}

// dispatch hands a dispatch on, after what it says about the session itself.
func (l *life) dispatch(m message) *End {
	if m.frame.Type == "READY" && l.asked && !l.live {
		defer m.buffer.Release()
		return l.ready(m.frame)
	}
	if l.session.ID == "" {
		return &End{Next: wire.ThenIdentify, Cause: "protocol", Err: fmt.Errorf("dispatch %.64q came before READY", m.frame.Type)}
	}
	d := Dispatch{Session: l.session.ID, Bot: l.session.Bot, Seq: m.frame.Seq, Type: m.frame.Type, Data: m.frame.Data, Buffer: m.buffer}
	switch {
	case d.Type == "RESUMED" && !l.live:
		l.live = true
		l.hooks.Resumed()
	case d.Seq == 0:
		d.Fault, d.Data = "a dispatch without a sequence number", m.buffer.bytes
	}
	l.handOn(d)
	return nil
}

// ready begins a session.
func (l *life) ready(f wire.Frame) *End {
	began, err := wire.ReadReady(f)
	if err != nil {
		return &End{Next: wire.ThenIdentify, Cause: "protocol", Err: err}
	}
	if !l.safe(began.ResumeURL) { // the address for new connections is, and will do
		l.log.Warn("the address for resuming is not encrypted and will not be used", "address", began.ResumeURL)
		began.ResumeURL = ""
	}
	l.live = true
	l.session = Session{ID: began.Session, Bot: began.Bot, Seq: began.Seq}
	l.hooks.Began(began)
	return nil
}
