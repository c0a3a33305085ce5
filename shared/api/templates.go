package api

import (
	"antiraid/shared/bundle"
	"antiraid/shared/tenant"
)

// TemplatesRequest asks what one tenant has, or what all tenants have, page by page.
type TemplatesRequest struct {
	Tenant   tenant.ID `json:"tenant,omitzero"`    // zero: all tenants
	Template string    `json:"template,omitempty"` // only the template of that name; needs Tenant
	After    tenant.ID `json:"after,omitzero"`     // of all tenants, those behind this one: Next of the page before
}

// TemplatesReply is one page of bundles, by the tenant's spelling.
type TemplatesReply struct {
	Bundles []bundle.Bundle `json:"bundles"`
	Next    tenant.ID       `json:"next,omitzero"` // zero: the last page
	Error   *Error          `json:"error,omitempty"`
}
