package rest

import (
	"net/http"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

// callbackResponse is what `with_response` brings.
type callbackResponse struct {
	Interaction callbackInteraction `json:"interaction"`
	Resource    *callbackResource   `json:"resource,omitempty"`
}

type callbackInteraction struct {
	ID        discord.ID `json:"id"`
	Type      int        `json:"type"`
	ChannelID discord.ID `json:"channel_id,omitzero"`
	GuildID   discord.ID `json:"guild_id,omitzero"`
	MessageID discord.ID `json:"response_message_id,omitzero"`
	Loading   bool       `json:"response_message_loading,omitempty"`
	Ephemeral bool       `json:"response_message_ephemeral,omitempty"`
}

type callbackResource struct {
	Type    int              `json:"type"`
	Message *discord.Message `json:"message"`
}

func answer(c *call) (reply, error) {
	var form world.Answer
	if err := c.into(&form); err != nil {
		return reply{}, err
	}
	done, err := c.api.world.Answer(c.ids["interaction"], c.r.PathValue("token"), form)
	if err != nil || !c.yes("with_response") {
		return none(err)
	}
	out := callbackResponse{Interaction: callbackInteraction{
		ID: done.Interaction.ID, Type: done.Interaction.Type, ChannelID: done.Interaction.ChannelID, GuildID: done.Interaction.GuildID,
		Loading: done.Loading,
	}}
	if m := done.Message; m != nil {
		out.Interaction.MessageID, out.Interaction.Ephemeral = m.ID, m.Flags&discord.FlagEphemeral != 0
		out.Resource = &callbackResource{done.Type, m}
	}
	return ok(out)
}

func followUp(c *call) (reply, error) {
	d, err := c.draft()
	if err != nil {
		return reply{}, err
	}
	return either(c.api.world.FollowUp(c.ids["application"], c.r.PathValue("token"), d))
}

// The routes below have {message}, or @original, which leaves that id 0.

func getAnswer(c *call) (reply, error) {
	return either(c.api.world.AnswerMessage(c.ids["application"], c.r.PathValue("token"), c.ids["message"]))
}

func editAnswer(c *call) (reply, error) {
	d, err := c.draft()
	if err != nil {
		return reply{}, err
	}
	return either(c.api.world.EditAnswer(c.ids["application"], c.r.PathValue("token"), c.ids["message"], d))
}

func deleteAnswer(c *call) (reply, error) {
	return none(c.api.world.DeleteAnswer(c.ids["application"], c.r.PathValue("token"), c.ids["message"]))
}

func (c *call) owned() error {
	if c.ids["application"] != c.api.world.Bot().ID {
		return discord.ErrUnknownApplication
	}
	return nil
}

func getCommands(c *call) (reply, error) {
	return reply{http.StatusOK, c.api.world.Commands(c.ids["guild"])}, c.owned()
}

func putCommand(c *call) (reply, error) {
	var form world.Command
	if err := c.into(&form); err != nil {
		return reply{}, err
	}
	if err := c.owned(); err != nil {
		return reply{}, err
	}
	made, fresh, err := c.api.world.PutCommand(c.ids["guild"], form)
	if fresh {
		return reply{http.StatusCreated, made}, err
	}
	return reply{http.StatusOK, made}, err
}

func setCommands(c *call) (reply, error) {
	var form []world.Command
	if err := c.into(&form); err != nil {
		return reply{}, err
	}
	if err := c.owned(); err != nil {
		return reply{}, err
	}
	return either(c.api.world.SetCommands(c.ids["guild"], form))
}

func dropCommand(c *call) (reply, error) {
	if err := c.owned(); err != nil {
		return reply{}, err
	}
	return none(c.api.world.DropCommand(c.ids["guild"], c.ids["command"]))
}
