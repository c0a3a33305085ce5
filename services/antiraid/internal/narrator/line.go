package narrator

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"antiraid/services/antiraid/internal/show"
	"antiraid/services/simulator"
	"antiraid/shared/effect"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// column is how wide the words about people are.
const column = 26

// line tells of one run: a line for each effect, or one for what it kept.
func (n *Narrator) line(s *story) {
	r := s.record
	chain := fmt.Sprintf("%s → %s", r.Type, n.paint.Bold(r.Template))
	for i, e := range r.Effects {
		n.say(chain + " → " + show.Effect(e, n.name) + n.received(r, s.got[i]))
		if s.got[i] == nil && n.discord != nil {
			n.owe(late{r, e})
		}
		n.met(Want{r.Template, e.Op})
	}
	if len(r.Effects) == 0 {
		parts := []string{chain}
		for _, w := range r.Writes {
			parts = append(parts, "keeps "+show.Write(w))
		}
		n.say(strings.Join(append(parts, n.printer.Outcome(r)), " → "))
	}
	n.printer.Below(r)
}

func (n *Narrator) say(text string) {
	gap := max(0, column-utf8.RuneCountInString(n.label))
	fmt.Fprintf(n.out, "%s%s  %s\n", n.paint.Bold(n.label), strings.Repeat(" ", gap), text)
	n.label = ""
}

// received is what Discord got of a run's effect.
func (n *Narrator) received(r *run.Record, got *simulator.Request) string {
	switch {
	case got == nil && n.discord == nil:
		return ""
	case got == nil:
		return " → " + n.paint.Note("not at Discord yet")
	}
	status := n.paint.Good(fmt.Sprint(got.Status))
	if got.Status >= 300 {
		status = n.paint.Bad(fmt.Sprint(got.Status))
	}
	return fmt.Sprintf(" → Discord: %s %s %s", got.Method, end(got.Route), status) + n.paint.Dim("  "+show.Duration(got.Time.Sub(r.Started)))
}

// end is the part of a route that tells it from others.
func end(route string) string {
	parts := strings.Split(route, "/")
	at := len(parts) - 1
	for at > 0 && strings.ContainsAny(parts[at], "{@") {
		at--
	}
	return "…/" + strings.Join(parts[at:], "/")
}

// name is what the simulated Discord calls an id.
func (n *Narrator) name(id string) string {
	number, err := tenant.ParseSnowflake(id)
	if err != nil || n.discord == nil {
		return id
	}
	if u, err := n.discord.World().User(simulator.ID(number)); err == nil {
		return u.Username
	}
	for _, g := range n.discord.World().Guilds() {
		for _, r := range g.Roles {
			if r.ID == simulator.ID(number) {
				return r.Name
			}
		}
	}
	return id
}

// met takes something off what the step wants.
func (n *Narrator) met(w Want) {
	if i := slices.Index(n.now.want, w); i >= 0 {
		n.now.want = slices.Delete(slices.Clone(n.now.want), i, i+1)
	}
}

// final reports whether nobody will send the request again.
func final(r simulator.Request) bool { return r.Status > 0 && r.Status != 429 && r.Status < 500 }

// requestKey tells requests apart as [key] tells effects.
func requestKey(r simulator.Request) string {
	if r.Method == "POST" && strings.HasSuffix(r.Route, "/messages") {
		return "message " + field(r.Body, "nonce")
	}
	return r.Method + " " + r.Path
}

// key is the request by which an effect reaches Discord. Messages carry the effect's id as their nonce.
func key(e effect.Effect) string {
	of := func(name string) string { return field(e.Args, name) }
	guild := "/guilds/" + e.Tenant.Snowflake()
	switch e.Op {
	case "create_message":
		return "message " + e.ID
	case "add_reaction":
		return "PUT /channels/" + of("channel_id") + "/messages/" + of("message_id") + "/reactions/" + of("emoji") + "/@me"
	case "get_member":
		return "GET " + guild + "/members/" + of("user_id")
	case "ban":
		return "PUT " + guild + "/bans/" + of("user_id")
	case "add_role":
		return "PUT " + guild + "/members/" + of("user_id") + "/roles/" + of("role_id")
	case "create_interaction_response":
		return "POST /interactions/" + of("interaction_id") + "/" + of("interaction_token") + "/callback"
	}
	return ""
}
