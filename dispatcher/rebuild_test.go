package dispatcher_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"antiraid/dispatcher/internal/deploytest"
	"antiraid/dispatcher/internal/publish"
	"antiraid/shared/bundle"
	"antiraid/shared/event"
	"antiraid/shared/natstest"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
)

// deployed makes three tenants with two templates and three versions each.
func deployed(t *testing.T, p *publish.Publisher) {
	t.Helper()
	for n := range uint64(3) {
		for i, name := range []string{"a", "b", "a"} {
			if _, err := deployer(t, p).Deploy(t.Context(), request(t, guild(t, n+1), name, fmt.Sprint(n, i))); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestEmptyBucketsAreRebuiltFromMongoDB(t *testing.T) {
	old := deploytest.Start(t)
	p := old.Publisher(t, nil)
	deployed(t, p)
	before := old.Look(t, p)

	// The same MongoDB, and a NATS that has lost everything.
	renewed := deploytest.Surroundings{NATS: natstest.Start(t), Mongo: old.Mongo}
	renewed.Bus = natstest.Connect(t, renewed.NATS)
	p = renewed.Publisher(t, nil)
	for range 2 { // the second start finds nothing to do
		restart(t, p)
		after := renewed.Look(t, p)
		if !maps.Equal(after.Bundles, before.Bundles) || !reflect.DeepEqual(after.Heads, before.Heads) || len(after.Pending) > 0 {
			t.Errorf("got %+v\nwant %+v", after, before)
		}
		for id, lane := range after.Lanes {
			if len(lane) != 1 || lane[0].StartupPayload != (event.StartupPayload{Version: 3, Reason: "rebuild"}) {
				t.Errorf("the lane of %s holds %+v", id, lane)
			}
		}
		if len(after.Blobs) != 6 { // two templates of three tenants: what older versions held is not brought back
			t.Errorf("%d blobs: %v", len(after.Blobs), after.Blobs)
		}
		for _, key := range after.Blobs {
			if _, err := bundle.DecodeRevision([]byte(deploytest.Record(t, p.Blobs, key)), key); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestWhatIsMissingOrBehindOrUnreadableIsBroughtBack(t *testing.T) {
	s := deploytest.Start(t)
	p := s.Publisher(t, nil)
	deployed(t, p)
	before := s.Look(t, p)
	damage := map[string]func(key string){
		"bundle missing": func(key string) {
			if err := p.Bundles.Delete(t.Context(), key, 0); err != nil {
				t.Fatal(err)
			}
		},
		"bundle behind":     func(key string) { put(t, p, key, `{"schema":1,"tenant":"g-1","version":2,"status":"active"}`) },
		"bundle unreadable": func(key string) { put(t, p, key, `{"schema":`) },
		"blob missing": func(key string) {
			b, err := bundle.Decode([]byte(before.Bundles[key]))
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Blobs.Delete(t.Context(), b.Templates[0].Revision, 0); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, do := range damage {
		t.Run(name, func(t *testing.T) {
			do(subject.TenantKey(guild(t, 1)))
			if reflect.DeepEqual(s.Look(t, p), before) {
				t.Fatal("nothing was damaged")
			}
			restart(t, p)
			if after := s.Look(t, p); !reflect.DeepEqual(after, before) {
				t.Errorf("got %+v\nwant %+v", after, before)
			}
		})
	}
}

func put(t *testing.T, p *publish.Publisher, key, value string) {
	t.Helper()
	if _, err := p.Bundles.Put(t.Context(), key, []byte(value)); err != nil {
		t.Fatal(err)
	}
}

func TestAVersionIsAnnouncedOnceHoweverLongAgo(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	p := s.Publisher(t, nil)
	if _, err := deployer(t, p).Deploy(t.Context(), request(t, g, "a", "1")); err != nil {
		t.Fatal(err)
	}
	v, err := p.Store.Head(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	v.Bundle.Version = 2
	payload, err := json.Marshal(event.StartupPayload{Version: 2, Reason: "deploy"})
	if err != nil {
		t.Fatal(err)
	}
	// Another message id stands for one that the duplicate window has forgotten.
	if _, err := s.Bus.PublishEvent(t.Context(), g, event.Startup, "long ago", payload); err != nil {
		t.Fatal(err)
	}
	if err := p.Store.AddPending(t.Context(), g, 2); err != nil {
		t.Fatal(err)
	}
	if err := p.Store.Commit(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	restart(t, p)
	if got := versions(s.Startups(t, g)); !slices.Equal(got, []uint64{1, 2}) {
		t.Errorf("announced are %v", got)
	}
	checkBundle(t, deploytest.Seen(t, p, g), 2, map[string]string{"a": v.Bundle.Templates[0].Revision})
}

func TestVersionsThatMongoDBLostAreNotGivenOutAgain(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 1)
	deployed(t, s.Publisher(t, nil))
	seen := deploytest.Seen(t, s.Publisher(t, nil), g)

	s.Mongo = storetest.Start(t) // an empty one
	p := s.Publisher(t, nil)
	restart(t, p)
	if now := deploytest.Seen(t, p, g); now != seen {
		t.Errorf("starting changed %s to %s", seen, now)
	}
	old, err := bundle.Decode([]byte(seen))
	if err != nil {
		t.Fatal(err)
	}
	r, err := deployer(t, p).Deploy(t.Context(), request(t, g, "c", "1"))
	if err != nil || r.Version != old.Version+1 {
		t.Fatalf("got version %d, %v; executors have %d", r.Version, err, old.Version)
	}
	checkBundle(t, deploytest.Seen(t, p, g), 4, map[string]string{"a": old.Templates[0].Revision, "b": old.Templates[1].Revision, "c": r.Revision})
	if r, err := deployer(t, p).Deploy(t.Context(), request(t, g, "c", "2")); err != nil || r.Version != 5 {
		t.Errorf("then version %d, %v", r.Version, err)
	}
	if got := versions(s.Startups(t, g)); !slices.Equal(got, upTo(5)) {
		t.Errorf("announced are %v", got)
	}
	for _, tpl := range old.Templates {
		if _, err := p.Store.Revision(t.Context(), tpl.Revision); err != nil {
			t.Errorf("what template %s holds was not taken over: %v", tpl.Name, err)
		}
	}
}

func TestABundleOfALaterProgramIsLeftAlone(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	p := s.Publisher(t, nil)
	const later = `{"schema":2,"tenant":"g-7","version":9}`
	put(t, p, subject.TenantKey(g), later)
	if _, err := deployer(t, p).Deploy(t.Context(), request(t, g, "a", "1")); err == nil || deploytest.Seen(t, p, g) != later {
		t.Errorf("got %v; executors see %s", err, deploytest.Seen(t, p, g))
	}
}
