package deploy

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/store"
)

// maxBundle is the largest record, in bytes, that is published.
const maxBundle = 512 << 10

// change makes the version that follows head, or refuses. It leaves head as it is, so that it can be applied to another one.
type change interface {
	apply(head store.Version) (store.Version, error)
}

// errUnchanged says that there is nothing to change.
var errUnchanged = errors.New("nothing to change")

// deployment gives a template content.
type deployment struct {
	request  api.DeployRequest
	declared api.InspectReply
	revision string
	id       string

	again bool // what it was applied to last has the same template already
}

func (c *deployment) apply(head store.Version) (store.Version, error) {
	at, found := find(head.Bundle.Templates, c.request.Template)
	var before []string
	if found {
		before = head.Bundle.Templates[at].Capabilities
	}
	if err := c.grant(before); err != nil {
		return store.Version{}, err
	}
	b := following(head.Bundle)
	tpl := bundle.Template{
		Name: c.request.Template, Revision: c.revision, Events: c.declared.Events, Capabilities: c.declared.Capabilities, Deployed: b.Updated,
	}
	c.again = found && same(tpl, b.Templates[at])
	if found {
		b.Templates[at] = tpl
	} else {
		b.Templates = slices.Insert(b.Templates, at, tpl)
	}
	if err := checkBundle(&b); err != nil {
		return store.Version{}, err
	}
	return store.Version{Bundle: b, Change: store.Change{
		ID: c.id, Kind: store.Deploy, Template: c.request.Template, Revision: c.revision, By: c.request.By,
	}}, nil
}

// pausing stops a template, if it is still the revision that is meant.
type pausing struct {
	request api.PauseRequest
	id      string
}

func (c pausing) apply(head store.Version) (store.Version, error) {
	at, found := find(head.Bundle.Templates, c.request.Template)
	if !found || head.Bundle.Templates[at].Revision != c.request.Revision || head.Bundle.Templates[at].Paused != "" {
		return store.Version{}, errUnchanged
	}
	b := following(head.Bundle)
	b.Templates[at].Paused = c.request.Reason
	if err := checkBundle(&b); err != nil {
		return store.Version{}, err
	}
	return store.Version{Bundle: b, Change: store.Change{ID: c.id, Kind: store.Pause, Template: c.request.Template, Revision: c.request.Revision}}, nil
}

// find is where a template is, or belongs, among those of a bundle.
func find(list []bundle.Template, name string) (at int, found bool) {
	return slices.BinarySearchFunc(list, name, func(t bundle.Template, name string) int { return strings.Compare(t.Name, name) })
}

// following is the next version of a bundle, with the same content. Its time is in whole milliseconds, as MongoDB keeps it: a rebuilt
// record is the same to the byte.
func following(b bundle.Bundle) bundle.Bundle {
	b.Templates = slices.Clone(b.Templates)
	b.Version++
	b.Updated = time.Now().UTC().Truncate(time.Millisecond)
	return b
}

func checkBundle(b *bundle.Bundle) error {
	if err := b.Check(); err != nil {
		return refuse(api.Invalid, "%v", err)
	}
	data, err := json.Marshal(b)
	if err != nil {
		return err
	}
	if len(data) > maxBundle {
		return refuse(api.Invalid, "the tenant's bundle would have %d bytes, at most %d are allowed; use fewer templates, or ones that declare less", len(data), maxBundle)
	}
	return nil
}

// grant refuses a template that asks for what is not granted: now, or to the same template before.
func (c *deployment) grant(before []string) error {
	if c.request.GrantAll {
		return nil
	}
	granted := slices.Concat(before, c.request.Grant)
	var missing []string
	for _, want := range c.declared.Capabilities {
		if !bundle.Grants(granted, want) {
			missing = append(missing, want)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	err := refuse(api.Denied, "the template asks for %s, which is not granted; grant it with --grant %s, or take it out of the template's capabilities",
		strings.Join(missing, ", "), strings.Join(missing, ","))
	err.Missing = missing
	return err
}
