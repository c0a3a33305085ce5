package perform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/discordtest"
	"antiraid/services/rest/internal/guard"
	"antiraid/services/rest/internal/ledger"
	"antiraid/services/rest/internal/limit"
	"antiraid/services/rest/internal/perform"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/effect"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// rig is a Discord and a ledger, and the dead letters in the order of their writing.
type rig struct {
	t       *testing.T
	discord *discordtest.Server
	bus     *bus.Bus
	bucket  *kv.Bucket
	mu      sync.Mutex
	letters []string
}

func setup(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, discord: discordtest.Start(t), bus: natstest.Connect(t, natstest.Start(t))}
	r.discord.Channel("70", "7")
	r.discord.Channel("80", "8")
	var err error
	if r.bucket, err = kv.Open(t.Context(), r.bus, subject.Ledger); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) bury(_ context.Context, e effect.Effect, reason string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.letters = append(r.letters, e.Op+": "+reason)
	return nil
}

var defaults = perform.Config{GiveUp: time.Minute, NonceWindow: time.Minute, Backoff: time.Millisecond, Grace: time.Second}

// performer is one process.
func (r *rig) performer(cfg perform.Config, name string) *perform.Performer {
	c := api.New(api.Config{URL: r.discord.URL, Token: config.NewSecret("x"), UserAgent: "DiscordBot (x, 1)", Timeout: 10 * time.Second, Drain: time.Second},
		limit.New(limit.Config{PerSecond: 100_000, PayerInvalid: 10}), nil)
	r.t.Cleanup(c.Close)
	g, err := guard.New(guard.Config{Channels: 100, TTL: time.Hour}, c)
	if err != nil {
		r.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(r.t.Output(), nil))
	return perform.New(cfg, perform.Parts{Discord: c, Guard: g, Ledger: ledger.New(r.bucket, name), Bury: r.bury, Log: log})
}

func (r *rig) effect(who, op, args string) effect.Effect {
	r.t.Helper()
	id, err := tenant.Parse(who)
	if err != nil {
		r.t.Fatal(err)
	}
	return effect.Effect{ID: effect.ID(r.t.Name(), op+args, 0), Op: op, Args: json.RawMessage(args), Tenant: id, Template: "t"}
}

func (r *rig) perform(p *perform.Performer, e effect.Effect) effect.Result {
	r.t.Helper()
	result, err := p.Perform(r.t.Context(), e)
	if err != nil {
		r.t.Fatal(err)
	}
	if result.ID != e.ID {
		r.t.Errorf("the result is of %s, want %s", result.ID, e.ID)
	}
	return result
}

// doubt leaves the record of a predecessor that died in the middle of an attempt.
func (r *rig) doubt(e effect.Effect, age time.Duration) {
	r.t.Helper()
	data, err := json.Marshal(ledger.Record{Since: time.Now().Add(-age), By: "predecessor"})
	if err == nil {
		_, err = r.bucket.Put(r.t.Context(), e.ID, data)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

const (
	message = `{"channel_id":"70","content":"hi"}`
	react   = `{"channel_id":"70","message_id":"3","emoji":"👍"}`
	respond = `{"interaction_id":"%d","interaction_token":"t","type":5}`

	post     = "POST /channels/70/messages"
	reaction = "PUT /channels/70/messages/3/reactions/%F0%9F%91%8D/@me"
)

// interaction is an id of this moment: Discord's snowflakes carry their time.
func interaction(age time.Duration) string {
	return fmt.Sprintf(respond, (time.Now().Add(-age).UnixMilli()-1420070400000)<<22)
}

func TestAMessageThatDidArriveIsThereOnce(t *testing.T) {
	for name, fault := range map[string]discordtest.Fault{
		"500": discordtest.PerformThen(500, `{"message":"500: Internal Server Error"}`), "page": discordtest.PerformThen(502, "<html>"),
		"no answer": discordtest.PerformThenHangUp,
	} {
		t.Run(name, func(t *testing.T) {
			r := setup(t)
			r.discord.Fail(post, fault, fault, fault)
			result := r.perform(r.performer(defaults, "a"), r.effect("g-7", "create_message", message))
			if result.Status != 200 || result.Error != "" || !strings.Contains(string(result.Body), `"id":"1001"`) {
				t.Errorf("the result is %+v", result)
			}
			if m := r.discord.Messages(); len(m) != 1 || len(r.discord.Calls(post)) != 4 {
				t.Errorf("%d messages after %d posts", len(m), len(r.discord.Calls(post)))
			}
		})
	}
}

func TestWhatAPredecessorLeftInDoubt(t *testing.T) {
	for name, tc := range map[string]struct {
		op, args string
		age      time.Duration
		fault    discordtest.Fault
		status   int
		refusal  string
		calls    int
	}{
		"a message soon after":        {"create_message", message, time.Second, nil, 200, "", 1},
		"a message too late":          {"create_message", message, time.Hour, nil, 0, "too late to repeat it safely", 0},
		"a reaction, however late":    {"add_reaction", react, time.Hour, nil, 204, "", 1},
		"a ban, however late":         {"ban", `{"user_id":"5"}`, time.Hour, nil, 204, "", 1},
		"a member, however late":      {"get_member", `{"user_id":"5"}`, time.Hour, nil, 200, "", 1},
		"an answer that did arrive":   {"create_interaction_response", interaction(0), time.Second, discordtest.Answer(400, `{"code":40060,"message":"Interaction has already been acknowledged."}`), 204, "", 1},
		"an answer that did not":      {"create_interaction_response", interaction(0), time.Second, nil, 204, "", 1},
		"an answer that is void":      {"create_interaction_response", interaction(0), time.Second, discordtest.Answer(404, `{"code":10062,"message":"Unknown interaction"}`), 404, "10062", 1},
		"a message later once denied": {"create_message", message, time.Second, discordtest.Answer(403, `{"code":50013,"message":"Missing Permissions"}`), 403, "50013", 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := setup(t)
			e := r.effect("g-7", tc.op, tc.args)
			p := r.performer(defaults, "successor")
			r.doubt(e, tc.age)
			line := map[string]string{"create_message": post, "add_reaction": reaction, "ban": "PUT /guilds/7/bans/5", "get_member": "GET /guilds/7/members/5"}[tc.op]
			if line == "" {
				var a struct {
					ID string `json:"interaction_id"`
				}
				if err := json.Unmarshal(e.Args, &a); err != nil {
					t.Fatal(err)
				}
				line = "POST /interactions/" + a.ID + "/t/callback"
			}
			if tc.fault != nil {
				r.discord.Fail(line, tc.fault)
			}
			result := r.perform(p, e)
			if result.Status != tc.status || !strings.Contains(result.Error, tc.refusal) || (result.Error == "") != (tc.refusal == "") {
				t.Errorf("the result is %+v, want %d %q", result, tc.status, tc.refusal)
			}
			if n := len(r.discord.Calls(line)); n != tc.calls {
				t.Errorf("%d requests %s, want %d", n, line, tc.calls)
			}
			if len(r.letters) > 0 != (tc.refusal != "") {
				t.Errorf("dead letters %q", r.letters)
			}
		})
	}
}

func TestTheFirstAnswerSomebodyElseGaveIsARefusal(t *testing.T) {
	r := setup(t)
	e := r.effect("g-7", "create_interaction_response", interaction(0))
	r.discord.Fail("POST /interactions/"+strings.Split(string(e.Args), `"`)[3]+"/t/callback", discordtest.Answer(400, `{"code":40060,"message":"already"}`))
	if result := r.perform(r.performer(defaults, "a"), e); result.Status != 400 || !strings.Contains(result.Error, "40060") {
		t.Errorf("the result is %+v", result)
	}
}

func TestWhatIsRefusedForGood(t *testing.T) {
	for name, tc := range map[string]struct {
		op, args string
		fault    discordtest.Fault
		status   int
		says     string
		letter   bool
	}{
		"forbidden":      {"create_message", message, discordtest.Answer(403, `{"code":50013,"message":"Missing Permissions"}`), 403, "Discord refused: 403 Missing Permissions (code 50013)", true},
		"bad form":       {"create_message", message, discordtest.Answer(400, `{"code":50035,"message":"Invalid Form Body"}`), 400, "Invalid Form Body", true},
		"a redirect":     {"create_message", message, discordtest.Answer(302, ``), 302, "Discord refused: 302", true},
		"not a member":   {"get_member", `{"user_id":"5"}`, discordtest.Answer(404, `{"code":10007,"message":"Unknown Member"}`), 404, "Unknown Member", false},
		"bad arguments":  {"create_message", `{"channel_id":"70"}`, nil, 0, "the message is empty", true},
		"other's":        {"create_message", `{"channel_id":"80","content":"hi"}`, nil, 0, "channel 80 is not a channel of this guild", true},
		"nobody's":       {"create_message", `{"channel_id":"81","content":"hi"}`, nil, 0, "channel 81 is not a channel of this guild", true},
		"other's source": {"create_message", `{"channel_id":"70","message_reference":{"type":1,"channel_id":"80","message_id":"3"}}`, nil, 0, "channel 80 is not", true},
		"too old":        {"create_interaction_response", interaction(16 * time.Minute), nil, 0, "too long ago", true},
	} {
		t.Run(name, func(t *testing.T) {
			r := setup(t)
			p, e := r.performer(defaults, "a"), r.effect("g-7", tc.op, tc.args)
			if tc.fault != nil {
				r.discord.Fail(post, tc.fault)
				r.discord.Fail("GET /guilds/7/members/5", tc.fault)
			}
			result := r.perform(p, e)
			if result.Status != tc.status || !strings.Contains(result.Error, tc.says) {
				t.Errorf("the result is %+v, want %d %q", result, tc.status, tc.says)
			}
			if len(r.letters) > 0 != tc.letter {
				t.Errorf("dead letters %q", r.letters)
			}
			calls := len(r.discord.Calls(""))
			if again := r.perform(r.performer(defaults, "b"), e); again.Error != result.Error || again.Status != result.Status || len(r.letters) > 1 {
				t.Errorf("the second time %+v with letters %q, want what is remembered: %+v", again, r.letters, result)
			}
			if tc.status == 0 && len(r.discord.Calls("POST ")) > 0 || len(r.discord.Calls("")) != calls {
				t.Errorf("Discord was asked: %v", r.discord.Calls(""))
			}
		})
	}
}

func TestWhatIsRefusedForNowIsTriedAgain(t *testing.T) {
	r := setup(t)
	r.discord.Fail(post, discordtest.Answer(429, `{"retry_after":0.02}`, "X-RateLimit-Scope", "user"), discordtest.Answer(429, `{"retry_after":0.02,"global":true}`, "X-RateLimit-Global", "true"),
		discordtest.Answer(503, ""), discordtest.HangUp, discordtest.Answer(429, `{"retry_after":0.02}`, "X-RateLimit-Scope", "shared"))
	r.discord.Fail("GET /channels/70", discordtest.Answer(502, ""), discordtest.Answer(429, `{"retry_after":0.01}`, "X-RateLimit-Scope", "user"))
	if result := r.perform(r.performer(defaults, "a"), r.effect("g-7", "create_message", message)); result.Status != 200 || len(r.letters) != 0 {
		t.Errorf("the result is %+v, letters %q", result, r.letters)
	}
	if n := len(r.discord.Calls(post)); n != 6 {
		t.Errorf("%d posts", n)
	}
}

func TestTryingEnds(t *testing.T) {
	broken := slices.Repeat([]discordtest.Fault{discordtest.Answer(500, "")}, 10_000)
	limited := []discordtest.Fault{discordtest.Answer(429, `{"retry_after":3600}`, "X-RateLimit-Scope", "user")}
	soon := defaults
	soon.GiveUp = 50 * time.Millisecond
	for name, tc := range map[string]struct {
		cfg     perform.Config
		expires time.Duration
		faults  []discordtest.Fault
		says    string
	}{
		"at the limit":     {soon, 0, broken, "given up in time: answered by Discord with 500; it may have reached Discord"},
		"at its expiry":    {defaults, 50 * time.Millisecond, broken, "given up in time: answered by Discord with 500; it may have reached Discord"},
		"already expired":  {defaults, -time.Second, nil, "it was asked for too long ago"},
		"known in advance": {defaults, 0, limited, "given up in time: the rate limit of Discord was met"},
	} {
		t.Run(name, func(t *testing.T) {
			r := setup(t)
			r.discord.Fail(post, tc.faults...)
			e := r.effect("g-7", "create_message", message)
			if tc.expires != 0 {
				e.Expires = time.Now().Add(tc.expires)
			}
			began := time.Now()
			if result := r.perform(r.performer(tc.cfg, "a"), e); result.Error != tc.says || result.Status != 0 {
				t.Errorf("the result is %+v, want %q", result, tc.says)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// A message that was refused for now was not sent: however long that goes on, it is not in doubt.
func TestARateLimitIsNoDoubt(t *testing.T) {
	r := setup(t)
	r.discord.Fail(post, discordtest.Answer(429, `{"retry_after":0.05}`, "X-RateLimit-Scope", "user"))
	cfg := defaults
	cfg.NonceWindow = 20 * time.Millisecond
	if result := r.perform(r.performer(cfg, "a"), r.effect("g-7", "create_message", message)); result.Status != 200 {
		t.Errorf("the result is %+v", result)
	}
}

func TestAMessageInDoubtIsNotRepeatedForEver(t *testing.T) {
	r := setup(t)
	r.discord.Fail(post, slices.Repeat([]discordtest.Fault{discordtest.PerformThen(500, "")}, 1000)...)
	cfg := defaults
	cfg.NonceWindow = 50 * time.Millisecond
	result := r.perform(r.performer(cfg, "a"), r.effect("g-7", "create_message", message))
	if !strings.Contains(result.Error, "it may have been sent at") || len(r.letters) != 1 {
		t.Errorf("the result is %+v, letters %q", result, r.letters)
	}
}

func TestTwoProcessesPerformOneEffectOnce(t *testing.T) {
	r := setup(t)
	e := r.effect("g-7", "create_message", message)
	var all sync.WaitGroup
	results := make([]effect.Result, 8)
	for i := range results {
		p := r.performer(defaults, fmt.Sprint("rest", i))
		all.Go(func() {
			var err error
			if results[i], err = p.Perform(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, result := range results {
		if result.Status != 200 || string(result.Body) != string(results[0].Body) {
			t.Errorf("one got %+v, another %+v", result, results[0])
		}
	}
	if m := r.discord.Messages(); len(m) != 1 {
		t.Errorf("%d messages", len(m))
	}
}

func TestATenantThatIsForbiddenTooOftenStopsAskingDiscord(t *testing.T) {
	r := setup(t)
	p := r.performer(defaults, "a")
	for i := range 30 {
		r.discord.Fail(fmt.Sprintf("GET /channels/%d", 1000+i), discordtest.Answer(403, `{"code":50001}`))
		result := r.perform(p, r.effect("g-7", "create_message", fmt.Sprintf(`{"channel_id":"%d","content":"x"}`, 1000+i)))
		if want := "that the bot can see"; i < 10 && !strings.Contains(result.Error, want) || i >= 10 && !strings.Contains(result.Error, "nothing is sent for it") {
			t.Errorf("effect %d: %+v", i, result)
		}
	}
	if n := len(r.discord.Calls("GET ")); n != 10 {
		t.Errorf("Discord was asked %d times", n)
	}
	if result := r.perform(p, r.effect("g-8", "create_message", `{"channel_id":"80","content":"x"}`)); result.Status != 200 {
		t.Errorf("another tenant got %+v", result)
	}
}

func TestNothingIsDecidedWhenTheProcessIsToldToStop(t *testing.T) {
	r := setup(t)
	r.discord.Fail(post, slices.Repeat([]discordtest.Fault{discordtest.Answer(500, "")}, 1000)...)
	ctx, cancel := context.WithCancel(t.Context())
	e := r.effect("g-7", "create_message", message)
	go func() {
		r.discord.Await(t, post, 3)
		cancel()
	}()
	if result, err := r.performer(defaults, "a").Perform(ctx, e); !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v", result, err)
	}
	p, err := ledger.New(r.bucket, "b").Open(t.Context(), e)
	if err != nil || p.Result != nil || p.Since.IsZero() || len(r.letters) != 0 {
		t.Errorf("the ledger says %+v, %v; letters %q", p, err, r.letters)
	}
}

func TestAnAnswerThatArrivesWhileStoppingIsRemembered(t *testing.T) {
	r := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	e := r.effect("g-7", "create_message", message)
	r.discord.Fail(post, func(w http.ResponseWriter, _ *http.Request, perform func()) {
		cancel()
		perform()
		discordtest.Reply(w, 200, `{"id":"1001"}`)
	})
	result, err := r.performer(defaults, "a").Perform(ctx, e)
	if err != nil || result.Status != 200 {
		t.Errorf("got %+v, %v", result, err)
	}
	p, err := ledger.New(r.bucket, "b").Open(t.Context(), e)
	if err != nil || p.Result == nil || p.Result.Status != 200 {
		t.Errorf("the ledger says %+v, %v", p, err)
	}
}

// What ends with the process while a result is written is written all the same: no reason to alarm anybody.
func TestAWriteThatTheEndBrokeOffIsNoAlarm(t *testing.T) {
	for name, last := range map[string]error{"written": nil, "lost": errors.New("the stream is away")} {
		t.Run(name, func(t *testing.T) {
			r := setup(t)
			ctx, cancel := context.WithCancel(t.Context())
			var said strings.Builder
			p := r.performer(defaults, "a")
			p.Log = slog.New(slog.NewTextHandler(&said, nil))
			p.Bury = func(ctx context.Context, _ effect.Effect, _ string) error {
				if cancel(); ctx.Err() != nil {
					return ctx.Err()
				}
				return last
			}
			result, err := p.Perform(ctx, r.effect("g-7", "create_message", `{"channel_id":"80","content":"hi"}`))
			if last == nil && (err != nil || result.Error == "" || said.Len() > 0) {
				t.Errorf("got %+v, %v, and it said %q", result, err, &said)
			}
			if last != nil && (!errors.Is(err, last) || strings.Count(said.String(), "level=WARN") != 1) {
				t.Errorf("got %+v, %v, and it said %q", result, err, &said)
			}
		})
	}
}

func TestAnIdStandsForOneEffect(t *testing.T) {
	r := setup(t)
	p := r.performer(defaults, "a")
	first := r.effect("g-7", "create_message", message)
	if got := r.perform(p, first); got.Error != "" {
		t.Fatal(got.Error)
	}
	second := r.effect("g-7", "add_reaction", react)
	second.ID = first.ID
	if got := r.perform(p, second); !strings.Contains(got.Error, "asked for something else") || len(r.discord.Calls(reaction)) != 0 || len(r.letters) != 1 {
		t.Errorf("another effect under the same id: %+v, performed %d times, letters %v", got, len(r.discord.Calls(reaction)), r.letters)
	}
	if got := r.perform(p, first); got.Error != "" || len(r.discord.Calls(post)) != 1 {
		t.Errorf("the first again: %+v, performed %d times", got, len(r.discord.Calls(post)))
	}
}

func TestWhatNobodyWaitedForIsNotRemembered(t *testing.T) {
	r := setup(t)
	p := r.performer(defaults, "a")
	e := r.effect("g-7", "create_message", message)
	e.Awaited, e.Expires = true, time.Now().Add(-time.Second)
	if got := r.perform(p, e); !strings.Contains(got.Error, "too long ago") {
		t.Errorf("an effect that nobody waits for: %+v", got)
	}
	e.Expires = time.Now().Add(10 * time.Second)
	if got := r.perform(p, e); got.Error != "" || len(r.discord.Calls(post)) != 1 || len(r.letters) > 0 {
		t.Errorf("asked for again, in time: %+v, performed %d times, letters %v", got, len(r.discord.Calls(post)), r.letters)
	}
}
