package world

import (
	"cmp"
	"encoding/json"
	"slices"

	"antiraid/services/simulator/internal/discord"
)

// Command types and how many of each there may be. Source: https://discord.com/developers/docs/interactions/application-commands.
var commandLimits = map[int]int{1: 100, 2: 15, 3: 15, 4: 1}

// Command is an application command.
type Command struct {
	ID                       discord.ID      `json:"id"`
	ApplicationID            discord.ID      `json:"application_id"`
	GuildID                  discord.ID      `json:"guild_id,omitzero"`
	Version                  discord.ID      `json:"version"`
	Type                     int             `json:"type"`
	Name                     string          `json:"name"`
	NameLocalizations        json.RawMessage `json:"name_localizations"`
	Description              string          `json:"description"`
	DescriptionLocalizations json.RawMessage `json:"description_localizations"`
	Options                  json.RawMessage `json:"options,omitempty"`
	DefaultMemberPermissions *string         `json:"default_member_permissions"`
	DMPermission             *bool           `json:"dm_permission,omitempty"`
	NSFW                     bool            `json:"nsfw"`
	IntegrationTypes         []int           `json:"integration_types,omitempty"`
	Contexts                 []int           `json:"contexts,omitempty"`
}

// Commands is the application's commands of a guild, or its global ones with 0.
func (w *World) Commands(guild discord.ID) []Command {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.list(guild)
}

func (w *World) list(guild discord.ID) []Command {
	found := []Command{}
	for _, c := range w.commands[guild] {
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b Command) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// PutCommand makes a command, or replaces the one of that name and type; fresh tells which.
func (w *World) PutCommand(guild discord.ID, c Command) (made Command, fresh bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.checkCommands(guild, append(w.others(guild, c), c)); err != nil {
		return c, false, err
	}
	made, fresh = w.putCommand(guild, c, w.commands[guild])
	return made, fresh, nil
}

// SetCommands replaces all commands.
func (w *World) SetCommands(guild discord.ID, all []Command) ([]Command, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.checkCommands(guild, all); err != nil {
		return nil, err
	}
	old := w.commands[guild]
	w.commands[guild] = map[discord.ID]Command{}
	for _, c := range all {
		w.putCommand(guild, c, old)
	}
	return w.list(guild), nil
}

// DropCommand deletes a command.
func (w *World) DropCommand(guild, id discord.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.commands[guild][id]; !ok {
		return discord.ErrUnknownCommand
	}
	delete(w.commands[guild], id)
	return nil
}

func (w *World) putCommand(guild discord.ID, c Command, old map[discord.ID]Command) (Command, bool) {
	c.ID, c.ApplicationID, c.GuildID, c.Version = w.minter.Next(), w.bot.ID, guild, w.minter.Next()
	c.Type = max(c.Type, 1)
	fresh := true
	for id, known := range old {
		if known.Name == c.Name && known.Type == c.Type {
			c.ID, fresh = id, false
		}
	}
	if guild == 0 {
		if c.IntegrationTypes == nil {
			c.IntegrationTypes = []int{0}
		}
		if c.Contexts == nil {
			c.Contexts = []int{0, 1, 2}
		}
	}
	if w.commands[guild] == nil {
		w.commands[guild] = map[discord.ID]Command{}
	}
	w.commands[guild][c.ID] = c
	return c, fresh
}

func (w *World) others(guild discord.ID, c Command) []Command {
	return slices.DeleteFunc(w.list(guild), func(k Command) bool { return k.Name == c.Name && k.Type == max(c.Type, 1) })
}

func (w *World) checkCommands(guild discord.ID, all []Command) error {
	if g := w.guilds[guild]; guild != 0 && (g == nil || g.members[w.bot.ID] == nil) {
		return discord.ErrMissingAccess
	}
	counts, names := map[int]int{}, map[[2]string]bool{}
	for _, c := range all {
		kind := max(c.Type, 1)
		key := [2]string{c.Name, string(rune('0' + kind))}
		counts[kind]++
		switch {
		case len([]rune(c.Name)) < 1 || len([]rune(c.Name)) > 32:
			return discord.InvalidField("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
		case kind == 1 && (c.Description == "" || len([]rune(c.Description)) > 100):
			return discord.InvalidField("description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
		case names[key]:
			return discord.InvalidField("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		case counts[kind] > commandLimits[kind]:
			return discord.ErrTooManyCommands
		}
		names[key] = true
	}
	return nil
}

// command is the command that somebody in a guild means with a name: the guild's own first.
func (w *World) command(guild discord.ID, name string) (Command, bool) {
	for _, place := range []discord.ID{guild, 0} {
		for _, c := range w.commands[place] {
			if c.Name == name {
				return c, true
			}
		}
	}
	return Command{}, false
}
