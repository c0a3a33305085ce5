package request

import (
	"slices"

	"antiraid/shared/tenant"
)

// fieldset says which fields of a message may be given.
type fieldset struct {
	stickers, reference bool
	empty               bool // a message without content is allowed
}

var (
	plainMessage = fieldset{stickers: true, reference: true}
	replyMessage = fieldset{}
	editMessage  = fieldset{empty: true}
)

// message reads the fields of a message. Mentions that were not asked for are switched off: content is often a stranger's text.
func (a *args) message(f fieldset) map[string]any {
	m := map[string]any{}
	if s, ok := a.text("content", 2000); ok {
		m["content"] = s
	}
	if embeds, ok := a.objects("embeds", 10); ok {
		m["embeds"] = embeds
	}
	if components, ok := a.objects("components", 40); ok {
		m["components"] = components
	}
	if poll, ok := a.take("poll"); ok {
		if m["poll"] = poll; poll[0] != '{' {
			a.fail("poll: want an object, got %s", shown(poll))
		}
	}
	if f.stickers {
		if ids := a.snowflakes("sticker_ids", 3); len(ids) > 0 {
			m["sticker_ids"] = ids
		}
	}
	forward := f.reference && a.reference(m)
	if !forward && !f.empty && m["content"] == nil && m["embeds"] == nil && m["components"] == nil && m["poll"] == nil && m["sticker_ids"] == nil {
		a.fail("the message is empty: give content, embeds, components, poll or sticker_ids")
	}
	if n, ok := a.integer("flags", 0, 1<<31-1); ok {
		m["flags"] = n
	}
	if tts, ok := a.boolean("tts"); ok {
		m["tts"] = tts
	}
	m["allowed_mentions"] = a.mentions()
	return m
}

func (a *args) snowflakes(name string, limit int) []string {
	raw, ok := a.take(name)
	if !ok {
		return []string{}
	}
	var ids list[string]
	if err := ids.UnmarshalJSON(raw); err != nil {
		a.fail("%s: want a list of ids as strings, got %s", name, shown(raw))
	}
	if len(ids) > limit {
		a.fail("%s: has %d entries, at most %d are allowed", name, len(ids), limit)
	}
	for _, id := range ids {
		if _, err := tenant.ParseSnowflake(id); err != nil {
			a.fail("%s: %v", name, err)
		}
	}
	return ids
}

// mentions is who may be pinged; nobody by default. It is written anew, so that Discord reads exactly what was checked.
func (a *args) mentions() map[string]any {
	inner, ok := a.object("allowed_mentions")
	if !ok {
		return map[string]any{"parse": []string{}}
	}
	m := map[string]any{"parse": inner.words("parse", "users", "roles", "everyone")}
	for _, name := range []string{"users", "roles"} {
		if ids := inner.snowflakes(name, 100); len(ids) > 0 {
			m[name] = ids
		}
	}
	if replied, ok := inner.boolean("replied_user"); ok {
		m["replied_user"] = replied
	}
	a.close("allowed_mentions", inner)
	return m
}

// words is a list of some of the known words.
func (a *args) words(name string, known ...string) []string {
	raw, ok := a.take(name)
	if !ok {
		return []string{}
	}
	words := list[string]{}
	if err := words.UnmarshalJSON(raw); err != nil {
		a.fail("%s: want a list of strings, got %s", name, shown(raw))
	}
	for _, w := range words {
		if !slices.Contains(known, w) {
			a.fail("%s: %.64q is none of %v", name, w, known)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Kinds of message_reference.
const (
	reply   = 0
	forward = 1
)

// reference reads what a message answers or forwards, and reports whether it forwards. A forward copies a message out of any channel
// the bot can read: its source must be the tenant's, like the channel it goes to.
func (a *args) reference(m map[string]any) bool {
	inner, ok := a.object("message_reference")
	if !ok {
		return false
	}
	ref := map[string]any{"message_id": inner.snowflake("message_id")}
	kind, _ := inner.integer("type", reply, forward)
	ref["type"] = kind
	if _, given := inner.fields["channel_id"]; given || kind == forward {
		source := inner.snowflake("channel_id")
		ref["channel_id"] = source
		inner.channels = append(inner.channels, source)
	}
	if b, ok := inner.boolean("fail_if_not_exists"); ok {
		ref["fail_if_not_exists"] = b
	}
	a.close("message_reference", inner)
	m["message_reference"] = ref
	return kind == forward
}
