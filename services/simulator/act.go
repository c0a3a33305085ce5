package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"antiraid/services/simulator/internal/discord"
)

// deed is what somebody does, as it is asked for over HTTP.
type deed struct {
	User    ID     `json:"user"` // 0: the sample's owner, or for a use without a guild the sample's user
	Guild   ID     `json:"guild"`
	Channel ID     `json:"channel"`
	Message ID     `json:"message"`
	Name    string `json:"name"` // of a user who is made for it
	Content string `json:"content"`
	Emoji   string `json:"emoji"`

	Command       string          `json:"command"`
	Options       json.RawMessage `json:"options"`
	UserInstalled bool            `json:"user_installed"`
}

// serveDeed lets somebody act, and answers with what came of it.
func (s *Simulator) serveDeed(w http.ResponseWriter, r *http.Request) {
	var d deed
	if !read(w, r, &d) {
		return
	}
	out, err := s.act(r.PathValue("deed"), d)
	refusal := (*discord.Error)(nil)
	switch {
	case errors.As(err, &refusal):
		http.Error(w, err.Error(), refusal.Status)
	case err != nil:
		http.Error(w, err.Error(), http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Write(append(discord.Encode(out), '\n'))
	}
}

func (s *Simulator) act(what string, d deed) (any, error) {
	if d.Name != "" {
		d.User = s.world.AddUser(User{Username: d.Name}).ID
	}
	if what == "use" {
		return s.use(d)
	}
	guild, channel, user := cmp.Or(d.Guild, SampleGuild), cmp.Or(d.Channel, SampleChannel), cmp.Or(d.User, SampleOwner)
	switch what {
	case "write":
		return s.world.Write(channel, user, d.Content)
	case "join":
		return s.world.Join(guild, user)
	case "leave":
		return struct{}{}, s.world.Leave(guild, user)
	case "react":
		return struct{}{}, s.world.React(channel, d.Message, user, d.Emoji)
	}
	return nil, fmt.Errorf("deed %.32q: want write, join, leave, react or use", what)
}

func (s *Simulator) use(d deed) (any, error) {
	u := Use{Guild: d.Guild, Channel: d.Channel, User: d.User, Command: d.Command, UserInstalled: d.UserInstalled}
	if d.Options != nil {
		u.Options = d.Options
	}
	if u.User == 0 {
		if u.User = SampleUser; u.Guild != 0 {
			u.User = SampleOwner
		}
	}
	return s.world.Interact(u)
}
