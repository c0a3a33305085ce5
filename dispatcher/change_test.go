package dispatcher_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// history is a tenant whose versions a test makes.
type history struct {
	deploytest.Surroundings
	tenant    tenant.ID
	revisions map[string]string // text of a template → its revision
	seen      func() bundle.Bundle
}

func newHistory(t *testing.T) *history {
	s, g := deploytest.Start(t), guild(t, 7)
	start(t, s)
	p := s.Publisher(t, nil)
	return &history{s, g, map[string]string{}, func() bundle.Bundle {
		b, err := bundle.Decode([]byte(deploytest.Seen(t, p, g)))
		if err != nil {
			t.Fatal(err)
		}
		return *b
	}}
}

func (h *history) deploy(t *testing.T, template, text string) {
	t.Helper()
	r := call[api.DeployReply](t, h.Surroundings, subject.CallDeploy, request(t, h.tenant, template, text))
	if r.Error != nil {
		t.Fatal(r.Error)
	}
	h.revisions[r.Revision] = text
}

func (h *history) pause(t *testing.T, template, text string) {
	t.Helper()
	for revision, of := range h.revisions {
		if of == text {
			if r := call[api.PauseReply](t, h.Surroundings, subject.CallPause, api.PauseRequest{Tenant: h.tenant, Template: template, Revision: revision, Reason: "it failed"}); r.Error != nil {
				t.Fatal(r.Error)
			}
		}
	}
}

// wants checks what executors see, such as "3: a=one b=two(paused)".
func (h *history) wants(t *testing.T, want string) {
	t.Helper()
	b := h.seen()
	got := fmt.Sprint(b.Version, ":")
	for _, tpl := range b.Templates {
		got += " " + tpl.Name + "=" + h.revisions[tpl.Revision]
		if tpl.Paused != "" {
			got += "(paused)"
		}
	}
	if got != want {
		t.Errorf("executors see %s, want %s", got, want)
	}
}

// change is what a call did: "" or the refusal.
func (h *history) change(t *testing.T, subj string, req any) string {
	t.Helper()
	r := call[api.ChangeReply](t, h.Surroundings, subj, req)
	if r.Error != nil {
		return string(r.Error.Code) + ": " + r.Error.Message
	}
	if b := h.seen(); r.Version != b.Version || len(r.Templates) != len(b.Templates) || r.Startup == 0 {
		t.Errorf("%+v: replied %+v, executors see %+v", req, r, b)
	}
	return ""
}

func TestARemovedTemplateIsGoneAndComesBackByARollback(t *testing.T) {
	h := newHistory(t)
	h.deploy(t, "a", "one")
	h.deploy(t, "b", "two")
	remove := func(name string) string {
		return h.change(t, subject.CallRemove, api.RemoveRequest{Tenant: h.tenant, Template: name})
	}
	if got := remove("c"); got != `not_found: remove "c" from g-7: the tenant has no such template; it has a, b` {
		t.Errorf("a template that is not there: %s", got)
	}
	for _, bad := range []api.RemoveRequest{{}, {Tenant: h.tenant}, {Template: "a"}} {
		if r := call[api.ChangeReply](t, h.Surroundings, subject.CallRemove, bad); r.Error == nil || r.Error.Code != api.Invalid {
			t.Errorf("%+v: %+v", bad, r)
		}
	}
	h.wants(t, "2: a=one b=two")
	if got := remove("a") + remove("b"); got != "" {
		t.Error(got)
	}
	h.wants(t, "4:")
	if got := remove("b"); !strings.HasSuffix(got, "it has none") {
		t.Errorf("nothing is left: %s", got)
	}
	if got := h.change(t, subject.CallRollback, api.RollbackRequest{Tenant: h.tenant, To: 2}); got != "" {
		t.Error(got)
	}
	h.wants(t, "5: a=one b=two")
	if got := versions(h.Startups(t, h.tenant)); !slices.Equal(got, []uint64{1, 2, 3, 4, 5}) {
		t.Errorf("announced are %v", got)
	}
}

func TestARollbackBringsBackWhatWasThereBefore(t *testing.T) {
	h := newHistory(t)
	back := func(to uint64) string {
		return h.change(t, subject.CallRollback, api.RollbackRequest{Tenant: h.tenant, To: to})
	}
	if got := back(0); !strings.HasPrefix(got, "not_found: ") {
		t.Errorf("a tenant without a past: %s", got)
	}
	h.deploy(t, "a", "good")
	if got := back(0); got != "not_found: roll g-7 back: no version before 1 has other templates; to have none, remove them" {
		t.Errorf("a tenant with one version: %s", got)
	}
	h.deploy(t, "other", "fails")
	h.pause(t, "other", "fails")
	h.deploy(t, "a", "bad")
	h.deploy(t, "a", "bad")
	h.pause(t, "a", "bad")
	limits := api.LimitsRequest{Tenant: h.tenant, Set: map[string]int64{"effects": 5}}
	if r := call[api.LimitsReply](t, h.Surroundings, subject.CallLimits, limits); r.Error != nil {
		t.Fatal(r.Error)
	}
	h.wants(t, "7: a=bad(paused) other=fails(paused)")
	for _, step := range []struct {
		to      uint64
		refused string
		want    string
	}{
		{0, "", "8: a=good other=fails(paused)"}, // the versions between had no other templates
		{0, "", "9: a=bad other=fails(paused)"},  // back again
		{1, "", "10: a=good"},
		{2, "", "11: a=good other=fails"}, // it was not there, so it is not paused
		{2, "invalid: roll g-7 back: version 11 has the templates of version 2", "11: a=good other=fails"},
		{12, "not_found: roll g-7 back: there is no version 12 to go back to; the tenant has version 11 now", "11: a=good other=fails"},
	} {
		if got := back(step.to); !strings.HasPrefix(got, step.refused) || (got == "") != (step.refused == "") {
			t.Errorf("back to %d: %q, want %q", step.to, got, step.refused)
		}
		h.wants(t, step.want)
	}
	if b := h.seen(); b.Limits.Effects != 5 {
		t.Errorf("the limits went back as well: %+v", b.Limits)
	}
}

func TestARollbackBringsBackBlobsThatWereLost(t *testing.T) {
	h := newHistory(t)
	h.deploy(t, "a", "good")
	revision := h.seen().Templates[0].Revision
	h.deploy(t, "a", "bad")
	blobs := deploytest.Bucket(t, h.Bus, subject.Blobs)
	stored, err := blobs.Get(t.Context(), revision)
	if err == nil {
		err = blobs.Delete(t.Context(), revision, stored.Revision)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := h.change(t, subject.CallRollback, api.RollbackRequest{Tenant: h.tenant}); got != "" {
		t.Fatal(got)
	}
	h.wants(t, "3: a=good")
	if e, err := blobs.Get(t.Context(), revision); err != nil || len(e.Value) == 0 {
		t.Errorf("executors do not find its content: %v", err)
	}
}
