package bus

import (
	"context"
	"fmt"
	"strings"

	"antiraid/shared/event"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Letter is a message that nobody can handle, with its bytes.
type Letter struct {
	Tenant tenant.ID // zero when not even that could be read
	Part   string    // template, or who gave up: _gateway, _executor, _rest
	ID     string    // the same for a repeated letter; may be empty
	Reason string    // one sentence
	Header map[string]string
	Data   []byte
}

// DeadLetter stores a letter in the stream DEAD. Of a message larger than any of ours it keeps the beginning: beside it the reason must fit.
func (b *Bus) DeadLetter(ctx context.Context, l Letter) error {
	if n := len(l.Data); n > event.MaxPayload {
		l.Data = l.Data[:event.MaxPayload]
		l.Reason += fmt.Sprintf(": only the first %d of %d bytes are kept", event.MaxPayload, n)
	}
	header := map[string]string{subject.HeaderError: headerSafe(l.Reason)}
	for k, v := range l.Header {
		header[k] = headerSafe(v)
	}
	_, err := b.Publish(ctx, Outgoing{Subject: subject.DeadLetter(l.Tenant, l.Part), ID: l.ID, Header: header, Data: l.Data})
	return err
}

// headerSafe keeps a reason inside one header line of bounded length.
func headerSafe(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return s[:min(len(s), 2048)]
}
