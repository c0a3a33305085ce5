//go:build !race

// The library races with itself; the detector would report its faults as ours.

package simulator_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/disgoorg/disgo"
	disgobot "github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/disgo/sharding"
	"github.com/disgoorg/snowflake/v2"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// disgoClient is a client of others' making, connected, whose events come through channels.
func disgoClient(t *testing.T, s *simulator.Simulator, opts ...disgobot.ConfigOpt) disgobot.Client {
	t.Helper()
	client, err := disgo.New(s.Token().Reveal(), append([]disgobot.ConfigOpt{
		disgobot.WithLogger(slog.New(slog.NewTextHandler(t.Output(), nil))),
		disgobot.WithRestClientConfigOpts(rest.WithURL(s.API())),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(context.Background()) })
	return client
}

// to listens for events of a type.
func to[E disgobot.Event](c chan E) disgobot.ConfigOpt {
	return disgobot.WithEventListenerFunc(func(e E) { c <- e })
}

// TestDisgo lets a client that knows nothing of us connect, lose TCP, resume, write, react, ban and answer a command.
func TestDisgo(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: 1})
	guilds, messages := make(chan *events.GuildReady, 8), make(chan *events.MessageCreate, 8)
	joins := make(chan *events.GuildMemberJoin, 8)
	commands, bans := make(chan *events.ApplicationCommandInteractionCreate, 8), make(chan *events.GuildBan, 8)
	client := disgoClient(t, s,
		disgobot.WithGatewayConfigOpts(gateway.WithIntents(gateway.IntentsAll), gateway.WithEnableRawEvents(true)),
		to(guilds), to(messages), to(joins), to(commands), to(bans))
	if err := client.OpenGateway(t.Context()); err != nil {
		t.Fatal(err)
	}
	if g := receive(t, guilds).Guild; g.ID.String() != simulator.SampleGuild.String() || g.Name != "Sample Server" {
		t.Errorf("the guild is %+v", g)
	}

	w := s.World()
	must(w.Write(simulator.SampleChannel, simulator.SampleOwner, "before"))
	receive(t, messages)
	s.Gateway().All().Drop()
	must(w.Write(simulator.SampleChannel, simulator.SampleOwner, "missed"))
	if m := receive(t, messages); m.Message.Content != "missed" {
		t.Errorf("after the resume came %q", m.Message.Content)
	}
	identifies, resumePath := 0, ""
	for x := range s.Gateway().Signals().Follow(t.Context(), 0) {
		switch x.Kind {
		case simulator.Identified:
			identifies++
		case simulator.ResumeAsked:
			resumePath = x.Path
		}
		if x.Kind == simulator.ResumedSent { // disgo v0.18.15 gets RESUMED but tells its listeners nothing
			break
		}
	}
	if identifies != 1 || resumePath != "/resume" {
		t.Errorf("%d IDENTIFYs, resumed on %q; want 1, on /resume", identifies, resumePath)
	}

	channel := snowflake.ID(simulator.SampleChannel)
	once := discord.NewMessageCreateBuilder().SetContent("once").SetNonce("n").SetEnforceNonce(true).Build()
	one, err := client.Rest().CreateMessage(channel, once)
	if err != nil {
		t.Fatal(err)
	}
	two, err := client.Rest().CreateMessage(channel, once)
	if err != nil || one.ID != two.ID {
		t.Errorf("the nonce brought %v then %v, %v", one.ID, two.ID, err)
	}
	if m := receive(t, messages); m.MessageID != one.ID || m.Message.Nonce != "n" {
		t.Errorf("the bot's own message came as %+v", m.Message)
	}
	if err := client.Rest().AddReaction(channel, one.ID, "👋"); err != nil {
		t.Error(err)
	}

	user := w.AddUser(simulator.User{Username: "mallory"})
	must(w.Join(simulator.SampleGuild, user.ID))
	if m := receive(t, joins).Member; m.User.Username != "mallory" {
		t.Errorf("%+v joined", m)
	}
	if err := client.Rest().AddBan(snowflake.ID(simulator.SampleGuild), snowflake.ID(user.ID), 0, rest.WithReason("raid")); err != nil {
		t.Error(err)
	}
	if b := receive(t, bans); b.User.ID.String() != user.ID.String() {
		t.Errorf("%+v was banned", b.User)
	}

	must(w.Interact(simulator.Use{User: simulator.SampleUser, Command: "remind", UserInstalled: true}))
	command := receive(t, commands)
	if name := command.SlashCommandInteractionData().CommandName(); name != "remind" || command.Context() != discord.InteractionContextTypeBotDM {
		t.Errorf("the command is %q in context %v", name, command.Context())
	}
	if err := command.CreateMessage(discord.NewMessageCreateBuilder().SetContent("noted").Build()); err != nil {
		t.Error(err)
	}
}

// TestDisgoShards lets its shard manager identify two shards through the gate.
func TestDisgoShards(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: 1, Shards: 2})
	client := disgoClient(t, s, disgobot.WithShardManagerConfigOpts(
		sharding.WithShardIDs(0, 1), sharding.WithShardCount(2), sharding.WithGatewayConfigOpts(gateway.WithIntents(gateway.IntentGuilds)),
		sharding.WithRateLimiter(sharding.NewNoopRateLimiter()),
	))
	if err := client.OpenShardManager(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), waiting)
	defer cancel()
	if err := s.AwaitSessions(ctx, 2); err != nil {
		t.Error(err)
	}
}
