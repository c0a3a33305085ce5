package api

import (
	"time"

	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// ReplayRequest asks an executor to run kept events of a tenant again, dry: effects are recorded and not sent, writes are seen by the
// events behind and then forgotten. State reads as it is now.
type ReplayRequest struct {
	Tenant   tenant.ID `json:"tenant"`
	Since    time.Time `json:"since"`              // events stored from then on
	Type     string    `json:"type,omitempty"`     // only events of that type
	Template string    `json:"template,omitempty"` // only that template
	Inbox    string    `json:"inbox"`              // where each [ReplayFrame] is sent
}

// ReplayFrame is one step of a replay. The last one has End set, or Error.
type ReplayFrame struct {
	Record *run.Record `json:"record,omitempty"`
	Time   time.Time   `json:"time,omitzero"` // of the record's event; zero: an executor that does not say
	End    *ReplayEnd  `json:"end,omitempty"`
	Error  string      `json:"error,omitempty"` // why the replay stopped
}

// ReplayEnd says how much was replayed.
type ReplayEnd struct {
	Events  int    `json:"events"`  // kept events of the tenant in the range
	Runs    int    `json:"runs"`    // runs they caused
	Version uint64 `json:"version"` // of the bundle they ran with
}

// ReplayReply says that the replay has begun, or why not.
type ReplayReply struct {
	Error *Error `json:"error,omitempty"`
}
