package scenario

import (
	"fmt"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

// The sample's ids are fixed, so that what is stored about it fits again after a restart.
const (
	SampleGuild   discord.ID = 1100000000000000000
	SampleChannel discord.ID = 1100000000000000010
	SampleRole    discord.ID = 1100000000000000020
	SampleOwner   discord.ID = 1100000000000000030
	SampleUser    discord.ID = 1100000000000000040 // has the app installed for themself, and is in no guild
)

// Seed makes the sample guild and user.
func Seed(w *world.World) error {
	w.AddUser(discord.User{ID: SampleOwner, Username: "olive"})
	w.AddUser(discord.User{ID: SampleUser, Username: "uma"})
	if _, err := w.AddGuild(discord.Guild{ID: SampleGuild, Name: "Sample Server", OwnerID: SampleOwner}); err != nil {
		return fmt.Errorf("seed the sample guild: %w", err)
	}
	if _, err := w.AddChannel(SampleGuild, discord.Channel{ID: SampleChannel, Name: "lobby"}); err != nil {
		return fmt.Errorf("seed the sample channel: %w", err)
	}
	if _, err := w.AddRole(SampleGuild, discord.Role{ID: SampleRole, Name: "newcomer"}); err != nil {
		return fmt.Errorf("seed the sample role: %w", err)
	}
	return nil
}

// sample is a quiet moment of a small server: 9 steps.
func sample(p *play) error {
	if p.o.Every == 0 {
		p.o.Every = 400 * time.Millisecond
	}
	people := []discord.ID{}
	for _, name := range []string{"ada", "grace", "linus"} {
		id := p.newcomer(name)
		people = append(people, id)
		if err := p.step(name+" joins", func() error { _, err := p.w.Join(SampleGuild, id); return err }); err != nil {
			return err
		}
	}
	var last discord.Message
	for i, text := range []string{"hello", "!count", "!count", "good to be here"} {
		who := people[i%len(people)]
		err := p.step("somebody writes "+text, func() (err error) { last, err = p.w.Write(SampleChannel, who, text); return err })
		if err != nil {
			return err
		}
	}
	if err := p.step("somebody reacts", func() error { return p.w.React(SampleChannel, last.ID, people[1], "👋") }); err != nil {
		return err
	}
	return p.step("uma runs /remind in the bot's DM", func() error {
		_, err := p.w.Interact(world.Use{User: SampleUser, Command: "remind", UserInstalled: true, Options: []any{
			map[string]any{"name": "what", "type": 3, "value": "water the plants"},
			map[string]any{"name": "minutes", "type": 4, "value": 5},
		}})
		return err
	})
}
