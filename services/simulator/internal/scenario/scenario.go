// Package scenario is what people do in the simulated Discord when nobody tells them what to do.
package scenario

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

// Options tunes a scenario. Zero values get the scenario's own.
type Options struct {
	Count int           // how many: members that join in a raid
	Every time.Duration // pause between two steps; below 0: none
}

// Scenario is a play.
type Scenario struct {
	Name  string
	About string // one line
	play  func(p *play) error
}

// All is every scenario.
func All() []Scenario {
	return []Scenario{
		{"sample", "members join, people write hello and !count and react, a user runs /remind in the bot's DM", sample},
		{"raid", "many members join at once (count, default 5000) and one in ten of them writes", raid},
	}
}

// Find is the scenario of that name.
func Find(name string) (Scenario, error) {
	all := All()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name })
	if i < 0 {
		names := make([]string, 0, len(all))
		for _, s := range all {
			names = append(names, s.Name)
		}
		return Scenario{}, fmt.Errorf("find scenario %.64q: there are %s", name, strings.Join(names, ", "))
	}
	return all[i], nil
}

// Report is what a play brought about.
type Report struct {
	Scenario string       `json:"scenario"`
	Steps    int          `json:"steps"` // things done; each is at least one gateway event
	Guild    discord.ID   `json:"guild"`
	Users    []discord.ID `json:"users"` // those who came in it
}

// Play plays a scenario to its end, or until ctx ends.
func (s Scenario) Play(ctx context.Context, w *world.World, o Options, log *slog.Logger) (Report, error) {
	p := &play{ctx: ctx, w: w, o: o, log: log, report: Report{Scenario: s.Name, Guild: SampleGuild, Users: []discord.ID{}}}
	if err := s.play(p); err != nil {
		return p.report, fmt.Errorf("play %s: %w", s.Name, err)
	}
	return p.report, nil
}

// play is one run of a scenario.
type play struct {
	ctx    context.Context
	w      *world.World
	o      Options
	log    *slog.Logger
	report Report
}

// step does something, unless the play is over, and pauses. What is done comes out of it as an error or nothing.
func (p *play) step(what string, do func() error) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	p.report.Steps++
	p.log.Debug("scenario step", "scenario", p.report.Scenario, "step", what)
	if p.o.Every <= 0 {
		return nil
	}
	timer := time.NewTimer(p.o.Every)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

// newcomer makes a user who is not in any guild yet.
func (p *play) newcomer(name string) discord.ID {
	id := p.w.AddUser(discord.User{Username: name}).ID
	p.report.Users = append(p.report.Users, id)
	return id
}
