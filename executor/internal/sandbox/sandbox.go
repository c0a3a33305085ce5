// Package sandbox runs template code, which strangers wrote, under budgets. It is the only place with gopher-lua.
//
// A [Program] is a compiled revision: immutable, shared by all tenants that have the same content. A [VM] is a machine that has loaded it;
// it belongs to one tenant and one revision of one template, and is for one goroutine. Each run sees the template as if it had just been
// loaded. What a run may use is in [run.Limits]; going over a budget ends it, whatever the script does. A run never panics.
package sandbox

import (
	"encoding/json"
	"errors"
	"time"

	"antiraid/executor/internal/sandbox/doors"
	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/shared/event"
	"antiraid/shared/run"
)

// ErrPayload says that an event's payload is no JSON object, so that no template can handle it.
var ErrPayload = errors.New("the payload is not a JSON object")

// ErrPanic says that the machine itself broke down during a run. The same run will break it again.
var ErrPanic = stdlib.ErrPanic

// ErrLarge says that a small run needs more memory than a small run may have.
var ErrLarge = meter.ErrLarge

// Small is what a small run may hold, in bytes.
const Small = meter.Small

// Declaration is what a template's table declares.
type Declaration struct {
	Events       []string // event types with a handler, sorted
	Capabilities []string // asked for, sorted
}

// Input is one run.
type Input struct {
	Event    event.Event
	Bundle   uint64
	Template string
	Limits   run.Limits // without zero fields
	Granted  []string   // capabilities
	Host     Host
	// Small ends the run with [ErrLarge] before it holds more than the constant Small. It changes nothing for a run that does not come to that,
	// so a process can let many run at once, and one that is large again when it has set its memory aside.
	Small bool
	// Looked is told now and then what the run has used and how much is left of its wall clock: for what it was made to wait for others does
	// not count, so it may be over later than its limit says. It may be nil.
	Looked func(used run.Usage, left time.Duration)
}

// Result is what became of a run.
type Result struct {
	Failure *run.Failure    // the script's fault
	Err     error           // the host's fault, or ours: [ErrPayload], [ErrPanic], [ErrLarge], the context's cause, or what the Host returned
	Reply   json.RawMessage // what the handler returned; nil when nothing
	Usage   run.Usage
	Log     []run.Line
}

// Host is what a run may ask of the world.
type Host = doors.Host
