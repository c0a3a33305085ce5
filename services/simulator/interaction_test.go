package simulator_test

import (
	"fmt"
	"testing"
	"time"

	"antiraid/services/simulator"
)

// use is an interaction and the paths to answer it.
type use struct {
	simulator.Interaction
	callback, webhook, original string
}

func (s *scene) use(t *testing.T, u simulator.Use) use {
	t.Helper()
	in, err := s.World().Interact(u)
	if err != nil {
		t.Fatal(err)
	}
	webhook := fmt.Sprintf("/webhooks/%d/%s", s.Application(), in.Token)
	return use{in, fmt.Sprintf("/interactions/%d/%s/callback", in.ID, in.Token), webhook, webhook + "/messages/@original"}
}

// answerWith is a callback form.
func answerWith(kind int, data any) map[string]any { return map[string]any{"type": kind, "data": data} }

func TestInteractionInAGuild(t *testing.T) {
	s := free(t)
	s.bot.token = "" // answers need no token
	u := s.use(t, simulator.Use{User: s.member.ID, Guild: simulator.SampleGuild, Channel: simulator.SampleChannel, Command: "ping"})
	if u.Context != 0 || u.Owners["0"] != simulator.SampleGuild || u.Member == nil || u.User != nil || u.Member.Permissions == "" {
		t.Errorf("a guild's interaction is %+v", u.Interaction)
	}
	type response struct {
		Interaction struct {
			ID, ResponseMessageID simulator.ID
		}
		Resource struct {
			Type    int
			Message simulator.Message
		}
	}
	r := as[response](t, s.bot.want(200, "POST", u.callback+"?with_response=true", answerWith(4, text("pong"))).body)
	m := r.Resource.Message
	if r.Interaction.ID != u.ID || r.Resource.Type != 4 || m.Content != "pong" || m.Type != 20 || m.ApplicationID != s.Application() {
		t.Errorf("with_response brings %+v", r)
	}
	s.bot.refuse(400, 40060, "POST", u.callback, answerWith(4, text("again")))
	s.bot.want(200, "PATCH", u.original, text("edited"))
	if m := as[simulator.Message](t, s.bot.want(200, "GET", u.original, nil).body); m.Content != "edited" || m.EditedTimestamp == nil {
		t.Errorf("the original is %+v", m)
	}
	more := as[simulator.Message](t, s.bot.want(200, "POST", u.webhook, text("more")).body)
	path := fmt.Sprintf("%s/messages/%d", u.webhook, more.ID)
	s.bot.want(200, "PATCH", path, text("still more"))
	s.bot.want(204, "DELETE", path, nil)
	s.bot.refuse(404, 10008, "GET", path, nil)
	s.bot.want(204, "DELETE", u.original, nil)
	s.bot.refuse(404, 10008, "GET", u.original, nil)
	for range 7 { // a guild's installation allows as many as one likes
		s.bot.want(200, "POST", u.webhook, text("more"))
	}
}

func TestInteractionOfAUserInstallation(t *testing.T) {
	s := free(t)
	u := s.use(t, simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true})
	if len(u.Owners) != 1 || u.Owners["1"] != simulator.SampleUser || u.Context != 1 || u.User == nil || u.Member != nil || u.GuildID != 0 {
		t.Errorf("a user's interaction in the bot's DM is %+v", u.Interaction)
	}
	s.bot.refuse(404, 10015, "POST", u.webhook, text("too early"))
	s.bot.want(204, "POST", u.callback, answerWith(5, map[string]any{"flags": 64}))
	loading := as[simulator.Message](t, s.bot.want(200, "GET", u.original, nil).body)
	if loading.Flags != 64|128 {
		t.Errorf("a deferred answer has flags %d, want ephemeral and loading", loading.Flags)
	}
	first := as[simulator.Message](t, s.bot.want(200, "POST", u.webhook, text("the first takes the deferred one's place")).body)
	if first.ID != loading.ID || first.Flags != 64 {
		t.Errorf("the first follow-up is message %d with flags %d, want %d with 64", first.ID, first.Flags, loading.ID)
	}
	nonced := map[string]any{"content": "x", "nonce": "n", "enforce_nonce": true}
	one := as[simulator.Message](t, s.bot.want(200, "POST", u.webhook, nonced).body)
	two := as[simulator.Message](t, s.bot.want(200, "POST", u.webhook, nonced).body)
	if one.ID == two.ID {
		t.Error("a follow-up's nonce was enforced; Discord does not")
	}
	for range 3 {
		s.bot.want(200, "POST", u.webhook, text("more"))
	}
	s.bot.refuse(400, 40094, "POST", u.webhook, text("the sixth"))
}

// TestUserInstallationWhereTheBotIsNot is a command used in a guild that only the user brought the app to.
func TestUserInstallationWhereTheBotIsNot(t *testing.T) {
	s := free(t)
	g := must(s.World().AddGuild(simulator.Guild{Name: "elsewhere", OwnerID: s.member.ID}))
	if err := s.World().RemoveBot(g.ID); err != nil {
		t.Fatal(err)
	}
	u := s.use(t, simulator.Use{User: s.member.ID, Guild: g.ID, Command: "remind", UserInstalled: true})
	if _, has := u.Owners["0"]; has || u.Context != 0 || u.GuildID != g.ID {
		t.Errorf("the interaction is %+v", u.Interaction)
	}
	s.bot.want(204, "POST", u.callback, answerWith(4, text("noted")))
	s.bot.refuse(403, 50001, "POST", fmt.Sprintf("/channels/%d/messages", u.ChannelID), text("x"))
	for _, r := range s.Journal().All() {
		if r.Guild != g.ID || r.Route == "/interactions/{interaction}/{token}/callback" && r.User != s.member.ID {
			t.Errorf("the journal does not know whose request this is: %+v", r)
		}
	}
}

// TestAnswersAreHushed where a user brought an app to a guild that does not let members use apps of their own.
func TestAnswersAreHushed(t *testing.T) {
	s := free(t)
	muted := must(s.World().AddGuild(simulator.Guild{Name: "strict"}))
	must(s.World().Join(muted.ID, s.member.ID))
	if err := s.World().SetRolePermissions(muted.ID, muted.ID, simulator.Ordinary&^simulator.UseExternalApps); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		guild         simulator.ID
		userInstalled bool
		flags         int
	}{{simulator.SampleGuild, true, 0}, {muted.ID, true, 64}, {muted.ID, false, 0}} {
		u := s.use(t, simulator.Use{User: s.member.ID, Guild: c.guild, Command: "x", UserInstalled: c.userInstalled})
		s.bot.want(204, "POST", u.callback, answerWith(4, text("x")))
		if m := as[simulator.Message](t, s.bot.want(200, "GET", u.original, nil).body); m.Flags != c.flags {
			t.Errorf("in guild %d, user-installed %v: flags %d, want %d", c.guild, c.userInstalled, m.Flags, c.flags)
		}
	}
}

func TestInteractionsEnd(t *testing.T) {
	clock := newClock()
	s := newScene(t, simulator.Config{Unlimited: true, Now: clock.now})
	remind := simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true}
	good, late := s.use(t, remind), s.use(t, remind)
	clock.pass(3 * time.Second)
	s.bot.want(204, "POST", good.callback, answerWith(5, nil))
	clock.pass(time.Millisecond)
	s.bot.refuse(404, 10062, "POST", late.callback, answerWith(5, nil))
	s.bot.refuse(404, 10062, "POST", "/interactions/1/x/callback", answerWith(5, nil))
	clock.pass(15*time.Minute - 3*time.Second - time.Millisecond)
	s.bot.want(200, "PATCH", good.original, text("in time"))
	clock.pass(time.Millisecond)
	s.bot.refuse(401, 50027, "PATCH", good.original, text("too late"))
}

func TestAnswersThatMakeNoSense(t *testing.T) {
	s := free(t)
	u := s.use(t, simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true})
	for _, c := range []struct {
		code int
		form map[string]any
	}{
		{50035, answerWith(2, nil)},
		{50035, answerWith(4, nil)},
		{50006, answerWith(4, map[string]any{})},
		{50035, answerWith(6, nil)},
		{50035, answerWith(7, text("x"))},
		{50035, answerWith(8, map[string]any{"choices": []any{}})},
		{50035, answerWith(9, map[string]any{"custom_id": "m", "title": "", "components": []any{map[string]any{}}})},
	} {
		s.bot.refuse(400, c.code, "POST", u.callback, c.form)
	}
	s.bot.want(204, "POST", u.callback, answerWith(9, map[string]any{
		"custom_id": "m", "title": "t", "components": []any{map[string]any{"type": 18}},
	}))
}

func TestComponentPress(t *testing.T) {
	s := free(t)
	m := as[simulator.Message](t, s.bot.want(200, "POST", s.messages, rich).body)
	press := simulator.Use{
		User: s.member.ID, Guild: simulator.SampleGuild, Channel: simulator.SampleChannel, Type: 3, Message: m.ID,
		Data: map[string]any{"custom_id": "b", "component_type": 2},
	}
	u := s.use(t, press)
	if u.Message == nil || u.Message.ID != m.ID {
		t.Fatalf("the interaction has message %v, want %d", u.Message, m.ID)
	}
	s.bot.want(200, "POST", u.callback+"?with_response=1", answerWith(7, text("pressed")))
	if got := as[simulator.Message](t, s.bot.want(200, "GET", fmt.Sprintf("%s/%d", s.messages, m.ID), nil).body); got.Content != "pressed" {
		t.Errorf("the message says %q", got.Content)
	}
	s.bot.want(204, "POST", s.use(t, press).callback, answerWith(6, nil))
	complete := s.use(t, simulator.Use{User: s.member.ID, Guild: simulator.SampleGuild, Type: 4, Command: "ping"})
	s.bot.want(204, "POST", complete.callback, answerWith(8, map[string]any{"choices": []any{}}))
}

func TestUploads(t *testing.T) {
	s := free(t)
	m := s.bot.upload(s.messages, `{"content":"look"}`, "a b.txt", "hello")
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "a b.txt" || m.Attachments[0].Size != 5 || m.Content != "look" {
		t.Errorf("the message has %+v", m.Attachments)
	}
}
