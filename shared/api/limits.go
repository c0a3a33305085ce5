package api

import (
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// LimitsRequest asks what a tenant's runs may use, after changing it.
type LimitsRequest struct {
	Tenant tenant.ID `json:"tenant"`
	// Set gives budgets another limit, by their names in [run.Limits] (wall in nanoseconds), and pause_after another number; 0: the default.
	Set map[string]int64 `json:"set,omitempty"`
	By  string           `json:"by,omitempty"` // who asks, for the history
}

// LimitsReply is what is set. Executors learn of a new version in a moment; it is not announced in the tenant's lane.
type LimitsReply struct {
	Version    uint64     `json:"version"`               // of the tenant's bundle; 0: it has none
	Limits     run.Limits `json:"limits"`                // zero fields: the default
	PauseAfter int        `json:"pause_after,omitempty"` // see bundle.Bundle
	Error      *Error     `json:"error,omitempty"`
}
