package simulator_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"antiraid/services/simulator"
)

// A person writes, the bot answers, and the journal tells what Discord received.
func Example() {
	discord, err := simulator.New(simulator.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error)
	go func() { stopped <- discord.Run(ctx) }()
	<-discord.Ready()

	m, err := discord.World().Write(simulator.SampleChannel, simulator.SampleOwner, "!count")
	if err != nil {
		panic(err)
	}
	answer := fmt.Sprintf(`{"content":"count 1","message_reference":{"message_id":%q}}`, m.ID)
	url := fmt.Sprintf("%s/channels/%d/messages", discord.API(), simulator.SampleChannel)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(answer))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bot "+discord.Token().Reveal())
	req.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	res.Body.Close()

	for _, r := range discord.Journal().All() {
		fmt.Println(r.Method, r.Route, r.Guild == simulator.SampleGuild, r.Status)
	}
	stop()
	fmt.Println(<-stopped)
	// Output:
	// POST /channels/{channel}/messages true 200
	// <nil>
}
