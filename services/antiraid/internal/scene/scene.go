// Package scene is what people do in the simulated Discord while somebody watches: they come, write, advertise, and use a command.
package scene

import (
	"context"
	"time"

	"antiraid/services/antiraid/internal/narrator"
	"antiraid/services/simulator"
	"antiraid/shared/tenant"
)

// Tenants of the scene.
func Guild() tenant.ID { return sample(tenant.Guild, simulator.SampleGuild) }

// User is the one who has installed the app for themself.
func User() tenant.ID { return sample(tenant.User, simulator.SampleUser) }

func sample(k tenant.Kind, id simulator.ID) tenant.ID {
	t, err := tenant.New(k, uint64(id))
	if err != nil {
		panic(err) // a constant of ours
	}
	return t
}

// within is how long a step may take until all that should follow has reached Discord.
const within = 10 * time.Second

// Step does something as some people do, and waits for what follows; *narrator.Narrator has one.
type Step func(ctx context.Context, label string, do func() error, want []narrator.Want, within time.Duration) error

// Play plays the scene to its end, or to the first step that does not bring about what it should.
func Play(ctx context.Context, d *simulator.Simulator, step Step) error {
	p := &play{d.World(), step}
	ada, grace, mallory := p.person("ada"), p.person("grace"), p.person("mallory")
	greeted := []narrator.Want{{Template: "raidguard", Op: "add_role"}, {Template: "welcome", Op: "create_message"}}
	counted := []narrator.Want{{Template: "welcome", Op: "create_message"}}
	warned := []narrator.Want{{Template: "raidguard", Op: "get_member"}, {Template: "raidguard", Op: "add_reaction"}}
	banned := []narrator.Want{{Template: "raidguard", Op: "get_member"}, {Template: "raidguard", Op: "ban"}}
	noted := []narrator.Want{{Template: "remind", Op: "create_interaction_response"}}
	for _, s := range []struct {
		label string
		do    func() error
		want  []narrator.Want
	}{
		{"ada joins", p.joins(ada), greeted},
		{"grace joins", p.joins(grace), greeted},
		{"ada writes !count", p.writes(ada, "!count"), counted},
		{"grace writes !count", p.writes(grace, "!count"), counted},
		{"mallory joins", p.joins(mallory), greeted},
		{"mallory advertises", p.writes(mallory, "FREE NITRO at discord.gg/raid"), warned},
		{"mallory goes on", p.writes(mallory, "free nitro, last chance"), warned},
		{"mallory goes on", p.writes(mallory, "discord.gg/raid"), banned},
		{"uma uses /remind in a DM", p.reminds, noted},
	} {
		if err := step(ctx, s.label, s.do, s.want, within); err != nil {
			return err
		}
	}
	return nil
}

type play struct {
	world *simulator.World
	step  Step
}

func (p *play) person(name string) simulator.ID {
	return p.world.AddUser(simulator.User{Username: name}).ID
}

func (p *play) joins(who simulator.ID) func() error {
	return func() error { _, err := p.world.Join(simulator.SampleGuild, who); return err }
}

func (p *play) writes(who simulator.ID, text string) func() error {
	return func() error { _, err := p.world.Write(simulator.SampleChannel, who, text); return err }
}

// reminds is uma using a command of the app that she has installed for herself, in her direct messages with the bot.
func (p *play) reminds() error {
	_, err := p.world.Interact(simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true, Options: []any{
		map[string]any{"name": "what", "type": 3, "value": "water the plants"},
	}})
	return err
}
