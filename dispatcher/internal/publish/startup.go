package publish

import (
	"context"
	"encoding/json"
	"fmt"

	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// announce stores a STARTUP event for a version that was committed a moment ago: its message id keeps it single, within the stream's
// duplicate window.
func (p *Publisher) announce(ctx context.Context, t tenant.ID, version uint64, reason Reason) (seq uint64, err error) {
	payload, err := json.Marshal(event.StartupPayload{Version: version, Reason: string(reason)})
	if err != nil {
		return 0, err
	}
	return p.Bus.PublishEvent(ctx, t, event.Startup, fmt.Sprintf("startup.%s.%d", t, version), payload)
}

// announceOnce is announce for a version of any age: it looks for the event first.
func (p *Publisher) announceOnce(ctx context.Context, t tenant.ID, version uint64, reason Reason) (seq uint64, err error) {
	reading := bus.Reading{Stream: subject.Events, Subjects: []string{subject.Event(t, event.Startup)}}
	err = p.Bus.ReadAll(ctx, reading, func(m *bus.Message) error {
		var payload event.StartupPayload
		if json.Unmarshal(m.Data, &payload) == nil && payload.Version == version { // what cannot be read is no announcement
			seq = m.Seq
		}
		return nil
	})
	if err != nil || seq > 0 {
		return seq, err
	}
	return p.announce(ctx, t, version, reason)
}
