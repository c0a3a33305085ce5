package dispatcher_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"antiraid/dispatcher"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/config"
	"antiraid/shared/event"
	"antiraid/shared/service"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// start runs a dispatcher until the test ends.
func start(t *testing.T, s deploytest.Surroundings) {
	t.Helper()
	cfg := dispatcher.Config{Common: service.Common{NATSURL: s.NATS}, MongoURI: config.NewSecret(s.Mongo)}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- dispatcher.Run(ctx, cfg, storetest.Log(t)) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the dispatcher ended with %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("the dispatcher did not end within 5 s")
		}
	})
}

// call waits until somebody serves the subject.
func call[R any](t *testing.T, s deploytest.Surroundings, subj string, request any) R {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		var reply R
		err := s.Bus.Call(ctx, subj, request, &reply)
		if err == nil {
			return reply
		}
		if !errors.Is(err, bus.ErrNobody) {
			t.Fatal(err)
		}
	}
}

func guild(t *testing.T, n uint64) tenant.ID {
	t.Helper()
	id, err := tenant.New(tenant.Guild, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestDeployReachesExecutorsAndTheTenantsLane(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	start(t, s)
	files := deploytest.Files(t, api.InspectReply{Events: []string{"MESSAGE_CREATE", "GUILD_MEMBER_ADD"}, Capabilities: []string{"kv:*"}}, "1")
	reply := call[api.DeployReply](t, s, subject.CallDeploy, api.DeployRequest{Tenant: g, Template: "counter", Files: files, Grant: []string{"kv:*"}})
	content, key, err := files.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := api.DeployReply{
		Tenant: g, Template: "counter", Version: 1, Revision: key,
		Events: []string{"GUILD_MEMBER_ADD", "MESSAGE_CREATE"}, Capabilities: []string{"kv:*"}, Startup: reply.Startup,
	}
	if !reflect.DeepEqual(reply, want) {
		t.Fatalf("got  %+v, %v\nwant %+v", reply, reply.Error, want)
	}
	stored, err := deploytest.Bucket(t, s.Bus, subject.Bundles).Get(t.Context(), subject.TenantKey(g))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Decode(stored.Value)
	if err != nil || b.Version != 1 || len(b.Templates) != 1 || b.Templates[0].Revision != key || !b.Templates[0].Handles("MESSAGE_CREATE") {
		t.Errorf("executors see %+v, %v", b, err)
	}
	if blob, err := deploytest.Bucket(t, s.Bus, subject.Blobs).Get(t.Context(), key); err != nil || string(blob.Value) != string(content) {
		t.Errorf("the blob is %q, %v", blob.Value, err)
	}
	startup := deploytest.Startup{Seq: reply.Startup, ID: "startup.g-7.1", StartupPayload: event.StartupPayload{Version: 1, Reason: "deploy"}}
	if list := s.Startups(t, g); len(list) != 1 || list[0] != startup {
		t.Errorf("the lane holds %+v, want %+v", list, startup)
	}
}

func TestTemplatesAreListed(t *testing.T) {
	s := deploytest.Start(t)
	start(t, s)
	files := deploytest.Files(t, api.InspectReply{Events: []string{"MESSAGE_CREATE"}}, "1")
	for n := range uint64(3) {
		for _, name := range []string{"b", "a"} {
			if r := call[api.DeployReply](t, s, subject.CallDeploy, api.DeployRequest{Tenant: guild(t, n+1), Template: name, Files: files}); r.Error != nil {
				t.Fatal(r.Error)
			}
		}
	}
	text := func(req api.TemplatesRequest) string {
		t.Helper()
		r := call[api.TemplatesReply](t, s, subject.CallTemplates, req)
		if r.Error != nil {
			return r.Error.Message
		}
		out := ""
		for _, b := range r.Bundles {
			out += fmt.Sprint(b.Tenant, " ", b.Version)
			for _, tpl := range b.Templates {
				out += " " + tpl.Name
			}
			out += "; "
		}
		return out + r.Next.String()
	}
	for want, req := range map[string]api.TemplatesRequest{
		"g-1 2 a b; g-2 2 a b; g-3 2 a b; ": {},
		"g-2 2 a b; g-3 2 a b; ":            {After: guild(t, 1)},
		"g-2 2 a b; ":                       {Tenant: guild(t, 2)},
		"g-2 2 b; ":                         {Tenant: guild(t, 2), Template: "b"},
		`list templates: tenant g-2 has no template "c"; it has a, b`:         {Tenant: guild(t, 2), Template: "c"},
		"list templates: tenant g-9 has no templates; deploy one to it first": {Tenant: guild(t, 9)},
	} {
		if got := text(req); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSettingsErrorsNameTheKey(t *testing.T) {
	var cfg dispatcher.Config
	if err := config.Load(dispatcher.Defaults, "", nil, &cfg); err != nil {
		t.Fatal(err)
	}
	if err := cfg.Validate(); err != nil || cfg.DeployTimeout != 20*time.Second || cfg.MongoURI.Reveal() != "mongodb://127.0.0.1:27017/" {
		t.Errorf("defaults: %+v, %v", cfg, err)
	}
	cfg.PendingEvery = -1
	if err := cfg.Validate(); err == nil || err.Error() != "check settings: pending_every is -1ns; want a time above 0, such as 10s" {
		t.Errorf("got %v", err)
	}
}
