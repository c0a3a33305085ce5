package world

import (
	"encoding/json"

	"antiraid/services/simulator/internal/discord"
)

// Callback types. Source: https://discord.com/developers/docs/interactions/receiving-and-responding.
const (
	answerMessage      = 4
	answerDeferred     = 5
	answerDeferredEdit = 6
	answerEdit         = 7
	answerAutocomplete = 8
	answerModal        = 9
	maxUserFollowUps   = 5 // of an interaction that only a user's installation allows
	maxChoices         = 25
	maxModalTitle      = 45
	maxModalComponents = 5
)

// Answer is the first answer to an interaction.
type Answer struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

// Answered is what became of an interaction, as `with_response` tells it.
type Answered struct {
	Interaction discord.Interaction
	Type        int
	Message     *discord.Message // nil: there is none
	Loading     bool
}

// Answer is the bot's first answer. Too late or unknown: 10062. The second one: 40060.
func (w *World) Answer(id discord.ID, token string, a Answer) (Answered, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := w.interactions[id]
	switch {
	case in == nil || in.Token != token:
		return Answered{}, discord.ErrUnknownInteraction
	case in.answered != 0:
		return Answered{}, discord.ErrAcknowledged
	case w.cfg.Now().Sub(in.sent) > w.cfg.CallbackWithin:
		return Answered{}, discord.ErrUnknownInteraction
	}
	ch := w.channels[in.ChannelID]
	if ch == nil {
		return Answered{}, discord.ErrUnknownChannel
	}
	d, err := a.check(in.Interaction)
	if err != nil {
		return Answered{}, err
	}
	out := Answered{Interaction: in.Interaction, Type: a.Type, Loading: a.Type == answerDeferred}
	switch a.Type {
	case answerMessage, answerDeferred:
		out.Message = w.answerWith(in, ch, d, out.Loading)
		in.original = out.Message.ID
	case answerDeferredEdit:
		in.original = in.Message.ID
	case answerEdit:
		old := ch.messages[in.Message.ID]
		if old == nil {
			return Answered{}, discord.ErrUnknownMessage
		}
		m, err := w.edit(ch, old, d)
		if err != nil {
			return Answered{}, err
		}
		out.Message, in.original = &m, m.ID
	}
	in.answered = a.Type
	return out, nil
}

// check finds what Discord would refuse, and reads the message if there is one.
func (a Answer) check(in discord.Interaction) (Draft, error) {
	var d Draft
	switch a.Type {
	case answerMessage, answerEdit:
		if len(a.Data) == 0 || string(a.Data) == "null" || json.Unmarshal(a.Data, &d) != nil {
			return d, discord.InvalidField("data", "BASE_TYPE_REQUIRED", "This field is required")
		}
	case answerDeferred:
		if len(a.Data) > 0 && json.Unmarshal(a.Data, &d) != nil {
			return d, discord.ErrBadJSON
		}
		flags := d.flags() & discord.FlagEphemeral
		return Draft{Flags: &flags}, nil
	case answerDeferredEdit:
	case answerAutocomplete:
		return d, a.checkChoices(in)
	case answerModal:
		return d, a.checkModal(in)
	default:
		return d, discord.InvalidField("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 8, 9}.")
	}
	if (a.Type == answerEdit || a.Type == answerDeferredEdit) && in.Message == nil {
		return d, discord.InvalidField("type", "INTERACTION_TYPE_INVALID", "Only components can be answered with type %d.", a.Type)
	}
	if a.Type == answerMessage && d.empty() {
		return d, discord.ErrEmptyMessage
	}
	return d, d.check()
}

func (a Answer) checkChoices(in discord.Interaction) error {
	var data struct{ Choices []json.RawMessage }
	switch {
	case in.Type != discord.InteractionAutocomplete:
		return discord.InvalidField("type", "INTERACTION_TYPE_INVALID", "Only autocomplete can be answered with type 8.")
	case json.Unmarshal(a.Data, &data) != nil || len(data.Choices) > maxChoices:
		return discord.InvalidField("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxChoices)
	}
	return nil
}

func (a Answer) checkModal(in discord.Interaction) error {
	var data struct {
		CustomID   string `json:"custom_id"`
		Title      string
		Components []json.RawMessage
	}
	switch {
	case in.Type == discord.InteractionModal:
		return discord.InvalidField("type", "INTERACTION_TYPE_INVALID", "A modal cannot be answered with a modal.")
	case json.Unmarshal(a.Data, &data) != nil || data.CustomID == "" || len(data.CustomID) > 100:
		return discord.InvalidField("data.custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case data.Title == "" || len([]rune(data.Title)) > maxModalTitle:
		return discord.InvalidField("data.title", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and %d in length.", maxModalTitle)
	case len(data.Components) == 0 || len(data.Components) > maxModalComponents:
		return discord.InvalidField("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and %d in length.", maxModalComponents)
	}
	return nil
}

// answerWith makes a message that answers an interaction.
func (w *World) answerWith(in *interaction, ch *channel, d Draft, loading bool) *discord.Message {
	if d.AllowedMentions == nil {
		d.AllowedMentions = &discord.AllowedMentions{Parse: []string{"users"}}
	}
	m := w.compose(ch, w.bot, d)
	m.ApplicationID, m.WebhookID, m.Nonce = w.bot.ID, w.bot.ID, nil
	m.InteractionMeta = &discord.InteractionMeta{ID: in.ID, Type: in.Type, User: in.by(), Owners: in.Owners}
	if in.Type == discord.InteractionCommand {
		m.Type = discord.MessageChatInput
	}
	if loading {
		m.Flags |= discord.FlagLoading
	}
	if w.hushed(in) {
		m.Flags |= discord.FlagEphemeral
	}
	in.messages[m.ID] = true
	if m.Flags&discord.FlagEphemeral != 0 {
		w.keep(ch, m)
	} else {
		w.publish(ch, m)
	}
	return m
}

// hushed reports whether only the user may see the answers: the guild did not install the app, and the user may not use others there.
func (w *World) hushed(in *interaction) bool {
	_, byGuild := in.Owners["0"]
	g := w.guilds[in.GuildID]
	return !byGuild && g != nil && !w.permissions(g, in.by().ID).Has(discord.SendMessages|discord.UseExternalApps)
}

func (in *interaction) by() discord.User {
	if in.Member != nil {
		return *in.Member.User
	}
	return *in.User
}
