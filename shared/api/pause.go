package api

import "antiraid/shared/tenant"

// PauseRequest asks that a template does not run until it is deployed again. Nothing happens when its revision is not the one named.
type PauseRequest struct {
	Tenant   tenant.ID `json:"tenant"`
	Template string    `json:"template"`
	Revision string    `json:"revision"`
	Reason   string    `json:"reason"` // for the owner
}

// PauseReply says that the template is paused, or is not what it was.
type PauseReply struct {
	Error *Error `json:"error,omitempty"`
}
