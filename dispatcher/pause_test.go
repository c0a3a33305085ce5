package dispatcher_test

import (
	"slices"
	"testing"

	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/subject"
)

func TestAPausedTemplateStaysPausedUntilItIsDeployedAgain(t *testing.T) {
	s, g := deploytest.Start(t), guild(t, 7)
	start(t, s)
	p := s.Publisher(t, nil)
	deployTwo := func() (revision string) {
		t.Helper()
		for _, name := range []string{"a", "b"} {
			r := call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, name, "1"))
			if r.Error != nil {
				t.Fatal(r.Error)
			}
			revision = r.Revision
		}
		return revision
	}
	seen := func() (version uint64, paused []string) {
		t.Helper()
		b, err := bundle.Decode([]byte(deploytest.Seen(t, p, g)))
		if err != nil {
			t.Fatal(err)
		}
		for _, tpl := range b.Templates {
			paused = append(paused, tpl.Paused)
		}
		return b.Version, paused
	}
	revision := deployTwo()
	for _, tc := range []struct {
		change  api.PauseRequest
		code    api.Code
		version uint64
		paused  string
	}{
		{api.PauseRequest{Tenant: g, Template: "b", Revision: "another", Reason: "it failed"}, "", 2, ""},
		{api.PauseRequest{Tenant: g, Template: "c", Revision: revision, Reason: "it failed"}, "", 2, ""},
		{api.PauseRequest{Tenant: guild(t, 8), Template: "b", Revision: revision, Reason: "it failed"}, "", 2, ""},
		{api.PauseRequest{Tenant: g, Template: "b", Revision: revision}, api.Invalid, 2, ""},
		{api.PauseRequest{Tenant: g, Template: "b", Revision: revision, Reason: "it failed"}, "", 3, "it failed"},
		{api.PauseRequest{Tenant: g, Template: "b", Revision: revision, Reason: "again"}, "", 3, "it failed"},
	} {
		r := call[api.PauseReply](t, s, subject.CallPause, tc.change)
		if (r.Error == nil) != (tc.code == "") || r.Error != nil && r.Error.Code != tc.code {
			t.Errorf("%+v: %v", tc.change, r.Error)
		}
		if version, paused := seen(); version != tc.version || !slices.Equal(paused, []string{"", tc.paused}) {
			t.Errorf("%+v: version %d, paused %q", tc.change, version, paused)
		}
	}
	deployTwo()
	if version, paused := seen(); version != 5 || !slices.Equal(paused, []string{"", ""}) {
		t.Errorf("after another deploy: version %d, paused %q", version, paused)
	}
	if got := versions(s.Startups(t, g)); !slices.Equal(got, []uint64{1, 2, 4, 5}) {
		t.Errorf("announced are %v: a pause is no deploy", got)
	}
}
