package rest

import (
	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

func getChannel(c *call) (reply, error) { return either(c.api.world.Channel(c.ids["channel"])) }

func getMessage(c *call) (reply, error) {
	return either(c.api.world.Message(c.ids["channel"], c.ids["message"]))
}

func getMessages(c *call) (reply, error) {
	limit, err := c.limit(50, 100)
	if err != nil {
		return reply{}, err
	}
	page := world.Page{Limit: limit}
	for name, id := range map[string]*discord.ID{"before": &page.Before, "after": &page.After, "around": &page.Around} {
		if *id, err = c.number(name, 0); err != nil {
			return reply{}, err
		}
	}
	return either(c.api.world.Messages(c.ids["channel"], page))
}

func createMessage(c *call) (reply, error) {
	d, err := c.draft()
	if err != nil {
		return reply{}, err
	}
	return either(c.api.world.Post(c.ids["channel"], d))
}

func editMessage(c *call) (reply, error) {
	d, err := c.draft()
	if err != nil {
		return reply{}, err
	}
	return either(c.api.world.Edit(c.ids["channel"], c.ids["message"], d))
}

func deleteMessage(c *call) (reply, error) {
	return none(c.api.world.Delete(c.ids["channel"], c.ids["message"]))
}

func react(c *call) (reply, error) {
	return none(c.api.world.BotReact(c.ids["channel"], c.ids["message"], c.r.PathValue("emoji")))
}

func unreact(c *call) (reply, error) {
	return none(c.api.world.BotUnreact(c.ids["channel"], c.ids["message"], c.r.PathValue("emoji")))
}

func typing(c *call) (reply, error) {
	_, err := c.api.world.Channel(c.ids["channel"])
	return none(err)
}
