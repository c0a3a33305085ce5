package socket

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"

	"antiraid/gateway/internal/wire"
)

// life is one connection while it lasts. One goroutine, that of run, owns all of it; beside it there is one that reads, and for a while
// one that waits for the permit to identify.
type life struct {
	*Socket
	conn    *websocket.Conn
	session Session
	sends   window

	in     chan message
	broken chan error // why the reader ended
	permit chan error // the answer of Hooks.Permit

	greeted bool          // HELLO came
	asked   bool          // IDENTIFY was sent
	live    bool          // READY or RESUMED came
	beat    *time.Timer   // when to send the next heartbeat
	each    time.Duration // heartbeat interval
	acked   bool          // the last heartbeat was answered
	stalled bool          // since the last heartbeat reading had to wait: an answer may be unread
	waiting bool          // next is handed on as soon as Out takes it; meanwhile nothing is read
	next    Dispatch
	late    *time.Timer // when HELLO is overdue
}

// live runs a connection and closes it.
func (s *Socket) live(parent context.Context, conn *websocket.Conn, session Session) End {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent)) // parent's end comes with a goodbye, which needs writing and reading
	l := &life{
		Socket: s, conn: conn, session: session, acked: true,
		in: make(chan message), broken: make(chan error, 1), permit: make(chan error, 1),
		beat: stopped(), late: time.NewTimer(s.cfg.Limits.Hello),
	}
	var all sync.WaitGroup
	gone := make(chan struct{})
	start := time.Now()
	all.Go(func() { l.broken <- read(conn, l.in, gone) })
	end := l.run(ctx, parent, &all)
	lasted := time.Since(start)
	l.beat.Stop()
	l.late.Stop()
	close(gone)
	l.leave(end)
	cancel()
	all.Wait()
	end.Seq, end.Live, end.Lasted = l.session.Seq, l.live, lasted
	return end
}

func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// leave closes what the server has not closed. A connection that does not answer is dropped: it would not answer a goodbye either.
func (l *life) leave(end End) {
	if end.Cause == "zombie" || end.Cause == "dropped" || end.Cause == "hello" {
		l.conn.CloseNow()
		return
	}
	l.conn.Close(wire.LeaveCode, "")
}

func (l *life) run(ctx, parent context.Context, all *sync.WaitGroup) End {
	for {
		in, out := l.in, chan<- Dispatch(nil)
		if l.waiting {
			in, out = nil, l.hooks.Out
		}
		var end *End
		select {
		case <-parent.Done():
			return End{Next: wire.ThenStop, Cause: "stopped"}
		case m := <-in:
			end = l.take(ctx, m, all)
		case out <- l.next:
			l.handedOn()
		case <-l.beat.C:
			end = l.beatNow(ctx)
		case err := <-l.permit:
			end = l.identify(ctx, err)
		case <-l.late.C:
			end = &End{Next: wire.ThenResume, Cause: "hello", Err: errors.New("the gateway did not say hello in time")}
		case err := <-l.broken:
			return l.finish(parent, l.lost(err))
		}
		if end != nil {
			return l.finish(parent, *end)
		}
	}
}

// handOn gives the next dispatch to Out, now or when Out takes it; until then nothing more is read.
func (l *life) handOn(d Dispatch) {
	l.next = d
	select {
	case l.hooks.Out <- d:
		l.handedOn()
	default:
		l.waiting, l.stalled = true, true
	}
}

// handedOn notes that the next dispatch has an owner now.
func (l *life) handedOn() {
	if l.next.Seq > 0 {
		l.session.Seq = l.next.Seq
	}
	l.waiting, l.next = false, Dispatch{}
}

// finish hands on what cannot be had again: a session that goes on replays it, a lost one does not.
func (l *life) finish(parent context.Context, end End) End {
	if end.Next != wire.ThenIdentify || !l.waiting {
		return end
	}
	select {
	case l.hooks.Out <- l.next:
		l.handedOn()
	case <-parent.Done():
	}
	return end
}

// lost says what a broken connection asks for.
func (l *life) lost(err error) End {
	var closed websocket.CloseError
	if !errors.As(err, &closed) {
		return End{Next: wire.ThenResume, Cause: "dropped", Err: err}
	}
	next, fatal := wire.Closed(int(closed.Code))
	if err = fatal; fatal == nil {
		err = fmt.Errorf("the gateway closed with %d %.100q", closed.Code, closed.Reason)
	}
	return End{Next: next, Cause: cause(closed.Code), Err: err}
}

// cause names a close code; those that Discord does not document are one, so that there are not too many.
func cause(code websocket.StatusCode) string {
	if code == 1000 || code == 1001 || code >= 4000 && code <= 4014 {
		return fmt.Sprintf("close_%d", code)
	}
	return "close_other"
}

// send writes a payload within the limits of the gateway; ordinary payloads leave room for heartbeats.
func (l *life) send(ctx context.Context, payload []byte, room int) error {
	if !l.sends.take(time.Now(), room) {
		return errFull
	}
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Limits.Write)
	defer cancel()
	if err := l.conn.Write(ctx, websocket.MessageText, payload); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}
