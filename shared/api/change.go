package api

import (
	"antiraid/shared/bundle"
	"antiraid/shared/tenant"
)

// RemoveRequest asks that a tenant does not have a template any more. Its revisions, and what it has stored, stay.
type RemoveRequest struct {
	Tenant   tenant.ID `json:"tenant"`
	Template string    `json:"template"`
	By       string    `json:"by,omitempty"` // who asks, for the history
}

// RollbackRequest asks for the templates of an older version, with what was granted to them then. Limits stay as they are, and so does the
// pause of a template whose revision does.
type RollbackRequest struct {
	Tenant tenant.ID `json:"tenant"`
	To     uint64    `json:"to,omitempty"` // the older version; 0: the last one with other templates than now
	By     string    `json:"by,omitempty"`
}

// ChangeReply is the bundle version that holds the change. It is in force, for every event behind the STARTUP event.
type ChangeReply struct {
	Tenant    tenant.ID         `json:"tenant"`
	Version   uint64            `json:"version"`
	From      uint64            `json:"from,omitempty"` // of a rollback: the version whose templates these are
	Templates []bundle.Template `json:"templates"`
	Startup   uint64            `json:"startup"` // place of the STARTUP event in the stream EVENTS
	Error     *Error            `json:"error,omitempty"`
}
