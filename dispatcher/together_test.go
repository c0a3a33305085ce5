package dispatcher_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"antiraid/dispatcher/internal/deploytest"
	"antiraid/dispatcher/internal/publish"
	"antiraid/dispatcher/internal/step"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/kv"
	"antiraid/shared/tenant"
)

// Two deploys at once, again and again: both must end up in the bundle, whoever was first.
func TestOfTwoDeploysAtOnceBothAreKept(t *testing.T) {
	s := deploytest.Start(t)
	one, two := s.Publisher(t, nil), s.Publisher(t, nil)
	for n := range uint64(25) {
		g := guild(t, n+1)
		revisions, seen := map[string]string{}, [2]uint64{}
		var replies [2]api.DeployReply
		var both sync.WaitGroup
		for i, p := range []*publish.Publisher{one, two} {
			both.Go(func() {
				var err error
				if replies[i], err = deployer(t, p).Deploy(t.Context(), request(t, g, string(rune('a'+i)), "1")); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		for i, r := range replies {
			revisions[r.Template], seen[i] = r.Revision, r.Version
		}
		if seen != [2]uint64{1, 2} && seen != [2]uint64{2, 1} {
			t.Errorf("the deploys were given versions %v", seen)
		}
		checkBundle(t, deploytest.Seen(t, one, g), 2, revisions)
		if got := versions(s.Startups(t, g)); !slices.Equal(got, upTo(2)) {
			t.Errorf("announced are %v", got)
		}
	}
}

// crowd is several dispatchers that deploy to a few tenants at once, die at random, and are started again meanwhile.
type crowd struct {
	deploytest.Surroundings
	seed    uint64
	tenants []tenant.ID

	died chan struct{} // told of each death

	mu     sync.Mutex
	acked  []api.DeployReply
	deaths int
}

func TestVersionsOnlyGrowAndNothingAcknowledgedIsLost(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			c := &crowd{Surroundings: deploytest.Start(t), seed: seed, tenants: []tenant.ID{guild(t, 1), guild(t, 2), guild(t, 3)}, died: make(chan struct{}, dispatchers*workers*deploysEach)}
			p := c.Publisher(t, nil)
			seen := c.watch(t, p)
			c.deployAndDie(t, p)
			restart(t, p)
			for _, id := range c.tenants {
				c.check(t, p, id)
			}
			c.checkSeen(t, p, seen())
			if c.deaths == 0 || len(c.acked) == 0 {
				t.Errorf("%d deploys died and %d were acknowledged: nothing was tested", c.deaths, len(c.acked))
			}
			t.Logf("%d acknowledged, %d died", len(c.acked), c.deaths)
		})
	}
}

const (
	dispatchers = 3
	workers     = 2 // of each
	deploysEach = 15
)

func (c *crowd) deployAndDie(t *testing.T, p *publish.Publisher) {
	t.Helper()
	var deploys, reconciling sync.WaitGroup
	reconciling.Go(func() { // a dispatcher that is started whenever another one has died
		for range c.died {
			restart(t, p)
		}
	})
	for n := range uint64(dispatchers * workers) {
		deploys.Go(func() { c.deploys(t, rand.New(rand.NewPCG(c.seed, n))) })
	}
	deploys.Wait()
	close(c.died)
	reconciling.Wait()
}

func (c *crowd) deploys(t *testing.T, random *rand.Rand) {
	p := c.Publisher(t, func(step.Point) error {
		if random.IntN(40) == 0 {
			return errDied
		}
		return nil
	})
	for n := range deploysEach {
		id, name := c.tenants[random.IntN(len(c.tenants))], string(rune('a'+random.IntN(4)))
		r, err := deployer(t, p).Deploy(t.Context(), request(t, id, name, fmt.Sprint(n, random.Uint64())))
		var refused *api.Error
		c.mu.Lock()
		switch {
		case err == nil:
			c.acked = append(c.acked, r)
		case errors.Is(err, errDied):
			c.deaths++
			c.died <- struct{}{}
		case errors.As(err, &refused) && refused.Code == api.Conflict:
		default:
			t.Error(err)
		}
		c.mu.Unlock()
	}
}

// watch collects every bundle that executors see from now on.
func (c *crowd) watch(t *testing.T, p *publish.Publisher) (seen func() []kv.Entry) {
	t.Helper()
	var list []kv.Entry
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	t.Cleanup(stop)
	go func() {
		ended <- p.Bundles.Watch(ctx, []string{">"}, func() { close(ready) }, func(e kv.Entry) { list = append(list, e) })
	}()
	<-ready
	return func() []kv.Entry {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		return list
	}
}

// checkSeen wants every bundle that executors ever saw to be one that was committed, each higher than the one before.
func (c *crowd) checkSeen(t *testing.T, p *publish.Publisher, seen []kv.Entry) {
	t.Helper()
	last := map[string]uint64{}
	for _, e := range seen {
		b, err := bundle.Decode(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		v, err := p.Store.Version(t.Context(), b.Tenant, b.Version)
		if err != nil || deploytest.Text(t, v) != string(e.Value) {
			t.Errorf("executors saw %s, but version %d is %s, %v", e.Value, b.Version, deploytest.Text(t, v), err)
		}
		if b.Version <= last[e.Key] {
			t.Errorf("executors saw version %d of %s after %d", b.Version, e.Key, last[e.Key])
		}
		last[e.Key] = b.Version
	}
	if len(last) != len(c.tenants) {
		t.Errorf("bundles of %d tenants were seen", len(last))
	}
}

// check wants each version of a tenant to be the one before with one template changed, and every acknowledged deploy among them.
func (c *crowd) check(t *testing.T, p *publish.Publisher, id tenant.ID) {
	t.Helper()
	holds := map[string]string{}
	made := map[uint64]string{}
	head, err := p.Store.Head(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for n := uint64(1); n <= head.Bundle.Version; n++ {
		v, err := p.Store.Version(t.Context(), id, n)
		if err != nil {
			t.Fatal(err)
		}
		holds[v.Change.Template] = v.Change.Revision
		made[n] = v.Change.Template + v.Change.Revision
		checkBundle(t, deploytest.Text(t, v), n, holds)
	}
	for _, r := range c.acked {
		if r.Tenant == id && made[r.Version] != r.Template+r.Revision {
			t.Errorf("version %d of %s was acknowledged to %s, but it holds %s", r.Version, id, r.Template+r.Revision, made[r.Version])
		}
	}
	startups := c.Startups(t, id)
	if got := versions(startups); !slices.Equal(got, upTo(head.Bundle.Version)) {
		t.Errorf("announced are %v, the version is %d", got, head.Bundle.Version)
	}
	if seen := deploytest.Seen(t, p, id); seen != deploytest.Text(t, head) {
		t.Errorf("executors see %s, MongoDB has %s", seen, deploytest.Text(t, head))
	}
}
