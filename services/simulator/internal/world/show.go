package world

import (
	"encoding/json"
	"unicode/utf8"

	"antiraid/services/simulator/internal/discord"
)

// embed is the part of an embed that counts towards its size.
type embed struct {
	Title       string                         `json:"title"`
	Description string                         `json:"description"`
	Fields      []struct{ Name, Value string } `json:"fields"`
	Footer      struct{ Text string }          `json:"footer"`
	Author      struct{ Name string }          `json:"author"`
}

func (e embed) size() int {
	n := utf8.RuneCountInString(e.Title + e.Description + e.Footer.Text + e.Author.Name)
	for _, f := range e.Fields {
		n += utf8.RuneCountInString(f.Name + f.Value)
	}
	return n
}

// shown is embeds as Discord gives them back: with their type.
func shown(embeds []json.RawMessage) []json.RawMessage {
	out := make([]json.RawMessage, 0, len(embeds))
	for _, data := range embeds {
		var fields map[string]any
		if json.Unmarshal(data, &fields) != nil || fields == nil {
			continue
		}
		fields["type"] = "rich"
		list, _ := fields["fields"].([]any)
		for _, f := range list {
			fill(f, "inline", false)
		}
		out = append(out, discord.Encode(drop(fields)))
	}
	return out
}

// drop takes out what is null: Discord leaves those fields out.
func drop(fields map[string]any) map[string]any {
	for k, v := range fields {
		switch v := v.(type) {
		case nil:
			delete(fields, k)
		case map[string]any:
			drop(v)
		}
	}
	return fields
}

// fill sets a field that was left out.
func fill(object any, field string, v any) {
	if fields, ok := object.(map[string]any); ok && fields[field] == nil {
		fields[field] = v
	}
}

// numbered is components as Discord gives them back: selects with their defaults, each with an id, counted in the order of reading
// where it had none.
func numbered(components []json.RawMessage) []json.RawMessage {
	next := 0
	out := make([]json.RawMessage, 0, len(components))
	for _, data := range components {
		var v any
		if json.Unmarshal(data, &v) == nil {
			number(v, &next)
			out = append(out, discord.Encode(v))
		}
	}
	return out
}

func number(v any, next *int) {
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			number(each, next)
		}
	case map[string]any:
		kind, typed := v["type"].(float64)
		if !typed {
			return
		}
		*next++
		drop(v)
		fill(v, "id", *next)
		complete(v, int(kind))
		number(v["components"], next)
		number(v["accessory"], next)
	}
}

// complete sets what Discord shows of a component when it was left out. Source: https://discord.com/developers/docs/components/reference.
func complete(v map[string]any, kind int) {
	switch kind {
	case 3, 5, 6, 7, 8: // selects
		fill(v, "min_values", 1)
		fill(v, "max_values", 1)
	case 14: // separator
		fill(v, "divider", true)
		fill(v, "spacing", 1)
	case 17: // container
		fill(v, "accent_color", nil)
		fill(v, "spoiler", false)
	}
}

// count is the number of components, with those inside others.
func count(components []json.RawMessage) int {
	n := 0
	for _, data := range components {
		var v any
		if json.Unmarshal(data, &v) == nil {
			number(v, &n)
		}
	}
	return n
}
