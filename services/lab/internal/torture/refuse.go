package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"antiraid/shared/bus"
	"antiraid/shared/effect"
	"antiraid/shared/plain"
	"antiraid/shared/subject"
)

// refuse answers every effect in the place of Discord, at once: it must not be done. So a run that waits for an answer has one.
func refuse(ctx context.Context, b *bus.Bus) error {
	err := b.Take(ctx, bus.Taking{Stream: subject.Effects, Name: "torture", Subject: subject.AllEffects}, func(m *bus.Taken) error {
		if inbox := m.Get(subject.HeaderReply); inbox != "" {
			var e effect.Effect
			if err := json.Unmarshal(m.Data, &e); err != nil {
				return fmt.Errorf("read an effect: %w", err)
			}
			data, err := plain.JSON(effect.Result{ID: e.ID, Status: http.StatusForbidden, Error: "Discord refused: 403 Missing Permissions (code 50013)"})
			if err != nil {
				return fmt.Errorf("refuse effect %s: %w", e.ID, err)
			}
			if err := b.Send(inbox, data); err != nil {
				return err
			}
		}
		return m.Done(ctx)
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}
