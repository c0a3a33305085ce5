package api

import (
	"antiraid/shared/bundle"
	"antiraid/shared/tenant"
)

// DeployRequest asks for a template of a tenant to have this content from now on. Other templates of the tenant stay as they are.
//
// What the template asks for must be granted: by Grant, by GrantAll, or by an earlier deploy of the same template to the same tenant.
type DeployRequest struct {
	Tenant   tenant.ID       `json:"tenant"`
	Template string          `json:"template"` // see subject.CheckTemplate
	Files    bundle.Revision `json:"files"`
	Grant    []string        `json:"grant,omitempty"`     // capabilities, such as kv:* or discord:create_message
	GrantAll bool            `json:"grant_all,omitempty"` // grant whatever the template asks for
	By       string          `json:"by,omitempty"`        // who asks, for the history
}

// DeployReply is the bundle version that holds the deploy. It is in force, for every event behind the STARTUP event.
type DeployReply struct {
	Tenant       tenant.ID `json:"tenant"`
	Template     string    `json:"template"`
	Version      uint64    `json:"version"`             // of the tenant's bundle
	Revision     string    `json:"revision"`            // SHA-256 of the content
	Events       []string  `json:"events"`              // event types it handles, sorted
	Capabilities []string  `json:"capabilities"`        // granted, sorted
	Startup      uint64    `json:"startup"`             // place of the STARTUP event in the stream EVENTS
	Unchanged    bool      `json:"unchanged,omitempty"` // the template had this content and these rights already
	Warnings     []string  `json:"warnings,omitempty"`  // what the author may not have meant, a sentence each
	Error        *Error    `json:"error,omitempty"`
}
