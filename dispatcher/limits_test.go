package dispatcher_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"antiraid/dispatcher/internal/deploy"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
)

func TestLimitsOfATenantAreChangedOneByOne(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	start(t, s)
	p := s.Publisher(t, nil)
	if r := call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, "a", "1")); r.Error != nil {
		t.Fatal(r.Error)
	}
	for _, tc := range []struct {
		set     map[string]int64
		code    api.Code
		version uint64
		limits  run.Limits
		pause   int
	}{
		{nil, "", 1, run.Limits{}, 0},
		{map[string]int64{"instructions": 5000, "pause_after": -1}, "", 2, run.Limits{Instructions: 5000}, -1},
		{map[string]int64{"instructions": 5000}, "", 2, run.Limits{Instructions: 5000}, -1},
		{map[string]int64{"wall": int64(time.Second)}, "", 3, run.Limits{Instructions: 5000, Wall: time.Second}, -1},
		{map[string]int64{"wall": int64(time.Hour)}, api.Invalid, 3, run.Limits{}, 0},
		{map[string]int64{"memory": 1 << 20, "speed": 1}, api.Invalid, 3, run.Limits{}, 0},
		{map[string]int64{"pause_after": -2}, api.Invalid, 3, run.Limits{}, 0},
		{map[string]int64{"instructions": 0, "pause_after": 0}, "", 4, run.Limits{Wall: time.Second}, 0},
	} {
		r := call[api.LimitsReply](t, s, subject.CallLimits, api.LimitsRequest{Tenant: g, Set: tc.set})
		b, err := bundle.Decode([]byte(deploytest.Seen(t, p, g)))
		if err != nil {
			t.Fatal(err)
		}
		if b.Version != tc.version {
			t.Errorf("%v: executors see version %d, want %d", tc.set, b.Version, tc.version)
		}
		if tc.code != "" {
			if r.Error == nil || r.Error.Code != tc.code {
				t.Errorf("%v: %+v, want it refused", tc.set, r)
			}
			continue
		}
		if r.Error != nil || r.Version != tc.version || r.Limits != tc.limits || r.PauseAfter != tc.pause || b.Limits != tc.limits || b.PauseAfter != tc.pause || len(b.Templates) != 1 {
			t.Errorf("%v: %+v, executors see %+v; want version %d with %+v", tc.set, r, b, tc.version, tc.limits)
		}
	}
	if r := call[api.LimitsReply](t, s, subject.CallLimits, api.LimitsRequest{}); r.Error == nil || r.Error.Code != api.Invalid {
		t.Errorf("without a tenant: %+v", r)
	}
}

// listener passes calls on and keeps what executors were asked to look at.
type listener struct {
	to    deploy.Caller
	asked []api.InspectRequest
}

func (l *listener) Call(ctx context.Context, subj string, request, reply any) error {
	l.asked = append(l.asked, request.(api.InspectRequest))
	return l.to.Call(ctx, subj, request, reply)
}

func TestATemplateIsInspectedWithinTheLimitsOfItsTenant(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	l := &listener{to: s.Bus}
	d := deploy.New(deploy.Config{Inspect: 20 * time.Second}, s.Publisher(t, nil), l, storetest.Log(t))
	for i, tc := range []struct {
		set  map[string]int64
		want run.Limits
	}{
		{nil, run.Limits{}}, // it has no bundle
		{map[string]int64{"instructions": 40_000_000, "wall": int64(time.Second)}, run.Limits{Instructions: 40_000_000, Wall: time.Second}},
		{map[string]int64{"instructions": 0, "wall": int64(time.Minute)}, run.Limits{Wall: 3600 * time.Millisecond}}, // an executor has 20 s to answer
		{map[string]int64{"memory": 2 << 20, "wall": 0}, run.Limits{Memory: 2 << 20}},
	} {
		if tc.set != nil {
			if _, err := d.Limits(t.Context(), api.LimitsRequest{Tenant: g, Set: tc.set}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Deploy(t.Context(), request(t, g, "a", fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		if got := l.asked[len(l.asked)-1].Limits; got != tc.want.Or(run.DefaultLimits()) || len(l.asked) != i+1 {
			t.Errorf("after %v: inspected %d times, with %+v; want %+v", tc.set, len(l.asked), got, tc.want)
		}
	}
}
