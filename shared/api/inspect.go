package api

import (
	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// InspectRequest asks an executor what a template declares: its top level is loaded in the sandbox, without any host door.
type InspectRequest struct {
	Template string          `json:"template"` // its name, for messages
	Files    bundle.Revision `json:"files"`
	Limits   run.Limits      `json:"limits,omitzero"` // the tenant's; zero fields, and callers of before there was this: the default
}

// InspectReply is what the template's table declares, or why it could not be loaded.
type InspectReply struct {
	Events       []string     `json:"events,omitempty"`       // event types it handles
	Capabilities []string     `json:"capabilities,omitempty"` // asked for
	Failure      *run.Failure `json:"failure,omitempty"`      // the template's own fault; then nothing else is set
}
