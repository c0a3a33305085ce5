package dispatcher_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"antiraid/dispatcher/internal/deploy"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/dispatcher/internal/publish"
	"antiraid/dispatcher/internal/reconcile"
	"antiraid/dispatcher/internal/step"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

var errDied = errors.New("the process died")

// diesAt ends a deploy at a point, and fails the test when the deploy goes on after its death.
func diesAt(t *testing.T, p step.Point) step.Hook {
	dead := false
	return func(q step.Point) error {
		if dead {
			t.Errorf("a deploy that died at %q reached %q", p, q)
		}
		if dead = p == q; dead {
			return errDied
		}
		return nil
	}
}

func deployer(t *testing.T, p *publish.Publisher) *deploy.Deployer {
	return deploy.New(deploy.Config{}, p, p.Bus, storetest.Log(t))
}

// restart does what a dispatcher does when it starts.
func restart(t *testing.T, p *publish.Publisher) {
	t.Helper()
	r := reconcile.New(reconcile.Config{}, p, storetest.Log(t))
	if err := errors.Join(r.Finish(t.Context(), 0), r.Verify(t.Context())); err != nil {
		t.Error(err)
	}
}

func request(t *testing.T, id tenant.ID, template, text string) api.DeployRequest {
	t.Helper()
	return api.DeployRequest{Tenant: id, Template: template, Files: deploytest.Files(t, api.InspectReply{Events: []string{"MESSAGE_CREATE"}}, text)}
}

func versions(list []deploytest.Startup) []uint64 {
	var out []uint64
	for _, s := range list {
		out = append(out, s.Version)
	}
	return out
}

func upTo(n uint64) []uint64 {
	var out []uint64
	for v := range n {
		out = append(out, v+1)
	}
	return out
}

// checkBundle refuses a record that is not that version, or whose templates are not those revisions.
func checkBundle(t *testing.T, record string, version uint64, revisions map[string]string) {
	t.Helper()
	b, err := bundle.Decode([]byte(record))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, tpl := range b.Templates {
		got[tpl.Name] = tpl.Revision
	}
	if b.Version != version || !reflect.DeepEqual(got, revisions) {
		t.Errorf("version %d holds %v, want version %d with %v", b.Version, got, version, revisions)
	}
}

func TestADeployThatDiesLeavesTheOldBundleOrTheNewOne(t *testing.T) {
	s := deploytest.Start(t)
	alive := s.Publisher(t, nil)
	for i, point := range deploytest.Points() {
		for _, before := range []uint64{0, 2} { // versions that the tenant has
			t.Run(string(point)+map[uint64]string{0: ", first deploy", 2: ", third deploy"}[before], func(t *testing.T) {
				c := crash{s, alive, guild(t, uint64(10*i)+before+1), before, point}
				c.run(t)
			})
		}
	}
}

type crash struct {
	deploytest.Surroundings
	alive  *publish.Publisher
	tenant tenant.ID
	before uint64
	point  step.Point
}

func (c crash) run(t *testing.T) {
	old := map[string]string{}
	for n := range c.before {
		name := string(rune('a' + n))
		r, err := deployer(t, c.alive).Deploy(t.Context(), request(t, c.tenant, name, "old"))
		if err != nil {
			t.Fatal(err)
		}
		old[name] = r.Revision
	}
	oldRecord := deploytest.Seen(t, c.alive, c.tenant)

	req := request(t, c.tenant, "a", "new")
	if _, err := deployer(t, c.Publisher(t, diesAt(t, c.point))).Deploy(t.Context(), req); !errors.Is(err, errDied) {
		t.Fatalf("it did not die, but ended with %v", err)
	}
	_, revision, err := req.Files.Encode()
	if err != nil {
		t.Fatal(err)
	}
	renewed := map[string]string{"a": revision}
	if b, ok := old["b"]; ok {
		renewed["b"] = b
	}
	c.expect(t, "dead", step.BundlePublished, oldRecord, renewed)
	for range 2 { // the second restart finds nothing to do
		restart(t, c.alive)
		c.expect(t, "restarted", step.Committed, oldRecord, renewed)
		c.consistent(t)
	}
	r, err := deployer(t, c.alive).Deploy(t.Context(), request(t, c.tenant, "a", "newer"))
	if err != nil {
		t.Fatal(err)
	}
	renewed["a"] = r.Revision
	checkBundle(t, deploytest.Seen(t, c.alive, c.tenant), r.Version, renewed)
	c.consistent(t)
	if list, err := c.alive.Store.Pending(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("still marked: %v, %v", list, err)
	}
}

// expect wants the old record if the deploy died before the point since, and the new version from there on.
func (c crash) expect(t *testing.T, when string, since step.Point, oldRecord string, renewed map[string]string) {
	t.Helper()
	seen := deploytest.Seen(t, c.alive, c.tenant)
	if slices.Index(deploytest.Points(), c.point) < slices.Index(deploytest.Points(), since) {
		if seen != oldRecord {
			t.Errorf("%s: executors see %s, want the old %s", when, seen, oldRecord)
		}
		return
	}
	checkBundle(t, seen, c.before+1, renewed)
}

// consistent wants executors and MongoDB to agree, each version announced once and in order, and every revision readable.
func (c crash) consistent(t *testing.T) {
	t.Helper()
	seen, head := deploytest.Seen(t, c.alive, c.tenant), deploytest.Head(t, c.alive.Store, c.tenant)
	if seen != head {
		t.Errorf("executors see %s, MongoDB has %s", seen, head)
	}
	if seen == "" {
		return
	}
	b, err := bundle.Decode([]byte(seen))
	if err != nil {
		t.Fatal(err)
	}
	if got := versions(c.Startups(t, c.tenant)); !slices.Equal(got, upTo(b.Version)) {
		t.Errorf("announced are %v, the version is %d", got, b.Version)
	}
	for _, tpl := range b.Templates {
		if _, err := bundle.DecodeRevision([]byte(deploytest.Record(t, c.alive.Blobs, tpl.Revision)), tpl.Revision); err != nil {
			t.Errorf("template %s: %v", tpl.Name, err)
		}
	}
}

func TestTheNextDeployFinishesTheOneThatDied(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	for range 3 { // one behind the other, none of which was published
		if _, err := deployer(t, s.Publisher(t, diesAt(t, step.Committed))).Deploy(t.Context(), request(t, g, "a", "died")); !errors.Is(err, errDied) {
			t.Fatal(err)
		}
	}
	p := s.Publisher(t, nil)
	r, err := deployer(t, p).Deploy(t.Context(), request(t, g, "b", "lives"))
	if err != nil {
		t.Fatal(err)
	}
	startups := s.Startups(t, g)
	if got := versions(startups); !slices.Equal(got, upTo(4)) || r.Version != 4 || startups[3].Seq != r.Startup {
		t.Errorf("announced are %v, the deploy says version %d at %d", got, r.Version, r.Startup)
	}
	if state := s.Look(t, p); len(state.Pending) > 0 || state.Bundles[subject.TenantKey(g)] != state.Heads[g] {
		t.Errorf("left behind: %+v", state)
	}
}
