// Package run is the record of one template handling one event under one bundle version: what happened, why, and what it used.
package run

import (
	"encoding/json"
	"fmt"
	"time"

	"antiraid/shared/effect"
	"antiraid/shared/tenant"
)

// Outcome is how a run ended. It is a token of the record's subject.
type Outcome string

const (
	OK          Outcome = "ok"
	Error       Outcome = "error"       // the script failed by itself
	Budget      Outcome = "budget"      // the script went over a budget other than time
	Timeout     Outcome = "timeout"     // the script went over its wall-clock budget
	Denied      Outcome = "denied"      // the script used a capability that was not granted
	Quarantined Outcome = "quarantined" // given up after it ended its process too often
	Paused      Outcome = "paused"      // the template is paused and did not run
)

// Record is what is kept of a run.
type Record struct {
	Run      string          `json:"run"` // event id and template: the same for a repeated run
	Event    string          `json:"event"`
	Type     string          `json:"type"`
	Seq      uint64          `json:"seq"`
	Tenant   tenant.ID       `json:"tenant"`
	Template string          `json:"template"`
	Revision string          `json:"revision"`
	Bundle   uint64          `json:"bundle"`
	Outcome  Outcome         `json:"outcome"`
	Failure  *Failure        `json:"failure,omitempty"`
	Usage    Usage           `json:"usage"`
	Effects  []effect.Effect `json:"effects,omitempty"` // asked for, in order
	Writes   []Write         `json:"writes,omitempty"`  // committed, in key order
	Log      []Line          `json:"log,omitempty"`
	Reply    json.RawMessage `json:"reply,omitempty"` // what the handler returned
	Started  time.Time       `json:"started"`
	Took     time.Duration   `json:"took_ns"`
	Attempt  int             `json:"attempt"` // from 1
	Executor string          `json:"executor"`
	Dry      bool            `json:"dry,omitempty"` // a replay: nothing was written or sent
}

// Noteworthy reports whether the run did something, failed, said or returned something: others are not recorded.
func (r *Record) Noteworthy() bool {
	return r.Outcome != OK || len(r.Effects)+len(r.Writes)+len(r.Log)+len(r.Reply) > 0
}

// Write is one change of script state. A nil Value deletes the key.
type Write struct {
	Scope string          `json:"scope"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Line is one line a script logged.
type Line struct {
	Level   string `json:"level"` // debug, info, warn, error
	Message string `json:"message"`
}

// Failure is a script's own fault, told to its author.
type Failure struct {
	Message   string `json:"message"`             // one sentence, without place
	File      string `json:"file,omitempty"`      // inside the template
	Line      int    `json:"line,omitempty"`      // from 1; 0: unknown
	Column    int    `json:"column,omitempty"`    // from 1; 0: unknown
	Source    string `json:"source,omitempty"`    // the source line
	Traceback string `json:"traceback,omitempty"` // Lua frames only
	Budget    string `json:"budget,omitempty"`    // the budget that was spent, a JSON name of [Limits]
	Limit     int64  `json:"limit,omitempty"`     // that budget's limit
	Denied    string `json:"denied,omitempty"`    // the capability that was missing
}

// Place is the file, line and column as far as they are known, such as init.lua:3:7; empty when they are not.
func (f *Failure) Place() string {
	switch {
	case f.File == "" || f.Line == 0:
		return f.File
	case f.Column == 0:
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
}

// String is the message behind its place.
func (f *Failure) String() string {
	if place := f.Place(); place != "" {
		return place + ": " + f.Message
	}
	return f.Message
}

// Outcome is how a run with this failure ended; OK for nil.
func (f *Failure) Outcome() Outcome {
	switch {
	case f == nil:
		return OK
	case f.Budget == "wall":
		return Timeout
	case f.Budget != "":
		return Budget
	case f.Denied != "":
		return Denied
	}
	return Error
}

// Limits are the budgets of one run. A zero field means the default.
type Limits struct {
	Instructions int64         `json:"instructions,omitempty" bson:"instructions,omitempty"` // Lua VM instructions, and work of library calls charged as such
	Wall         time.Duration `json:"wall,omitempty" bson:"wall,omitempty"`                 // wall clock, waiting for effects included
	Memory       int64         `json:"memory,omitempty" bson:"memory,omitempty"`             // bytes held at once
	KVOps        int64         `json:"kv_ops,omitempty" bson:"kv_ops,omitempty"`             // kv calls
	KVBytes      int64         `json:"kv_bytes,omitempty" bson:"kv_bytes,omitempty"`         // bytes written to kv
	ValueBytes   int64         `json:"value_bytes,omitempty" bson:"value_bytes,omitempty"`   // one value at a host door
	KeyBytes     int64         `json:"key_bytes,omitempty" bson:"key_bytes,omitempty"`       // one key at a host door
	Depth        int64         `json:"depth,omitempty" bson:"depth,omitempty"`               // nesting of a value at a host door
	Effects      int64         `json:"effects,omitempty" bson:"effects,omitempty"`           // effects asked for
	LogLines     int64         `json:"log_lines,omitempty" bson:"log_lines,omitempty"`
	LogBytes     int64         `json:"log_bytes,omitempty" bson:"log_bytes,omitempty"`
	Coroutines   int64         `json:"coroutines,omitempty" bson:"coroutines,omitempty"` // alive at once
}

// DefaultLimits are the budgets of a tenant that has none of its own.
func DefaultLimits() Limits {
	return Limits{
		Instructions: 5_000_000, Wall: 2 * time.Second, Memory: 32 << 20,
		KVOps: 256, KVBytes: 512 << 10, ValueBytes: 256 << 10, KeyBytes: 512, Depth: 20,
		Effects: 32, LogLines: 100, LogBytes: 32 << 10, Coroutines: 64,
	}
}

// Or fills the zero fields of l from d.
func (l Limits) Or(d Limits) Limits {
	pick := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	pick(&l.Instructions, d.Instructions)
	pick((*int64)(&l.Wall), int64(d.Wall))
	pick(&l.Memory, d.Memory)
	pick(&l.KVOps, d.KVOps)
	pick(&l.KVBytes, d.KVBytes)
	pick(&l.ValueBytes, d.ValueBytes)
	pick(&l.KeyBytes, d.KeyBytes)
	pick(&l.Depth, d.Depth)
	pick(&l.Effects, d.Effects)
	pick(&l.LogLines, d.LogLines)
	pick(&l.LogBytes, d.LogBytes)
	pick(&l.Coroutines, d.Coroutines)
	return l
}

// Usage is how much of each budget a run used.
type Usage struct {
	Instructions int64         `json:"instructions"`
	Wall         time.Duration `json:"wall_ns"`
	Memory       int64         `json:"memory"` // bytes: the most that was held when it was weighed; of a run too small to be weighed, all that it asked for
	KVOps        int64         `json:"kv_ops,omitempty"`
	KVBytes      int64         `json:"kv_bytes,omitempty"`
	Effects      int64         `json:"effects,omitempty"`
	LogLines     int64         `json:"log_lines,omitempty"`
	LogBytes     int64         `json:"log_bytes,omitempty"`
	Coroutines   int64         `json:"coroutines,omitempty"` // not ended, the most at once
}
