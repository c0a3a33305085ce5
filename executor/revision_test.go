package executor_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// store keeps content as a revision, whatever it is, and returns its key.
func (s *system) store(content []byte) string {
	s.Helper()
	sum := sha256.Sum256(content)
	key := hex.EncodeToString(sum[:])
	if _, err := s.blobs.Put(s.Context(), key, content); err != nil {
		s.Fatal(err)
	}
	return key
}

// has makes revisions the tenant's only templates, by name in order.
func (s *system) has(id tenant.ID, templates ...bundle.Template) {
	s.Helper()
	for i := range templates {
		templates[i].Events, templates[i].Capabilities = []string{"X"}, []string{"kv:*"}
	}
	s.change(id, func(b *bundle.Bundle) { b.Templates = templates })
}

// A revision can be stored that this program takes for too large, or for no revision: another version of the dispatcher stored it.
func TestAStoredRevisionThatCannotBeUsedFailsByItself(t *testing.T) {
	s := newSystem(t)
	id := guild(t, 7)
	large, _, err := bundle.Revision{bundle.Entry: strings.Repeat("-", bundle.MaxFileBytes+1)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	s.has(id,
		bundle.Template{Name: "a-large", Revision: s.store(large)},
		bundle.Template{Name: "b-text", Revision: s.store([]byte(`return {}`))},
		bundle.Template{Name: "c-empty", Revision: s.store([]byte(`null`))},
		bundle.Template{Name: "good", Revision: s.store([]byte(`{"init.lua":"return { events = { X = function(ctx, event) return event.n end } }"}`))},
	)
	s.executor("one")
	for n := range 2 { // the second time from the cache
		s.publish(id, "X", fmt.Sprint("x", n), fmt.Sprintf(`{"n":%d}`, n))
		for _, want := range []struct{ template, says string }{
			{"a-large", "262144 are allowed"}, {"b-text", "decode revision"}, {"c-empty", "no init.lua"},
		} {
			r := s.record()
			if r.Template != want.template || r.Outcome != run.Error || r.Attempt != 1 || !strings.Contains(r.Failure.Message, want.says) {
				t.Errorf("got %s: %s, attempt %d, %+v; want %s to fail with %q", r.Template, r.Outcome, r.Attempt, r.Failure, want.template, want.says)
			}
		}
		if r := s.record(); r.Template != "good" || r.Outcome != run.OK || string(r.Reply) != fmt.Sprint(n) {
			t.Errorf("the template behind them: %s %s, %s, %+v", r.Template, r.Outcome, r.Reply, r.Failure)
		}
	}
}

// What is missing or damaged is the store's fault, not the author's: the event waits until it is made good.
func TestAnEventWaitsForARevisionThatIsMissingOrDamaged(t *testing.T) {
	content := []byte(`{"init.lua":"return { events = { X = function(ctx, event) return 7 end } }"}`)
	sum := sha256.Sum256(content)
	key := hex.EncodeToString(sum[:])
	for name, before := range map[string][]byte{"missing": nil, "damaged": content[1:]} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t)
			id := guild(t, 7)
			if before != nil {
				if _, err := s.blobs.Put(t.Context(), key, before); err != nil {
					t.Fatal(err)
				}
			}
			s.has(id, bundle.Template{Name: "t", Revision: key})
			s.executor("one")
			<-s.records // that the bundle is in force
			s.publish(id, "X", "x", `{}`)
			select {
			case r := <-s.records:
				t.Fatalf("%s ran without its revision: %s %+v", r.Template, r.Outcome, r.Failure)
			case <-time.After(300 * time.Millisecond):
			}
			s.store(content)
			if r := s.record(); r.Outcome != run.OK || string(r.Reply) != "7" {
				t.Errorf("got %s, %s, %+v", r.Outcome, r.Reply, r.Failure)
			}
		})
	}
}
