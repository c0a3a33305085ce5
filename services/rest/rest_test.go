package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"antiraid/services/rest"
	"antiraid/services/rest/internal/discordtest"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/effect"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/service"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// system is a rest on a real NATS and a Discord of its own.
type system struct {
	t       testing.TB
	url     string
	bus     *bus.Bus
	discord *discordtest.Server
	n       int
}

func start(t testing.TB) *system {
	s := &system{t: t, url: natstest.Start(t), discord: discordtest.Start(t)}
	s.bus = natstest.Connect(t, s.url)
	s.discord.Channel("70", "7")
	s.discord.Channel("71", "7")
	s.discord.Channel("80", "8")
	s.discord.Direct("90", "9")
	return s
}

func (s *system) config() rest.Config {
	return rest.Config{
		Common: service.Common{NATSURL: s.url, Replicas: 1}, APIURL: s.discord.URL, Token: config.NewSecret("hunter2"),
		RequestsPerSecond: 10_000, RetryAfter: 5 * time.Millisecond,
	}
}

// run starts a rest and returns what stops it and waits for its end.
func (s *system) run(cfg rest.Config) (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan error, 1)
	log := slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	go func() { done <- rest.Run(ctx, cfg, log) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			s.t.Errorf("rest ended with %v", err)
		}
	}
	s.t.Cleanup(stop)
	return stop
}

func (s *system) effect(t string, op, args string) effect.Effect {
	s.t.Helper()
	id, err := tenant.Parse(t)
	if err != nil {
		s.t.Fatal(err)
	}
	s.n++
	event := fmt.Sprintf("0.abc.%d", s.n)
	return effect.Effect{
		ID: effect.ID(event, "welcome", 0), Op: op, Args: json.RawMessage(args), Tenant: id, Template: "welcome", Event: event, Bundle: 1, Created: time.Now(),
	}
}

func (s *system) send(e effect.Effect, headers ...string) {
	s.t.Helper()
	data, err := json.Marshal(e)
	if err != nil {
		s.t.Fatal(err)
	}
	s.publish(subject.Effect(e.Lane(), e.Tenant, e.Op), data, headers...)
}

func (s *system) publish(subj string, data []byte, headers ...string) {
	s.t.Helper()
	out := bus.Outgoing{Subject: subj, Data: data, Header: map[string]string{}}
	for i := 0; i+1 < len(headers); i += 2 {
		out.Header[headers[i]] = headers[i+1]
	}
	if _, err := s.bus.Publish(s.t.Context(), out); err != nil {
		s.t.Fatal(err)
	}
}

// ask sends an effect and waits for its result.
func (s *system) ask(e effect.Effect) effect.Result {
	s.t.Helper()
	in, err := s.bus.Inbox()
	if err != nil {
		s.t.Fatal(err)
	}
	defer in.Close()
	s.send(e, subject.HeaderReply, in.Address)
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	data, err := in.Next(ctx)
	if err != nil {
		s.t.Fatalf("no answer to %s: %v", e.Op, err)
	}
	var r effect.Result
	if err := json.Unmarshal(data, &r); err != nil {
		s.t.Fatal(err)
	}
	if r.ID != e.ID {
		s.t.Errorf("the answer is about %s, want %s", r.ID, e.ID)
	}
	return r
}

// dead are the dead letters, in no order, as soon as there are n: subject, reason and bytes. More than n are returned if they are there.
func (s *system) dead(n int) (letters []string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	all := bus.Reading{Stream: subject.Dead, Subjects: []string{subject.AllDead}}
	enough := errors.New("enough")
	read := func(m *bus.Message) error {
		letters = append(letters, fmt.Sprintf("%s | %s | %s", m.Subject, m.Get(subject.HeaderError), m.Data))
		if len(letters) >= n && m.Pending == 0 {
			return enough
		}
		return nil
	}
	var err error
	if n == 0 {
		err = s.bus.ReadAll(ctx, all, read)
	} else {
		err = s.bus.Read(ctx, all, read)
	}
	if err != nil && !errors.Is(err, enough) {
		s.t.Fatal(err)
	}
	slices.Sort(letters)
	return letters
}

func TestAnEffectReachesDiscordOnceAndItsResultIsRemembered(t *testing.T) {
	s := start(t)
	s.run(s.config())
	e := s.effect("g-7", "create_message", `{"channel_id":"70","content":"hello"}`)
	first := s.ask(e)
	if first.Status != 200 || first.Error != "" || !strings.Contains(string(first.Body), `"content":"hello"`) {
		t.Fatalf("the result is %+v", first)
	}
	second := s.ask(e) // the run was repeated
	if second.Status != first.Status || string(second.Body) != string(first.Body) {
		t.Errorf("the second answer is %+v, want the first %+v", second, first)
	}
	posts := s.discord.Calls("POST ")
	if len(posts) != 1 {
		t.Fatalf("Discord saw %d posts", len(posts))
	}
	want := fmt.Sprintf(`{"allowed_mentions":{"parse":[]},"content":"hello","enforce_nonce":true,"nonce":%q}`, e.ID)
	if posts[0].Body != want || posts[0].Header.Get("Authorization") != "Bot hunter2" || !strings.HasPrefix(posts[0].Header.Get("User-Agent"), "DiscordBot (") {
		t.Errorf("Discord got %+v, want %s", posts[0], want)
	}
	if d := s.dead(0); len(d) != 0 {
		t.Errorf("dead letters %q", d)
	}
}

func TestOneChannelKeepsItsOrder(t *testing.T) {
	s := start(t)
	var want []string
	for i := range 20 {
		text := fmt.Sprint("n", i)
		want = append(want, text)
		s.send(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"70","content":%q}`, text)))
	}
	const post = "POST /channels/70/messages"
	s.discord.Fail(post, discordtest.Answer(500, ""), discordtest.Answer(429, `{"retry_after":0.05,"global":false}`), discordtest.HangUp)
	s.run(s.config())
	last := s.effect("g-7", "create_message", `{"channel_id":"70","content":"last"}`)
	if r := s.ask(last); r.Status != 200 {
		t.Fatalf("the last one gave %+v", r)
	}
	if got := s.discord.Messages(); !slices.Equal(got, append(want, "last")) {
		t.Errorf("Discord has %v", got)
	}
}

func TestWhatIsNoEffectIsKeptAndBlocksNothing(t *testing.T) {
	s := start(t)
	good := s.effect("g-7", "create_message", `{"channel_id":"70","content":"after"}`)
	data, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	subj := subject.Effect(good.Lane(), good.Tenant, good.Op)
	elsewhere := strings.Replace(subj, "g-7", "g-8", 1)
	s.publish(subj, []byte("\x00\xff{"))
	s.publish(subj, make([]byte, 1<<20-100)) // with a letter's headers it would be more than NATS takes
	s.publish(subj, []byte(`{"id":"x"}`))
	s.publish(elsewhere, data)
	s.publish(fmt.Sprintf("effects.%02d.nobody.op", good.Lane()), data)
	s.run(s.config())
	if r := s.ask(good); r.Status != 200 {
		t.Errorf("the effect behind them gave %+v", r)
	}
	dead := s.dead(5)
	for i, want := range []string{"dead.g-7._rest", "dead.g-7._rest", "dead.g-7._rest", "dead.g-8._rest", "dead.none._rest"} {
		if i >= len(dead) || !strings.HasPrefix(dead[i], want+" | message on effects.") {
			t.Fatalf("dead letters %.300q, want one on %s", dead, want)
		}
	}
	if !strings.Contains(strings.Join(dead, ""), "\x00\xff{") || !strings.Contains(dead[3], `"content":"after"`) {
		t.Errorf("the bytes are not kept: %.300q", dead)
	}
}

func TestARefusalReachesTheRunAndTheOwner(t *testing.T) {
	s := start(t)
	s.discord.Fail("POST /channels/70/messages", discordtest.Answer(403, `{"code":50013,"message":"Missing Permissions"}`))
	s.run(s.config())
	e := s.effect("g-7", "create_message", `{"channel_id":"70","content":"hi"}`)
	if r := s.ask(e); r.Status != 403 || r.Error != "Discord refused: 403 Missing Permissions (code 50013)" || !strings.Contains(string(r.Body), "50013") {
		t.Errorf("the result is %+v", r)
	}
	if r := s.ask(s.effect("g-7", "create_message", `{"channel_id":"80","content":"hi"}`)); r.Status != 0 || !strings.Contains(r.Error, "channel 80 is not a channel of this guild") {
		t.Errorf("another guild's channel gave %+v", r)
	}
	if r := s.ask(s.effect("g-7", "leave_guild", `{}`)); !strings.Contains(r.Error, `operation "leave_guild" does not exist`) {
		t.Errorf("an unknown operation gave %+v", r)
	}
	if r := s.ask(s.effect("g-7", "ban", `{"user_id":"`+strings.Repeat("5", effect.MaxArgs)+`"}`)); !strings.Contains(r.Error, "at most 65536 are allowed") {
		t.Errorf("large arguments gave %+v", r)
	}
	if r := s.ask(s.effect("u-9", "create_message", `{"channel_id":"90","content":"hi"}`)); r.Status != 200 {
		t.Errorf("a direct message gave %+v", r)
	}
	dead := s.dead(4)
	for i, want := range []string{"Discord refused: 403", "ban: the arguments have", "channel 80 is not", `operation "leave_guild"`} {
		if len(dead) != 4 || !strings.HasPrefix(dead[i], "dead.g-7.welcome | "+want) || !strings.Contains(dead[i], `"template":"welcome"`) {
			t.Fatalf("dead letters %.200q, want one with %q", dead, want)
		}
	}
	if got := s.discord.Calls("POST /channels/80"); len(got) != 0 {
		t.Errorf("Discord was asked: %v", got)
	}
}

// neighbour is a channel of the guild in the lane of another.
func (s *system) neighbour(channel string) string {
	lane := s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":%q}`, channel)).Lane()
	for i := 1000; ; i++ {
		if s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"%d"}`, i)).Lane() == lane {
			s.discord.Channel(fmt.Sprint(i), "7")
			return fmt.Sprint(i)
		}
	}
}

func TestAChannelThatIsRefusedForNowHoldsUpNoOther(t *testing.T) {
	s := start(t)
	other := s.neighbour("70")
	const post = "POST /channels/70/messages"
	s.discord.Fail(post, slices.Repeat([]discordtest.Fault{discordtest.Answer(500, "")}, 100_000)...)
	s.run(s.config())
	s.send(s.effect("g-7", "create_message", `{"channel_id":"70","content":"stuck"}`))
	s.discord.Await(t, post, 2)
	for range 3 {
		if r := s.ask(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":%q,"content":"beside"}`, other))); r.Status != 200 {
			t.Errorf("beside a stuck channel: %+v", r)
		}
	}
	if m := s.discord.Messages(); len(m) != 3 {
		t.Errorf("Discord has %q", m)
	}
}

// The payloads are more than a lane keeps in memory.
func TestABacklogIsPerformedInOrder(t *testing.T) {
	s := start(t)
	const post, n = "POST /channels/70/messages", 150
	release := make(chan struct{})
	s.discord.Fail(post, func(w http.ResponseWriter, _ *http.Request, perform func()) {
		<-release
		perform()
		discordtest.Reply(w, 200, `{}`)
	})
	s.run(s.config())
	fill := strings.Repeat("x", 60_000)
	var want []string
	for i := range n {
		want = append(want, fmt.Sprint(i))
		s.send(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"70","content":"%d","embeds":[{"title":%q}]}`, i, fill)))
	}
	close(release)
	if r := s.ask(s.effect("g-7", "create_message", `{"channel_id":"70","content":"last"}`)); r.Status != 200 {
		t.Fatalf("the last one gave %+v", r)
	}
	if got := s.discord.Messages(); !slices.Equal(got, append(want, "last")) {
		t.Errorf("Discord has %v", got)
	}
}

func TestItStopsInTimeWhileDiscordHangs(t *testing.T) {
	s := start(t)
	const post = "POST /channels/70/messages"
	hang := make(chan struct{})
	defer close(hang)
	s.discord.Fail(post, func(http.ResponseWriter, *http.Request, func()) { <-hang })
	stop := s.run(s.config())
	s.send(s.effect("g-7", "create_message", `{"channel_id":"70","content":"hi"}`))
	s.discord.Await(t, post, 1)
	began := time.Now()
	stop()
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	s.run(s.config())
	s.discord.Await(t, post, 2)
}

func TestNATSGoesAwayAndComesBack(t *testing.T) {
	dir := t.TempDir()
	server := natstest.Run(t, dir, -1)
	s := &system{t: t, url: server.ClientURL(), discord: discordtest.Start(t)}
	s.bus = natstest.Connect(t, s.url)
	s.discord.Channel("70", "7")
	const post = "POST /channels/70/messages"
	stopped, release := make(chan struct{}), make(chan struct{})
	s.discord.Fail(post, nil, func(w http.ResponseWriter, _ *http.Request, perform func()) {
		close(stopped)
		<-release
		perform()
		discordtest.Reply(w, 200, `{}`)
	})
	stop := s.run(s.config())
	var want []string
	for i := range 6 {
		want = append(want, fmt.Sprint(i))
		s.send(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"70","content":"%d"}`, i)))
	}
	<-stopped
	server.Shutdown()
	server.WaitForShutdown()
	close(release)
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	natstest.Run(t, dir, port)
	for !s.bus.Connected() {
		select {
		case <-t.Context().Done():
			t.Fatal("the connection did not come back")
		case <-time.After(10 * time.Millisecond):
		}
	}
	if r := s.ask(s.effect("g-7", "create_message", `{"channel_id":"70","content":"last"}`)); r.Status != 200 {
		t.Errorf("the last one gave %+v", r)
	}
	if got := s.discord.Messages(); !slices.Equal(got, append(want, "last")) {
		t.Errorf("Discord has %v", got)
	}
	stop() // before the server
	s.bus.Close()
}

func TestWithoutItsLedgerNothingIsPerformed(t *testing.T) {
	s := start(t)
	s.run(s.config())
	if r := s.ask(s.effect("g-7", "create_message", `{"channel_id":"70","content":"before"}`)); r.Status != 200 {
		t.Fatalf("the first gave %+v", r)
	}
	if err := s.bus.JetStream().DeleteKeyValue(t.Context(), subject.Ledger); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		s.send(s.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"70","content":"%d"}`, i)))
	}
	in, err := s.bus.Inbox()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	last := s.effect("g-7", "create_message", `{"channel_id":"70","content":"last"}`)
	s.send(last, subject.HeaderReply, in.Address)
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if data, err := in.Next(short); err == nil {
		t.Errorf("without the ledger it was answered: %s", data)
	}
	if m := s.discord.Messages(); len(m) != 1 {
		t.Errorf("without the ledger Discord got %q", m)
	}
	if _, err := kv.Open(t.Context(), s.bus, subject.Ledger); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Next(t.Context()); err != nil {
		t.Error(err)
	}
	if m, want := s.discord.Messages(), []string{"before", "0", "1", "2", "last"}; !slices.Equal(m, want) {
		t.Errorf("Discord has %q, want %q", m, want)
	}
}
