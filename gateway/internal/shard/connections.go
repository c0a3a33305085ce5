package shard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"antiraid/gateway/internal/discord"
	"antiraid/gateway/internal/gate"
	"antiraid/gateway/internal/socket"
	"antiraid/gateway/internal/wire"
)

// futile is how many connections in a row may fail before the general address is tried in place of the one for resuming. After twice as
// many, the session is given up, unless nobody could be reached.
const futile = 5

// connections makes one connection after another until ctx ends (nil) or there may be none any more: Discord forbids it, or it is not
// certain that the shard is ours, in which case it would take the session away from another owner.
func (s *Shard) connections(ctx context.Context) error {
	kept := s.keeper.Current()
	at := socket.Session{ID: kept.ID, Bot: kept.Bot, Seq: kept.Seq}
	if at.ID != "" {
		s.log.Info("session of a former owner is taken up", "seq", at.Seq)
	}
	failed := 0 // connections in a row that did not come to life
	for {
		end, err := s.connect(ctx, at, failed)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		s.report(end)
		if end.Next == wire.ThenStop {
			return end.Err
		}
		failed++
		if end.Live {
			failed = 0
		}
		at = s.next(end, failed)
		if s.pace.wait(ctx, end) != nil {
			return nil
		}
		if err := s.deps.Lease.Err(); err != nil {
			return fmt.Errorf("connect again: %w", err)
		}
	}
}

// connect makes one connection.
func (s *Shard) connect(ctx context.Context, at socket.Session, failed int) (socket.End, error) {
	if at.ID == "" {
		err := s.deps.Permits.Approach(ctx, s.cfg.Socket.Shard)
		if errors.Is(err, discord.ErrRefused) {
			return socket.End{}, err
		}
		if err != nil {
			return socket.End{Next: wire.ThenIdentify, Cause: "permit", Err: err}, nil
		}
	}
	address := s.keeper.Current().ResumeURL
	if at.ID == "" || address == "" || failed >= futile {
		info, err := s.deps.Addresses.Info(ctx)
		if errors.Is(err, discord.ErrRefused) {
			return socket.End{}, err
		}
		if err != nil {
			return socket.End{Next: wire.ThenResume, Cause: "address", Err: err, Seq: at.Seq}, nil
		}
		address = info.URL
	}
	end := s.socket.Run(ctx, address, at)
	if end.Live {
		s.deps.Metric.Live.Dec()
	}
	return end, nil
}

// next is the session of the next connection.
func (s *Shard) next(end socket.End, failed int) socket.Session {
	reached := end.Cause != "dial" && end.Cause != "address" && end.Cause != "permit"
	if end.Next == wire.ThenIdentify || (failed >= 2*futile && reached) {
		s.keeper.Drop()
	}
	now := s.keeper.Current()
	if now.ID == "" {
		return socket.Session{}
	}
	return socket.Session{ID: now.ID, Bot: now.Bot, Seq: end.Seq}
}

// report says how a connection ended.
func (s *Shard) report(end socket.End) {
	s.deps.Metric.Ends.WithLabelValues(end.Cause).Inc()
	if end.Next == wire.ThenStop {
		return // the shard ends with this error: whoever runs it says so
	}
	attrs := []any{"cause", end.Cause, "next", end.Next.String(), "err", end.Err}
	switch end.Cause {
	case "close_4001", "close_4002":
		s.log.Error("connection ended over something we sent", attrs...)
	case "reconnect":
		s.log.Info("connection ended", attrs...)
	case "permit":
		s.log.Error("session may not begin yet", attrs...)
	default:
		s.log.Warn("connection ended", attrs...)
	}
}

// pause is how long to wait for session starts when too few are left: Discord says until when, and an operator may act sooner.
func pause(err error) time.Duration {
	var budget *gate.ErrBudget
	if !errors.As(err, &budget) {
		return 0
	}
	return min(max(budget.ResetAfter, time.Second), 5*time.Minute)
}
