package world

import (
	"fmt"
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// AddUser makes a person. An ID of 0 is replaced with a new one; if the user exists already, the existing one is returned.
func (w *World) AddUser(u discord.User) discord.User {
	w.mu.Lock()
	defer w.mu.Unlock()
	if known, ok := w.users[u.ID]; ok {
		return known
	}
	if u.ID == 0 {
		u.ID = w.minter.Next()
	}
	if u.Username == "" {
		u.Username = fmt.Sprintf("user%d", u.ID)
	}
	if u.Discriminator == "" {
		u.Discriminator = "0"
	}
	if u.GlobalName == nil && !u.Bot {
		u.GlobalName = &u.Username
	}
	w.users[u.ID] = u
	return u
}

// User is the user with that id.
func (w *World) User(id discord.ID) (discord.User, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ok := w.users[id]
	if !ok {
		return u, discord.ErrUnknownUser
	}
	return u, nil
}

// RefuseDMs makes a user unreachable for the bot's messages, or reachable again.
func (w *World) RefuseDMs(user discord.ID, refuse bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed[user] = refuse
}

// OpenDM is the channel between the bot and a user, made when it is asked for first.
func (w *World) OpenDM(user discord.ID) (discord.Channel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.openDM(user)
	if err != nil {
		return discord.Channel{}, err
	}
	return ch.Channel, nil
}

func (w *World) openDM(user discord.ID) (*channel, error) {
	u, ok := w.users[user]
	switch {
	case !ok:
		return nil, discord.InvalidField("recipient_id", "INVALID_RECIPIENT", "Unknown recipient.")
	case u.ID == w.bot.ID:
		return nil, discord.ErrCannotMessageUser
	}
	if ch, ok := w.dms[user]; ok {
		return ch, nil
	}
	ch := w.addChannel(discord.Channel{Type: discord.DM, Recipients: []discord.User{u}})
	w.dms[user] = ch
	return ch, nil
}

// Mutual is the guilds that both the bot and a user are in, in the order of their ids.
func (w *World) Mutual(user discord.ID) []discord.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := []discord.ID{}
	for id, g := range w.guilds {
		if g.members[user] != nil && g.members[w.bot.ID] != nil {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return found
}
