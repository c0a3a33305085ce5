package simulator_test

import (
	"fmt"
	"testing"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// scene is a simulator without rate limits and what tests use of it.
type scene struct {
	*simulator.Simulator
	bot      *bot
	guild    string // path of the sample guild
	channel  string // path of the sample channel
	messages string // path of its messages
	member   simulator.User
}

func newScene(t *testing.T, cfg simulator.Config) *scene {
	t.Helper()
	s := simulatortest.Start(t, cfg)
	member := s.World().AddUser(simulator.User{Username: "mallory"})
	must(s.World().Join(simulator.SampleGuild, member.ID))
	channel := fmt.Sprintf("/channels/%d", simulator.SampleChannel)
	return &scene{
		Simulator: s, bot: newBot(t, s), guild: fmt.Sprintf("/guilds/%d", simulator.SampleGuild), channel: channel,
		messages: channel + "/messages", member: member,
	}
}

func free(t *testing.T) *scene { return newScene(t, simulator.Config{Unlimited: true}) }

// TestAnswersAreDiscords asks every route; the check against Discord's description is in the asking.
func TestAnswersAreDiscords(t *testing.T) {
	s := free(t)
	b := s.bot
	ban := fmt.Sprintf("%s/bans/%d", s.guild, s.member.ID)
	member := fmt.Sprintf("%s/members/%d", s.guild, s.member.ID)
	role := fmt.Sprintf("%s/roles/%d", member, simulator.SampleRole)
	commands := fmt.Sprintf("/applications/%d/commands", s.Application())

	b.want(200, "GET", "/gateway", nil)
	b.want(200, "GET", "/gateway/bot", nil)
	b.want(200, "GET", "/users/@me", nil)
	b.want(200, "GET", "/users/@me/guilds", nil)
	b.want(200, "GET", fmt.Sprintf("/users/%d", s.member.ID), nil)
	b.want(200, "GET", "/applications/@me", nil)
	b.want(200, "GET", "/oauth2/applications/@me", nil)

	b.want(200, "GET", s.guild, nil)
	b.want(200, "GET", s.guild+"?with_counts=true", nil)
	b.want(200, "GET", s.guild+"/channels", nil)
	b.want(200, "GET", s.guild+"/roles", nil)
	b.want(200, "GET", s.guild+"/members?limit=1000", nil)
	b.want(200, "GET", member, nil)
	b.want(200, "PATCH", member, map[string]any{"nick": "mal", "mute": true})
	b.want(204, "PUT", role, nil)
	b.want(204, "DELETE", role, nil)
	b.want(204, "PUT", ban, map[string]any{"delete_message_seconds": 60})
	b.want(200, "GET", ban, nil)
	b.want(200, "GET", s.guild+"/bans", nil)
	b.want(204, "DELETE", ban, nil)
	must(s.World().Join(simulator.SampleGuild, s.member.ID))
	b.want(204, "DELETE", member, nil)

	b.want(200, "GET", s.channel, nil)
	m := as[simulator.Message](t, b.want(200, "POST", s.messages, rich).body)
	message := fmt.Sprintf("%s/%d", s.messages, m.ID)
	b.want(204, "PUT", message+"/reactions/%F0%9F%91%8B/@me", nil)
	b.want(200, "GET", message, nil)
	b.want(204, "DELETE", message+"/reactions/%F0%9F%91%8B/@me", nil)
	b.want(200, "PATCH", message, text("edited"))
	b.want(200, "GET", s.messages, nil)
	b.want(204, "POST", s.channel+"/typing", nil)
	b.want(204, "DELETE", message, nil)
	dm := as[simulator.Channel](t, b.want(200, "POST", "/users/@me/channels", map[string]any{"recipient_id": s.member.ID}).body)
	b.want(200, "GET", fmt.Sprintf("/channels/%d", dm.ID), nil)
	b.want(200, "POST", fmt.Sprintf("/channels/%d/messages", dm.ID), text("hi"))

	remind := map[string]any{"name": "remind", "description": "later", "integration_types": []int{0, 1}}
	made := as[struct{ ID string }](t, b.want(201, "POST", commands, remind).body)
	b.want(200, "POST", commands, remind)
	b.want(200, "PUT", commands, []any{remind})
	b.want(200, "GET", commands, nil)
	b.want(204, "DELETE", commands+"/"+made.ID, nil)
	b.want(201, "POST", fmt.Sprintf("/applications/%d%s/commands", s.Application(), s.guild), remind)
}

// rich is a message with everything.
var rich = map[string]any{
	"content": "hello <@1100000000000000030> <@&1100000000000000020>",
	"tts":     true,
	"embeds": []any{map[string]any{
		"title": "t", "description": nil, "fields": []any{map[string]any{"name": "n", "value": "v"}}, "footer": map[string]any{"text": "f"},
	}},
	"components": []any{map[string]any{"type": 1, "components": []any{
		map[string]any{"type": 2, "style": 1, "label": "press", "custom_id": "b"},
	}}},
	"poll": map[string]any{
		"question": map[string]any{"text": "?"}, "duration": 1, "allow_multiselect": false,
		"answers": []any{map[string]any{"poll_media": map[string]any{"text": "yes"}}},
	},
	"nonce": "abc",
}

func TestRefusals(t *testing.T) {
	s := free(t)
	b, w := s.bot, s.World()
	long := make([]byte, 2001)
	for i := range long {
		long[i] = 'a'
	}
	elsewhere := must(w.AddGuild(simulator.Guild{Name: "elsewhere"}))
	hidden := must(w.AddChannel(elsewhere.ID, simulator.Channel{Name: "hidden"}))
	if err := w.RemoveBot(elsewhere.ID); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status, code int
		method, path string
		form         any
	}{
		{404, 10003, "POST", "/channels/1/messages", text("x")},
		{404, 10003, "GET", "/channels/1", nil},
		{404, 10004, "GET", "/guilds/1", nil},
		{404, 10004, "PUT", fmt.Sprintf("/guilds/%d/bans/%d", elsewhere.ID, s.member.ID), nil},
		{403, 50001, "GET", fmt.Sprintf("/channels/%d", hidden.ID), nil},
		{403, 50001, "POST", fmt.Sprintf("/channels/%d/messages", hidden.ID), text("x")},
		{404, 10007, "GET", fmt.Sprintf("%s/members/%d", s.guild, simulator.SampleUser), nil},
		{404, 10013, "GET", s.guild + "/members/1", nil},
		{404, 10013, "PUT", s.guild + "/bans/1", nil},
		{404, 10011, "PUT", fmt.Sprintf("%s/members/%d/roles/1", s.guild, s.member.ID), nil},
		{404, 10026, "GET", s.guild + "/bans/1", nil},
		{404, 10008, "GET", s.messages + "/1", nil},
		{404, 10008, "PUT", s.messages + "/1/reactions/%F0%9F%91%8B/@me", nil},
		{403, 50013, "PUT", fmt.Sprintf("%s/bans/%d", s.guild, simulator.SampleOwner), nil},
		{400, 50035, "POST", s.messages, text(string(long))},
		{400, 50035, "GET", "/channels/x", nil},
		{400, 50035, "POST", s.messages, map[string]any{"content": "x", "nonce": "12345678901234567890123456"}},
		{400, 50035, "POST", s.messages, map[string]any{"content": "x", "allowed_mentions": map[string]any{"parse": []string{"users"}, "users": []string{"1"}}}},
		{400, 50035, "POST", s.messages, map[string]any{"content": "x", "flags": 1 << 15}},
		{400, 50035, "POST", s.messages, map[string]any{"content": 5}},
		{400, 50035, "POST", "/users/@me/channels", map[string]any{"recipient_id": "1"}},
		{400, 50006, "POST", s.messages, text("")},
		{400, 50006, "POST", s.messages, map[string]any{}},
		{404, 10002, "GET", "/applications/1/commands", nil},
	} {
		b.refuse(c.status, c.code, c.method, c.path, c.form)
	}
}
