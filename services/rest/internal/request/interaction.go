package request

import (
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"

	"antiraid/shared/effect"
)

// tokenLife is how long an interaction's token is good (Discord, "Receiving and Responding"); the first answer is due much earlier, and
// Discord is left to say so.
const tokenLife = 15 * time.Minute

func createInteractionResponse(_ effect.Effect, a *args) Request {
	id := a.snowflake("interaction_id")
	token, _ := a.text("interaction_token", 512)
	if !interactionToken.MatchString(token) {
		a.fail("interaction_token: want the token of the interaction")
		token = "x"
	}
	body := map[string]any{}
	kind, ok := a.integer("type", int64(discordgo.InteractionResponseChannelMessageWithSource), int64(discordgo.InteractionResponseModal))
	if !ok {
		a.fail("type is missing")
	}
	body["type"] = kind
	if data := a.responseData(discordgo.InteractionResponseType(kind)); data != nil {
		body["data"] = data
	}
	sent, err := discordgo.SnowflakeTimestamp(id)
	if err != nil {
		a.fail("interaction_id: %v", err)
	}
	return Request{
		Method: "POST", Path: below(discordgo.EndpointInteractionResponse(id, url.PathEscape(token))),
		Route: "POST /interactions/{interaction}/{token}/callback", Major: id, Body: a.encode(body), Callback: true, Until: sent.Add(tokenLife),
	}
}

// responseData reads what belongs to a kind of response; nil when nothing does.
func (a *args) responseData(kind discordgo.InteractionResponseType) map[string]any {
	inner, given := a.object("data")
	if !given {
		inner = readArgs([]byte("{}"))
	}
	var data map[string]any
	switch kind {
	case discordgo.InteractionResponseChannelMessageWithSource:
		data = inner.message(replyMessage)
	case discordgo.InteractionResponseUpdateMessage:
		data = inner.message(editMessage)
	case discordgo.InteractionResponseDeferredChannelMessageWithSource:
		if n, ok := inner.integer("flags", 0, 1<<31-1); ok {
			data = map[string]any{"flags": n}
		}
	case discordgo.InteractionApplicationCommandAutocompleteResult:
		choices, _ := inner.objects("choices", 25)
		data = map[string]any{"choices": append([]any{}, anys(choices)...)}
	case discordgo.InteractionResponseModal:
		data = inner.modal()
	}
	a.close("data", inner)
	return data
}

func (a *args) modal() map[string]any {
	id, _ := a.text("custom_id", 100)
	title, _ := a.text("title", 45)
	components, _ := a.objects("components", 5)
	if id == "" || title == "" || len(components) == 0 {
		a.fail("a form needs custom_id, title and components")
	}
	return map[string]any{"custom_id": id, "title": title, "components": components}
}

func anys[T any](items []T) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}
