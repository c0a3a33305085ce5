// Package bundle is what a tenant has now: which revisions of which templates, with which rights and limits, in one versioned record.
//
// The record is written by one compare-and-set, so a reader sees one version or the next, never a part of either.
package bundle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Schema is the version of the record's form. A reader refuses a record of a higher one.
const Schema = 1

// MaxTemplates is how many templates a tenant may have.
const MaxTemplates = 64

// Announcement is the template name of run records that say that a bundle version is in force. No template can have it.
const Announcement = "_bundle"

// Status says whether a tenant's templates run at all.
type Status string

const (
	Active    Status = "active"
	Suspended Status = "suspended" // nothing runs; data stays
	Deleted   Status = "deleted"   // nothing runs; data goes
)

// Bundle is one version of what a tenant has.
type Bundle struct {
	Schema    int        `json:"schema"`
	Tenant    tenant.ID  `json:"tenant"`
	Version   uint64     `json:"version"` // grows by at least 1 with each change, for ever
	Status    Status     `json:"status"`
	Templates []Template `json:"templates"` // by name: the order in which they run
	Limits    run.Limits `json:"limits,omitzero"`
	// PauseAfter is how many failing runs in a row pause a template; 0: the default, below 0: never.
	PauseAfter int       `json:"pause_after,omitempty"`
	Updated    time.Time `json:"updated"`
}

// Template is one template of a bundle.
type Template struct {
	Name         string    `json:"name" bson:"name"`
	Revision     string    `json:"revision" bson:"revision"`                 // key in blobs
	Events       []string  `json:"events" bson:"events"`                     // event types it handles, sorted
	Capabilities []string  `json:"capabilities" bson:"capabilities"`         // granted, sorted
	Paused       string    `json:"paused,omitempty" bson:"paused,omitempty"` // why it does not run; empty: it runs
	Deployed     time.Time `json:"deployed" bson:"deployed"`
}

// Handles reports whether the template handles events of that type.
func (t *Template) Handles(typ string) bool {
	_, found := slices.BinarySearch(t.Events, typ)
	return found
}

// Check refuses a bundle that must not be published or run.
func (b *Bundle) Check() error {
	switch {
	case b.Schema != Schema:
		return fmt.Errorf("check bundle of %s: schema %d is not known, this program knows %d; update it", b.Tenant, b.Schema, Schema)
	case b.Tenant.IsZero():
		return fmt.Errorf("check bundle: it names no tenant")
	case b.Version == 0:
		return fmt.Errorf("check bundle of %s: version 0", b.Tenant)
	case b.Status != Active && b.Status != Suspended && b.Status != Deleted:
		return fmt.Errorf("check bundle of %s: status %q is not known", b.Tenant, b.Status)
	case len(b.Templates) > MaxTemplates:
		return fmt.Errorf("check bundle of %s: %d templates, at most %d are allowed", b.Tenant, len(b.Templates), MaxTemplates)
	}
	for i := range b.Templates {
		if err := b.Templates[i].check(); err != nil {
			return fmt.Errorf("check bundle of %s: %w", b.Tenant, err)
		}
		if i > 0 && b.Templates[i-1].Name >= b.Templates[i].Name {
			return fmt.Errorf("check bundle of %s: templates are not in order of their names at %q", b.Tenant, b.Templates[i].Name)
		}
	}
	return nil
}

func (t *Template) check() error {
	if err := subject.CheckTemplate(t.Name); err != nil {
		return err
	}
	if !slices.IsSorted(t.Events) {
		return fmt.Errorf("template %s: events are not sorted", t.Name)
	}
	for _, typ := range t.Events {
		if err := subject.CheckType(typ); err != nil {
			return fmt.Errorf("template %s: %w", t.Name, err)
		}
	}
	for _, c := range t.Capabilities {
		if err := CheckCapability(c); err != nil {
			return fmt.Errorf("template %s: %w", t.Name, err)
		}
	}
	return nil
}

// Decode reads a stored bundle and checks it.
func Decode(data []byte) (*Bundle, error) {
	var b Bundle
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("decode bundle: %w", err)
	}
	return &b, b.Check()
}

// CheckCapability refuses what is no capability: `<module>:<operation>` or `<module>:*`, in a–z, 0–9 and _.
func CheckCapability(c string) error {
	module, op, ok := strings.Cut(c, ":")
	word := func(s string) bool {
		return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
			return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
		})
	}
	if !ok || !word(module) || op != "*" && !word(op) {
		return fmt.Errorf("check capability %.80q: want <module>:<operation> or <module>:*, such as discord:create_message or kv:*", c)
	}
	return nil
}

// Grants reports whether the granted capabilities include the wanted one (which names one operation).
func Grants(granted []string, want string) bool {
	module, _, _ := strings.Cut(want, ":")
	return slices.Contains(granted, want) || slices.Contains(granted, module+":*")
}
