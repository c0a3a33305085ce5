//go:build !race

// The library races with itself; the detector would report its faults as ours.

package simulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/bwmarrin/discordgo"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// redirect sends discordgo's requests, whose addresses are fixed, to the simulator.
type redirect struct{ to *url.URL }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, r.to.Host
	return http.DefaultTransport.RoundTrip(req)
}

// TestDiscordgo lets discordgo, which speaks version 9, use REST and the gateway.
func TestDiscordgo(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	d := must(discordgo.New("Bot " + s.Token().Reveal()))
	d.Client = &http.Client{Transport: redirect{must(url.Parse(s.URL()))}}
	d.LogLevel = -1 // it writes to standard error
	d.Identify.Intents = discordgo.IntentsAll
	guild, channel := simulator.SampleGuild.String(), simulator.SampleChannel.String()

	joins, resumes := make(chan *discordgo.GuildMemberAdd, 8), make(chan *discordgo.Resumed, 8)
	messages, commands := make(chan *discordgo.MessageCreate, 8), make(chan *discordgo.InteractionCreate, 8)
	d.AddHandler(func(_ *discordgo.Session, e *discordgo.GuildMemberAdd) { joins <- e })
	d.AddHandler(func(_ *discordgo.Session, e *discordgo.MessageCreate) { messages <- e })
	d.AddHandler(func(_ *discordgo.Session, e *discordgo.Resumed) { resumes <- e })
	d.AddHandler(func(_ *discordgo.Session, e *discordgo.InteractionCreate) { commands <- e })
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })

	user := s.World().AddUser(simulator.User{Username: "mallory"})
	must(s.World().Join(simulator.SampleGuild, user.ID))
	if e := receive(t, joins); e.User.Username != "mallory" || e.GuildID != guild || e.JoinedAt.IsZero() {
		t.Errorf("%+v joined", e.Member)
	}
	must(s.World().Write(simulator.SampleChannel, user.ID, "hello"))
	if m := receive(t, messages); m.Content != "hello" || m.Author.ID != user.ID.String() || m.Member == nil || m.GuildID != guild {
		t.Errorf("the message came as %+v", m.Message)
	}

	m, err := d.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: "x", Embeds: []*discordgo.MessageEmbed{{Title: "t"}}})
	if err != nil || m.Content != "x" || len(m.Embeds) != 1 {
		t.Fatalf("sent %+v, %v", m, err)
	}
	receive(t, messages)
	if err := d.MessageReactionAdd(channel, m.ID, "👋"); err != nil {
		t.Error(err)
	}
	if got, err := d.ChannelMessage(channel, m.ID); err != nil || len(got.Reactions) != 1 || !got.Reactions[0].Me {
		t.Errorf("the message is %+v, %v", got, err)
	}
	if member, err := d.GuildMember(guild, user.ID.String()); err != nil || member.User.Username != "mallory" {
		t.Errorf("the member is %+v, %v", member, err)
	}
	if err := d.GuildMemberRoleAdd(guild, user.ID.String(), simulator.SampleRole.String()); err != nil {
		t.Error(err)
	}
	// GuildBanCreateWithReason puts the reason into the query, where Discord does not look any more.
	if err := d.GuildBanCreate(guild, user.ID.String(), 1, discordgo.WithAuditLogReason("raid & spam")); err != nil {
		t.Error(err)
	}
	if ban, err := d.GuildBan(guild, user.ID.String()); err != nil || ban.Reason != "raid & spam" {
		t.Errorf("the ban is %+v, %v", ban, err)
	}
	if dm, err := d.UserChannelCreate(user.ID.String()); err != nil || len(dm.Recipients) != 1 {
		t.Errorf("the DM is %+v, %v", dm, err)
	}
	if _, err := d.ApplicationCommandCreate(s.Application().String(), "", &discordgo.ApplicationCommand{Name: "remind", Description: "later"}); err != nil {
		t.Error(err)
	}

	must(s.World().Interact(simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true}))
	in := receive(t, commands)
	if in.ApplicationCommandData().Name != "remind" || in.Context != discordgo.InteractionContextBotDM {
		t.Errorf("the command is %+v", in.Interaction)
	}
	answer := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	if err := d.InteractionRespond(in.Interaction, answer); err != nil {
		t.Error(err)
	}
	later := "later"
	if m, err := d.InteractionResponseEdit(in.Interaction, &discordgo.WebhookEdit{Content: &later}); err != nil || m.Content != later {
		t.Errorf("the answer is %+v, %v", m, err)
	}

	s.Gateway().All().Drop()
	receive(t, resumes)
}
